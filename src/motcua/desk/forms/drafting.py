"""What officers write about a draft: who is asked, what they answer, what they remark, and which versions are compared."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.desk.forms.deciding import written
from motcua.desk.forms.dispatches import Signing, Write
from motcua.dispatches.colleagues import colleagues
from motcua.dispatches.models import Outgoing, Review, Version
from motcua.dispatches.rules import OFFICERS
from motcua.people.models import Account

MOST_DAYS = 30
ASKED = [one for one in Review.Wanted.choices if one[0] != Review.Wanted.SIGNATURE]


def days() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Working days to answer"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
        error_messages={"required": _("Say how many working days they have.")},
    )


class Seen(forms.Form):
    """It carries along which version was read, so that nobody decides about another one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, typed: Any = None, *, about: Outgoing, **options: Any) -> None:
        super().__init__(typed, **options)
        self.fields["seen"].initial = about.version

    def renew(self, version: int) -> None:
        """Drawn once more, with what is wrong, it is about the version that is shown."""
        self.data = {**self.data, "seen": str(version)}


class Route(forms.Form):
    """Whom to ask, for what, by when."""

    to = forms.MultipleChoiceField(
        label=_("Who is asked?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one colleague.")},
    )
    wanted = forms.ChoiceField(label=_("What for?"), choices=ASKED, initial=Review.Wanted.OPINION)
    words = forms.CharField(label=_("What should they look at?"), max_length=500, required=False)
    days = days()
    is_after = forms.BooleanField(
        label=_("Only when all who were asked before have answered"), required=False
    )

    def __init__(self, typed: Any = None, *, about: Outgoing, **options: Any) -> None:
        super().__init__(typed, **options)
        people = colleagues(about.agency, OFFICERS)
        self.people = {key: one for key, one in people.items() if one.urn != about.drafted_by}
        self.fields["to"].choices = [(key, one.name) for key, one in self.people.items()]  # type: ignore[attr-defined]

    def clean_to(self) -> list[Account]:
        """The colleagues themselves."""
        return [self.people[key] for key in self.cleaned_data["to"]]


class Submit(forms.Form):
    """Who signs, and by when."""

    to = forms.ChoiceField(label=_("To whom?"), required=False)
    days = days()

    def __init__(self, typed: Any = None, *, about: Outgoing, **options: Any) -> None:
        super().__init__(typed, **options)
        self.people = colleagues(about.agency, ("chair", "deputy"))
        self.fields["days"].required = False
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Any head of the agency")),
            *((key, one.name) for key, one in self.people.items()),
        ]

    def clean_to(self) -> Account | None:
        """The head named, if one is."""
        return self.people.get(self.cleaned_data["to"])

    def clean_days(self) -> int:
        """One, unless said."""
        return self.cleaned_data["days"] or 1


class Opine(Seen):
    """An opinion."""

    words = written(_("Your opinion"), missing=_("Write your opinion."), rows=3, most=1000)


class Sign(Seen, Signing):
    """The signature of the head, under the version they have read."""


class MakeRemark(forms.Form):
    """A remark on the version that stands."""

    words = written(_("Remark"), missing=_("Write what you remark."), rows=2, most=1000)


class Settle(forms.Form):
    """Which remark is dealt with, and how."""

    remark = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(label=_("What you did"), max_length=500, required=False)


class CallOff(forms.Form):
    """Whose answer is not waited for."""

    review = forms.IntegerField(widget=forms.HiddenInput)


class Redraft(Seen, Write):
    """The draft as it is to be from now on, and what was changed."""

    note = forms.CharField(
        label=_("What did you change?"),
        help_text=_("A few words for those who read the draft after you."),
        max_length=300,
        required=False,
    )
    # How secret it is, clerk and head say from now on.
    secrecy = None  # type: ignore[assignment]


class Which(forms.Form):
    """Two versions to be compared."""

    old = forms.TypedChoiceField(label=_("Earlier version"), coerce=int)
    new = forms.TypedChoiceField(label=_("Newer version"), coerce=int)

    def __init__(self, typed: Any, *, versions: Sequence[Version]) -> None:
        super().__init__(typed)
        for name in ("old", "new"):
            self.fields[name].choices = [(one.number, one.number) for one in versions]  # type: ignore[attr-defined]
