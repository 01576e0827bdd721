"""What becomes of substitutions when an agency ends."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.organisations.estates import Passing, left_behind
from motcua.people.actions.substitutions import pass_on
from motcua.people.models import Substitution


@left_behind(
    "substitutions",
    _("Colleagues standing in"),
    rows=Substitution.objects.to_come,
    at="appointment__post__agency",
)
def follow(passing: Passing) -> int:
    """Who stands in for a colleague goes on doing so, if both go to the same agency."""
    return pass_on(passing, by=Actor.system("people"))
