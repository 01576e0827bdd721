"""Questions about applications that pages and actions ask alike."""

from django.utils import timezone
from django.utils.translation import get_language

from motcua.dossiers.models import Application, Attachment
from motcua.procedures.answers import clean


def missing(application: Application) -> list[str]:
    """What an application still lacks before it can be sent, each as the page or paper is called."""
    definition, language = application.version.definition, get_language() or "vi"
    pages = [
        group.title.said_in(language)
        for group in definition.groups_for(application.case, application.answers)
        if not clean(group, application.answers, earlier=application.answers, on=timezone.localdate()).is_good
    ]
    given = set(application.attachments.filter(kind=Attachment.Kind.GIVEN).values_list("paper", flat=True))
    papers = [
        paper.name.said_in(language)
        for paper in definition.papers_for(application.case, "online")
        if paper.required and paper.upload and paper.id not in given
    ]
    return [*pages, *papers]
