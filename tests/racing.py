"""Two at once, made certain: the first holds what the second needs, until the second waits for it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections, transaction

# Those who wait for a lock of any kind, but for who asks.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"


@contextmanager
def meanwhile(*deeds):
    """While the block's transaction is open each deed runs in a thread of its own, until all of them wait for it or are over.

    Then the transaction is committed and they go on; what one of them raises is raised here.
    """
    with ThreadPoolExecutor(len(deeds)) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            yield
            going, waiting = [pool.submit(apart, deed) for deed in deeds], 0
            while waiting < sum(not one.done() for one in going):
                cursor.execute(WAITING)
                (waiting,) = cursor.fetchone()
        for one in going:
            one.result()


def apart(deed):
    try:
        return deed()
    finally:
        connections.close_all()
