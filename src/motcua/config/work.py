"""The worker: jobs from the database, the sealing of the journal, and its followers."""

import asyncio
import logging
import signal
import threading

from django.conf import settings
from django.db import close_old_connections
from procrastinate.contrib.django import app

from motcua.journal import followers, sealing
from motcua.lib.keys import FileKey

PAUSE = 0.25
LOG = logging.getLogger(__name__)


def run() -> None:
    """Work until SIGTERM."""
    stop = threading.Event()
    sealer = threading.Thread(target=keep_journal, args=(stop,), name="sealer")
    sealer.start()
    try:
        asyncio.run(jobs())
    finally:
        stop.set()
        sealer.join()


async def jobs() -> None:
    """Run jobs as they come, several at once, until told to stop."""
    loop = asyncio.get_running_loop()
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        work = asyncio.ensure_future(
            worker_app.run_worker_async(
                concurrency=4,
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
            )
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            return


def keep_journal(stop: threading.Event) -> None:
    """Seal what is ready and tell the followers; a fault is written down and tried again."""
    key = FileKey.load(settings.KEYS / "node.pem")
    while not stop.is_set():
        try:
            while sealing.seal(key, origin=settings.NODE.name):
                followers.advance_all()
        except Exception:
            LOG.exception("The journal could not be sealed; trying again.")
            close_old_connections()
            stop.wait(2)
        stop.wait(PAUSE)
