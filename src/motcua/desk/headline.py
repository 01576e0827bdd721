"""The one sentence above the work list: what must be done today."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

NUMBERS = (
    gettext_lazy("One"),
    gettext_lazy("Two"),
    gettext_lazy("Three"),
    gettext_lazy("Four"),
    gettext_lazy("Five"),
    gettext_lazy("Six"),
    gettext_lazy("Seven"),
    gettext_lazy("Eight"),
    gettext_lazy("Nine"),
    gettext_lazy("Ten"),
)
LATE = ngettext_lazy("%(count)s dossier is late.", "%(count)s dossiers are late.", "number")
UNRECEIVED = ngettext_lazy(
    "%(count)s dossier should have been received by now.",
    "%(count)s dossiers should have been received by now.",
    "number",
)
TODAY = ngettext_lazy(
    "%(count)s dossier must be done before 17:00.", "%(count)s dossiers must be done before 17:00.", "number"
)
WAITING = ngettext_lazy(
    "%(count)s dossier waits for you; none is due today.",
    "%(count)s dossiers wait for you; none is due today.",
    "number",
)
OPEN = ngettext_lazy("%(count)s dossier is open.", "%(count)s dossiers are open.", "number")


def headline(tally: Mapping[str, int], *, acts: bool) -> str:
    """For who acts, what is late or due on their own desk; for who only reads, how much is open."""
    late, new, today, mine = (tally.get(name, 0) for name in ("my_late", "my_unreceived", "my_today", "mine"))
    if not acts:
        return counted(OPEN, tally["agency"]) if tally.get("agency") else _("No dossier is open.")
    said = [
        counted(sentence, count)
        for sentence, count in ((LATE, late), (UNRECEIVED, new), (TODAY, today))
        if count
    ]
    if mine and not said:
        said = [counted(WAITING, mine)]
    return " ".join(said) or _("Your desk is clear. No dossier waits for you.")


def counted(sentence: Promise, count: int) -> str:
    """Up to ten, numbers are words."""
    words = NUMBERS[count - 1] if count <= len(NUMBERS) else count
    return str(sentence % {"number": count, "count": words})
