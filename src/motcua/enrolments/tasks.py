"""Jobs: where identities are kept, the officers of all nodes stay known whatever was lost on the way."""

from procrastinate.contrib.django import app

from motcua.enrolments import actions


@app.periodic(cron="37 20 * * *")
@app.task(name="enrolments.officers", queue="people", queueing_lock="enrolments.officers")
def officers(timestamp: int) -> None:
    """Every night: each agency of this node tells of all its officers again."""
    actions.tell_of_all_officers()
