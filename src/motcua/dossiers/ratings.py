"""The four questions of a rating, for whoever asks them, the portal or the counter, and for whoever counts the answers.

Circular 32/2017/TT-BTTTT, art. 12.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.states import Satisfaction

QUESTIONS = ("overall", "convenience", "timeliness", "attitude")


@dataclass(frozen=True)
class Rated:
    """What was said of a procedure or an agency: how many answered, the share in percent who are satisfied over all, and
    the mean of each answer (1 to 3).
    """

    code: str
    name: str
    count: int
    satisfied: float
    overall: float
    convenience: float
    timeliness: float
    attitude: float


def satisfaction(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=Satisfaction.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers.")},
    )


class Rating(forms.Form):
    """How it was: all in all, and in its three parts."""

    use_required_attribute = False

    overall = satisfaction(_("All in all"))
    convenience = satisfaction(_("How easy was it?"))
    timeliness = satisfaction(_("Was it on time?"))
    attitude = satisfaction(_("How were you treated?"))
