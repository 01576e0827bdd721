"""Word a result, version after version, and initial it before the head of the agency signs."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.steps import EXAMINING
from motcua.dossiers.events import ResultDrafted, ResultInitialled
from motcua.dossiers.issued import is_worded_freely
from motcua.dossiers.models import Dossier, ResultDraft, Step
from motcua.dossiers.rules import examiner, independent, initialler, unconcerned
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.people.models import Account

# What whoever signs has before them does not change under their hands.
STILL_EXAMINED = (Step.State.WAITING, Step.State.RUNNING, Step.State.REFUSED)


@action(who=examiner & independent)
def draft_result(
    dossier: Dossier, *, by: Actor, granted: str, facts: Sequence[Sequence[str]], terms: str
) -> ResultDraft:
    """The examining officer words the result; each wording is a version of its own, the same one again is not."""
    if not is_worded_freely(dossier):
        raise Invalid(_("The form of this result is the law's; nothing in it is worded by hand."))
    if not dossier.steps.filter(role__in=EXAMINING, state__in=STILL_EXAMINED).exists():
        raise NotNow(_("The result has been proposed. It is worded anew only after it was sent back."))
    if not granted.strip():
        raise Invalid(_("Say what is granted."), field="granted")
    worded = {
        "granted": " ".join(granted.split())[:500],
        "facts": [[label, value.strip()] for label, value in facts],
        "terms": "\n".join(line.strip() for line in terms.splitlines() if line.strip())[:2000],
    }
    last = dossier.drafts.first()
    if last is not None and all(getattr(last, name) == value for name, value in worded.items()):
        return last
    draft = ResultDraft.objects.create(
        dossier=dossier,
        number=last.number + 1 if last else 1,
        author=Account.objects.get(pk=by.urn.removeprefix("person:")),
        **worded,
    )
    record(ResultDrafted(draft.pk, draft.number), about=dossier, by=by)
    return draft


@action(who=initialler & unconcerned)
def initial_result(draft: ResultDraft, *, by: Actor) -> None:
    """A colleague has read the latest draft and answers for its wording with their initials (ký nháy)."""
    latest = draft.dossier.drafts.first()
    if draft.dossier.has_ended or latest is None or latest.pk != draft.pk:
        raise NotNow(_("There is a newer version of this draft, or the dossier has ended."))
    if draft.initialled_by is not None:
        return
    draft.initialled_by = Account.objects.get(pk=by.urn.removeprefix("person:"))
    draft.initialled_at = timezone.now()
    draft.save()
    record(ResultInitialled(draft.pk, draft.number), about=draft.dossier, by=by)
