"""What /ui/ shows: invented people and dossiers, one of each state."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.qr import svg
from motcua.ui.context import Link
from motcua.ui.forms import DatePartsField
from motcua.ui.pictures import segments

NOW = datetime(2026, 11, 20, 10, 20, tzinfo=timezone.get_default_timezone())
ICONS = [
    "check",
    "data",
    "warning",
    "search",
    "paper",
    "child",
    "rings",
    "card",
    "house",
    "info",
    "clock",
    "shop",
    "book",
    "shield",
    "lotus",
    "pen",
    "print",
    "person",
    "pause",
    "cross",
    "arrow",
    "send",
]


class SampleForm(forms.Form):
    """One field of each kind, some of them wrong."""

    given_name = forms.CharField(
        label=gettext_lazy("Given name"), error_messages={"required": gettext_lazy("Enter the child's name")}
    )
    born_on = DatePartsField(
        label=gettext_lazy("Date of birth"), help_text=gettext_lazy("For example: 9 11 2026")
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("female", gettext_lazy("Female")), ("male", gettext_lazy("Male"))],
        widget=forms.RadioSelect,
    )
    birthplace = forms.CharField(label=gettext_lazy("Place of birth"))
    residence = forms.ChoiceField(
        label=gettext_lazy("Where to return the result"),
        choices=[("wallet", gettext_lazy("In the wallet")), ("post", gettext_lazy("By post"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea, required=False)
    photo = forms.FileField(
        label=gettext_lazy("Photo of the birth notice"),
        help_text=gettext_lazy("JPG, PNG or PDF, 10 MB at most"),
        required=False,
    )
    sworn = forms.BooleanField(label=gettext_lazy("I declare that what I state is true"))

    sources = {"birthplace": gettext_lazy("From the electronic birth notice")}


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of the gallery."""
    here = request.path
    return {
        "form": SampleForm(
            {
                "given_name": "",
                "born_on_day": "31",
                "born_on_month": "11",
                "born_on_year": "2026",
                "sex": "female",
                "birthplace": "Bệnh viện Hoa Sen, phường Hoa Sen",
                "residence": "wallet",
                "sworn": "on",
            }
        ),
        "icons": ICONS,
        "now": NOW,
        "due": NOW + timedelta(days=3, hours=6, minutes=40),
        "nav": [Link(_("Components"), here, current=True)],
        "crumbs": [Link(_("Services"), here), Link(_("Having a child"), here)],
        "pills": [
            Link(_("All"), here, current=True, count=14),
            Link(_("Overdue"), here, count=1, state="late"),
            Link(_("Today"), here, count=3),
        ],
        "tabs": [
            Link(_("Dossiers"), here, current=True),
            Link(_("Wallet"), here),
            Link(_("Messages"), here, count=2),
        ],
        "steps": [
            Link(_("Parents"), here),
            Link(_("Child"), here),
            Link(_("Papers"), ""),
            Link(_("Look over"), ""),
        ],
        "process": process(),
        "segments": segments(clock()),
        "checks": [
            {"title": _("Issued by the right agency"), "hint": _("Seal of the ward's People's Committee")},
            {"title": _("Not a character changed"), "hint": _("Since 03/09/2026, 14:02")},
        ],
        "bars": [
            {"label": _("Waiting for a signature"), "value": "38%", "percent": 38},
            {"label": _("Waiting for another agency"), "value": "24%", "percent": 24},
            {"label": _("Too much work"), "value": "17%", "percent": 17},
        ],
        "qr": svg(request.build_absolute_uri()),
    }


def process() -> list[dict[str, str]]:
    """A process halfway."""
    return [
        {"state": "done", "title": _("Receive"), "who": _("One-stop desk"), "time": _("30 minutes")},
        {"state": "now", "title": _("Examine"), "who": _("Civil-status officer"), "time": _("2 days")},
        {
            "state": "late",
            "title": _("Sign"),
            "who": _("31 dossiers waiting"),
            "time": _("8.1 of 4 hours"),
            "mark": "31",
        },
        {"state": "next", "title": _("Hand over"), "who": _("Counter 2"), "time": _("At once")},
    ]


def clock() -> list[tuple[str, str, float]]:
    """Five working days, partly used."""
    return [
        (_("Received, 0.1 days"), "a", 1),
        (_("Waiting for the commune, 1.9 days"), "hold", 15),
        (_("Examined, 1.6 days"), "b", 13),
        (_("Left, 1.4 days"), "rest", 11),
    ]
