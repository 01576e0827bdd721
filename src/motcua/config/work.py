"""The worker: jobs from the database, the sealing of the journal, and its followers."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from procrastinate import App, JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.worker import Worker

from motcua.journal import followers, sealing
from motcua.lib.keys import FileKey
from motcua.lib.queues import PATIENT

PAUSE = 0.25

# A node has one worker: what is marked as being done when it starts was left by one that died. Of several that
# may wait only once, one is done again.
AGAIN = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, worker_id = NULL WHERE id IN (
    SELECT DISTINCT ON (coalesce(j.queueing_lock, j.id::text)) j.id FROM procrastinate_jobs j
    WHERE j.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs w WHERE w.status = 'todo' AND w.queueing_lock = j.queueing_lock)
    ORDER BY coalesce(j.queueing_lock, j.id::text), j.id)
"""
FORGET = "DELETE FROM procrastinate_jobs WHERE status = 'doing'"

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
        await take_up(worker_app)
        soon = sorted({task.queue for task in worker_app.tasks.values()} - {PATIENT})
        told = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        # One that ends by itself, for its connection broke, takes the other with it: half a worker would look like a whole one.
        hands = [at_work(worker_app, soon, 4), at_work(worker_app, [PATIENT], 1), told.wait()]
        work = [asyncio.ensure_future(one) for one in hands]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass
        finally:
            for one in work:
                one.cancel()
            await asyncio.gather(*work, return_exceptions=True)


async def at_work(worker_app: App, queues: Sequence[str], several: int) -> None:
    """Run the jobs of these queues, several at once."""
    await worker_app.run_worker_async(
        queues=queues,
        concurrency=several,
        install_signal_handlers=False,
        fetch_job_polling_interval=2.0,
        delete_jobs="successful",
        task_middleware=[with_sound_connection],
    )


async def take_up(worker_app: App) -> None:
    """What a worker that died was doing is done again, and what it left behind is looked for."""
    await worker_app.connector.execute_query_async(AGAIN)
    await worker_app.connector.execute_query_async(FORGET)
    with suppress(AlreadyEnqueued):
        await worker_app.configure_task("exchange.sweep", queueing_lock="exchange.sweep").defer_async(
            timestamp=int(time.time())
        )


def with_sound_connection(call: Callable[[], Any], _context: JobContext, _worker: Worker) -> Any:
    """A connection the database has closed is opened again for the next job, as Django does for requests."""
    close_old_connections()
    try:
        return call()
    finally:
        close_old_connections()


def keep_journal(stop: threading.Event) -> None:
    """Seal what is ready and tell the followers; a fault is written down and tried again."""
    key, are_told = FileKey.load(settings.KEYS / "node.pem"), False
    while not stop.is_set():
        try:
            if not are_told:  # of what was sealed before a fall
                followers.advance_all()
            are_told = True
            seal_once(key)
        except Exception:
            are_told = False
            LOG.exception("The journal could not be sealed; trying again.")
            close_old_connections()
            stop.wait(2)
        stop.wait(PAUSE)


def seal_once(key: FileKey) -> None:
    """Seal what is there. Whoever came meanwhile waits for the next time, unless this one left some: sealing for every entry
    would take as long as what it is about.
    """
    sealed = sealing.BATCH
    while sealed >= sealing.BATCH:
        if sealed := sealing.seal(key, origin=settings.NODE.name):
            followers.advance_all()
