"""What officers write when documents come in and go out."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.desk.forms.deciding import written
from motcua.dispatches.kinds import Kind, Urgency
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.models.mails import known as known_by_mail
from motcua.documents import intake
from motcua.documents.copying import Manner
from motcua.documents.intake import LARGEST
from motcua.documents.secrecy import Degree
from motcua.organisations.models import Agency, calendar_for
from motcua.people.models import Account, acting_at
from motcua.ui.forms import DatePartsField

MOST_RECEIVERS = 100
WORKING = ("specialist", "registrar", "receiver", "deputy", "clerk")


def officers_of(agency: str, roles: tuple[str, ...] = WORKING) -> dict[str, Account]:
    """Who holds one of these posts at an agency, by the key of a choice."""
    held = acting_at([agency])
    return {str(one.pk): one for (_agency, role), ones in held.items() if role in roles for one in ones}


class Reasoned(forms.Form):
    """A sentence that says why."""

    reason = written(_("Reason"), missing=_("Say why."), rows=2, most=500)


class Assign(forms.Form):
    """To whom, with which sentence, until when."""

    to = forms.ChoiceField(
        label=_("Who works on it?"), error_messages={"required": _("Choose who works on it.")}
    )
    instruction = written(
        _("What is to be done?"), missing=_("Say in one sentence what is to be done."), rows=2, most=500
    )
    days = forms.IntegerField(
        label=_("Number of working days"),
        help_text=_("Without a number there is no deadline."),
        min_value=1,
        max_value=90,
        required=False,
    )

    def __init__(self, typed: Any = None, *, about: Incoming, **options: Any) -> None:
        super().__init__(typed, **options)
        self.agency = about.agency
        self.people = officers_of(about.agency)
        self.fields["to"].choices = [(key, one.name) for key, one in self.people.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """As the action takes it: the person, and the moment by which it is to be done."""
        typed = self.cleaned_data
        days = typed.pop("days", None)
        typed["due_at"] = calendar_for(self.agency).add_days(timezone.now(), days) if days else None
        if "to" in typed:
            typed["to"] = self.people[typed["to"]]
        return typed


class Forward(forms.Form):
    """To which agencies."""

    receivers = forms.CharField(
        label=_("To which agencies?"),
        help_text=_(
            "One on each line: its code, or its name as in the list of agencies or among the e-mail addresses."
        ),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Name at least one agency.")},
    )

    def clean_receivers(self) -> list[str]:
        """The codes of the agencies named; a line that names none is shown with its words."""
        lines = [line.strip() for line in self.cleaned_data["receivers"].splitlines() if line.strip()]
        if len(lines) > MOST_RECEIVERS:
            raise forms.ValidationError(_("At most %(most)s agencies at once.") % {"most": MOST_RECEIVERS})
        known = Agency.objects.in_force()
        by_code = {one.code: one.code for one in known.filter(code__in=lines)}
        by_name = {one.name_vi.casefold(): one.code for one in known.filter(name_vi__in=lines)}
        found = [by_code.get(line) or by_name.get(line.casefold(), "") for line in lines]
        if not all(found):
            outside = known_by_mail(lines)
            found = [code or outside.get(line, "") for line, code in zip(lines, found, strict=True)]
        for line, code in zip(lines, found, strict=True):
            if not code:
                raise forms.ValidationError(_("No agency is called “%(line)s”.") % {"line": line[:80]})
        return found


class Write(Forward):
    """A document of the agency: what kind, about what, what it says, to whom."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=Kind.choices, initial=Kind.LETTER)
    subject = forms.CharField(
        label=_("What is it about?"),
        help_text=_("One sentence; it stands in both registers."),
        max_length=500,
        error_messages={"required": _("Say in a sentence what the document is about.")},
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "Leave it empty if you attach the document itself as a file: that is done on the next page."
        ),
        widget=forms.Textarea({"rows": 12}),
        max_length=50_000,
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"),
        choices=Urgency.choices,
        coerce=int,
        initial=Urgency.NONE,
        required=False,
    )
    secrecy = forms.TypedChoiceField(
        label=_("Secrecy"),
        help_text=_(
            "A state secret is not written here: leave the text empty. It goes on paper or by the separate network for secrets; "
            "the records clerk gives it its number."
        ),
        choices=Degree.choices,
        coerce=int,
        initial=Degree.NONE,
        required=False,
    )
    answer_by = DatePartsField(label=_("To be answered by"), required=False)

    field_order: tuple[str, ...] = ("kind", "subject", "text", "receivers", "urgency", "secrecy", "answer_by")

    def clean_secrecy(self) -> int:
        """No secret, unless said."""
        return self.cleaned_data["secrecy"] or Degree.NONE

    def clean_urgency(self) -> int:
        """Not urgent, unless said."""
        return self.cleaned_data["urgency"] or Urgency.NONE


