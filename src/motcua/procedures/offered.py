"""What can be filed under a code: asked with every dossier another system brings."""

from datetime import date

from motcua.lib.worded import worded_once
from motcua.procedures.models import Version, VersionQuerySet


@worded_once
def offered_under(code: str, on: date) -> VersionQuerySet:
    """The version that can be filed under a code on a day; its long content is read only if nobody has read it yet."""
    return Version.objects.in_force(on).offered().coded(code).select_related("procedure").defer("content")
