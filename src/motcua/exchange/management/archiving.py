"""What `motcua exchange archive` says: each file that was written or checked, each month that was dropped or is not."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.exchange import months
from motcua.exchange.actions.archiving import Step, drop
from motcua.exchange.models import ArchivedMonth
from motcua.journal.keyring import public_pems

PAUSE = 0.2  # seconds between looks whether the log has spoken


def archived(options: Mapping[str, Any]) -> Iterator[str]:
    """One sentence each."""
    pems, now = public_pems(), timezone.now()
    for path in options["check"] or months.archive(now, pems):
        try:
            entries = months.check(path, pems).entries
        except months.Wrong as error:
            raise CommandError(f"{path}: {error}") from error
        yield _("%(path)s is whole: %(entries)s entries.") % {"path": path, "entries": entries}
    if options["drop"]:
        yield from map(_words, _dropped(now, pems, options["seconds"]))


def _dropped(now: datetime, pems: Mapping[str, str], seconds: float) -> Iterator[Step]:
    """Each month once; those of which the log had to speak first are taken up again when it has."""
    is_said = False
    for step in drop(now, pems):
        if step.what == "unsaid" and _spoken(seconds):
            is_said = True
        else:
            yield step
    if is_said:
        yield from (step for step in drop(now, pems) if step.what == "dropped")


def _spoken(seconds: float) -> bool:
    """Whether the log says of every file that it was written, at the latest after so long."""
    until = time.monotonic() + seconds
    while ArchivedMonth.objects.filter(leaf=None).exists():
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE)
    return True


def _words(step: Step) -> str:
    said = {"month": step.month, "count": step.count, "path": months.path_of(step.month)}
    if step.what == "dropped":
        return _("%(month)s: %(count)s batches are read from %(path)s from now on.") % said
    if step.what == "unsaid":
        return (
            _(
                "%(month)s stays until the log says of its file that it was written: the exchange must run. Repeat."
            )
            % said
        )
    return (
        ngettext(
            "%(month)s stays: %(count)s message in it is not settled, or could still be asked for.",
            "%(month)s stays: %(count)s messages in it are not settled, or could still be asked for.",
            step.count,
        )
        % said
    )
