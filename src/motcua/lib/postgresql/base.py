"""The database as Django speaks with it, but for how a connection that lay idle is looked at before it is used again."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Its connections lie idle between two requests."""

    def is_usable(self) -> bool:
        """Whether the connection still stands: asked of the system, and of the server only if that has something to say.

        A server that ends says so, and one that is killed closes the line: either can be read. Django itself sends
        `SELECT 1` with every request.
        """
        return (self.connection is not None and lies_idle(self.connection)) or super().is_usable()


def lies_idle(connection: Any) -> bool:
    """Whether an open connection is in no transaction, and nothing has come on its line, not even the end of it."""
    if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    asked = poll()
    asked.register(connection.fileno(), POLLIN)
    return not asked.poll(0)
