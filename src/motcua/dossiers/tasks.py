"""Jobs of the legal clock."""

from procrastinate.contrib.django import app

from motcua.dossiers.actions.warning import warn_all
from motcua.lib.actors import Actor


@app.periodic(cron="*/10 * * * *")
@app.task(name="dossiers.warn", queue="dossiers", queueing_lock="dossiers.warn")
def warn(timestamp: int) -> None:
    """Every ten minutes: tell officers of what is due within a working day."""
    warn_all(by=Actor.system("dossiers"))
