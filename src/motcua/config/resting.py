"""When a node has nothing left to do: waited for before its pages are measured."""

from motcua.lib.waiting import until

WAITS = """
SELECT task_name, status, count(*) FROM procrastinate_jobs
WHERE status = 'doing' OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
GROUP BY 1, 2 ORDER BY 1, 2
"""


def come_to_rest(patience: float = 300) -> None:
    """At a node: wait until nothing that can be done now waits to be done. Raises TimeoutError, naming what still waits."""
    from django.db import connection  # noqa: PLC0415 — needs the child's settings

    waiting: list[tuple[str, str, int]] = []

    def is_at_rest() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITS)
            waiting[:] = cursor.fetchall()
        return not waiting

    def in_vain() -> TimeoutError:
        jobs = ", ".join(f"{name} ({count} {status})" for name, status, count in waiting)
        return TimeoutError(f"After {patience:g} seconds the node is not at rest, jobs still wait: {jobs}.")

    until(is_at_rest, patience=patience, pause=0.5, otherwise=in_vain)
