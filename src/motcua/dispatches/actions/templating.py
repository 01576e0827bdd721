"""Templates of an agency's documents: kept and dropped by its administrators."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.beginning import unknown_gaps
from motcua.dispatches.events import TemplateDropped, TemplateKept
from motcua.dispatches.models import Template
from motcua.dispatches.rules import administrator
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor


@action(who=administrator)
def keep_template(template: Template, *, by: Actor, **written: Any) -> Template:
    """A template is kept as it is written now; drafts begun from it before stay as they are."""
    for field, value in written.items():
        setattr(template, field, value)
    template.name, template.kept_at = " ".join(template.name.split()), timezone.now()
    if not template.name or not template.text.strip():
        raise Invalid(_("A template needs a name and a text."), field="text")
    same = Template.objects.filter(agency=template.agency, name=template.name).exclude(pk=template.pk)
    if same.exists():
        raise Invalid(_("Another template has this name."), field="name")
    for field in ("subject", "grounds", "text"):
        wrong = unknown_gaps(getattr(template, field))
        if wrong:
            raise Invalid(_("Nothing is known to fill in for {%(gap)s}.") % {"gap": wrong[0]}, field=field)
    template.save()
    record(TemplateKept(template.agency, template.kind, template.name), about=template, by=by)
    return template


@action(who=administrator)
def drop_template(template: Template, *, by: Actor) -> None:
    """Nobody begins from it any more; what was begun from it stays."""
    record(TemplateDropped(template.agency, template.name), about=template, by=by)
    template.delete()