class LetRead(forms.Form):
    """Which officer of the agency may read a document besides those whose it is."""

    to = forms.ChoiceField(
        label=_("Who may read it, too?"), error_messages={"required": _("Choose an officer.")}
    )

    def __init__(self, typed: Any = None, *, about: Incoming | Outgoing, **options: Any) -> None:
        super().__init__(typed, **options)
        self.people = officers_of(about.agency, ("specialist", "registrar", "receiver"))
        self.fields["to"].choices = [(key, one.name) for key, one in self.people.items()]  # type: ignore[attr-defined]

    def clean_to(self) -> Account:
        """As the action takes it: the person."""
        return self.people[self.cleaned_data["to"]]


class TakeOff(forms.Form):
    """Which reader."""

    reader = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class Classify(forms.Form):
    """How secret a document is."""

    degree = forms.TypedChoiceField(
        label=_("Secrecy"),
        help_text=_("A state secret cannot be sent from here any more, nor any file of it."),
        choices=Degree.choices,
        coerce=int,
    )

    def __init__(self, typed: Any = None, *, about: Incoming | Outgoing, **options: Any) -> None:
        super().__init__(typed, initial={"degree": about.secrecy}, **options)


class Remind(forms.Form):
    """What receivers who owe an answer are told."""

    words = written(
        _("What do you remind them of?"), missing=_("Say what you remind them of."), rows=2, most=500
    )


class OnPaper(forms.Form):
    """Who signed a state secret on paper."""

    signer = forms.CharField(
        label=_("Who signed it?"), max_length=50, error_messages={"required": _("Say who signed it.")}
    )
    position = forms.CharField(
        label=_("Their post"), max_length=100, error_messages={"required": _("Write their post.")}
    )


class NumberSo(forms.Form):
    """One series, or one for each kind."""

    is_by_kind = forms.ChoiceField(
        label=_("How are they numbered?"),
        choices=[("", _("One series for all kinds")), ("1", _("A series for each kind"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_is_by_kind(self) -> bool:
        """As the action takes it."""
        return bool(self.cleaned_data["is_by_kind"])


class Signing(forms.Form):
    """In which post, and by whose power."""

    position = forms.CharField(
        label=_("Your post, as it stands above your name"),
        widget=forms.Textarea({"rows": 2}),
        max_length=100,
        error_messages={"required": _("Write your post.")},
    )
    power = forms.ChoiceField(
        label=_("By power of"),
        choices=[("", "–"), ("TM.", "TM."), ("Q.", "Q."), ("KT.", "KT."), ("TL.", "TL."), ("TUQ.", "TUQ.")],
        required=False,
    )

    def clean_position(self) -> str:
        """Line for line: a deputy's stands below the head's."""
        lines = (line.strip() for line in self.cleaned_data["position"].splitlines())
        return "\n".join(line for line in lines if line)


class Enclose(forms.Form):
    """A file for a draft: the document itself, or what goes with it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, JPG or PNG, at most 10 MB. In the document itself leave room: “Số:      /” before the notation, "
            "“ngày      tháng      năm”, and five empty lines between post and name of who signs."
        ),
        widget=forms.FileInput({"accept": "application/pdf,image/png,image/jpeg"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose it again.")},
    )
    is_paper = forms.BooleanField(
        label=_("This is the document itself, made in a word processor"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """As the action takes it."""
        file = self.cleaned_data.get("file")
        if file is None:
            return self.cleaned_data
        is_paper = self.cleaned_data["is_paper"]
        return {"name": file.name, "content": file.read(LARGEST + 1), "is_paper": is_paper}


class MakeCopy(forms.Form):
    """How which file is copied; of an excerpt also which pages."""

    manner = forms.ChoiceField(
        label=_("What copy do you make?"),
        choices=[
            (Manner.TRUE, _("True copy: the whole of an original")),
            (Manner.AGAIN, _("Copy of a copy: the whole of a true copy")),
            (Manner.PART, _("Excerpt: some pages of an original")),
        ],
        initial=Manner.TRUE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a kind of copy.")},
    )
    number = forms.TypedChoiceField(
        label=_("Of which file?"), coerce=int, error_messages={"required": _("Choose a file.")}
    )
    pages = forms.CharField(
        label=_("Pages of an excerpt"),
        help_text=_(
            "As in “2-4, 7”. The first page and those with signatures are always with them. Leave it empty for the whole."
        ),
        max_length=100,
        required=False,
    )

    def __init__(self, typed: Any = None, *, about: Incoming | Outgoing, **options: Any) -> None:
        super().__init__(typed, **options)
        chosen = [
            (str(place), file["name"])
            for place, file in enumerate(about.files)
            if file["media"] == intake.PDF and not file.get("fault")
        ]
        self.fields["number"].choices = chosen  # type: ignore[attr-defined]


class TakeOut(forms.Form):
    """Which file of a draft, the first is 0."""

    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
