"""When a node has nothing left to do: waited for before its pages are measured."""

from motcua.lib.waiting import until

WAITS = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'doing'
    OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""


def come_to_rest(patience: float = 300) -> None:
    """At a node: wait until nothing that can be done now waits to be done."""
    from django.db import connection  # noqa: PLC0415 — needs the child's settings

    def is_at_rest() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITS)
            return not cursor.fetchone()[0]

    in_vain = TimeoutError(f"Jobs still wait after {patience:g} seconds: pages cannot be measured at rest.")
    until(is_at_rest, patience=patience, pause=0.5, otherwise=lambda: in_vain)
