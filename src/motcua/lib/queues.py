"""Two kinds of jobs: what people wait for, and what has time; and how one that met a fault is tried again."""

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

# What goes through tens of thousands of rows, or comes in tens of thousands: done one after the other, beside all else and
# never before it.
PATIENT, LATER = "patient", -1

MOST_TRIES, LONGEST_PAUSE = 300, 3600


class Again(BaseRetryStrategy):
    """Soon at first, then once an hour, for twelve days: whatever a job met, a database that fell, a full disk or a mail server
    that was away, will be over by then; and what stands behind it waits at most an hour longer than that lasted.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MOST_TRIES:
            return None
        return RetryDecision(retry_in={"seconds": min(LONGEST_PAUSE, 2 ** min(job.attempts + 1, 12))})


RETRY = Again()
