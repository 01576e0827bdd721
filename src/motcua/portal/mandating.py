"""What people write when they let others act for them, or say whom they represent."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actions import Invalid
from motcua.lib.enterprise_codes import enterprise
from motcua.mandates.models import Kind, Mandate
from motcua.mandates.numbers import personal
from motcua.organisations.models import Agency
from motcua.people.models import Account
from motcua.portal.agencies import level_of, reachable
from motcua.procedures.folding import fold
from motcua.procedures.models import Version
from motcua.procedures.vocabulary import Level
from motcua.ui.forms import DatePartsField

ALL, FIELDS, PROCEDURES = "all", "fields", "procedures"
LONGEST = 200


class Once(forms.Form):
    """A form that bears the id of what it makes, so that pressing twice makes one."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def blame(self, refusal: Invalid) -> None:
        """Show what an action refused where it belongs."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class Offer(Once):
    """Who may act for whom, in what, and until when."""

    principal = forms.ChoiceField(label=_("Who lets someone act?"), widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Personal number of who is to act"),
        help_text=_("The 12 digits on their identity card."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the 12 digits of their personal number.")},
    )
    name = forms.CharField(
        label=_("Their full name"),
        help_text=_("As it stands on the card. It must fit the number."),
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Type their full name.")},
    )
    scope = forms.ChoiceField(
        label=_("In what?"),
        choices=[
            (PROCEDURES, _("Only the procedures I name")),
            (FIELDS, _("All procedures of some fields")),
            (ALL, _("All procedures")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose in what they may act.")},
    )
    procedures = forms.CharField(
        label=_("Codes of the procedures"),
        help_text=_("As they stand on the pages of the procedures, such as 2.000635. Several with a comma."),
        max_length=1000,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    fields_of_work = forms.MultipleChoiceField(
        label=_("Fields"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_from = DatePartsField(
        label=_("First day"),
        require_all_fields=False,
        error_messages={"required": _("Choose the first day.")},
    )
    valid_until = DatePartsField(
        label=_("Last day"),
        help_text=_(
            "One year unless you say otherwise (civil code 2015, art. 563). You can end it any day before."
        ),
        require_all_fields=False,
        error_messages={"required": _("Choose the last day.")},
    )

    def __init__(self, *args: Any, account: Account, businesses: list[Mandate], **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "principal": account.username,
            "scope": PROCEDURES,
            "valid_from": today,
            "valid_until": today + timedelta(days=365),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.account = account
        self.names = {account.username: account.name} | {
            one.principal_number: one.principal_name for one in businesses
        }
        whom = self.fields["principal"]
        assert isinstance(whom, forms.ChoiceField)  # noqa: S101 — for the type checker
        whom.choices = [(number, name) for number, name in self.names.items()]
        if not businesses:
            whom.required, whom.widget = False, forms.HiddenInput()
        fields = self.fields["fields_of_work"]
        assert isinstance(fields, forms.MultipleChoiceField)  # noqa: S101 — for the type checker
        fields.choices = [(one, one) for one in fields_offered()]

    def clean_number(self) -> str:
        return as_number(self.cleaned_data["number"])

    def clean_procedures(self) -> list[str]:
        """Each code, if such a procedure can be filed."""
        codes = list(dict.fromkeys(self.cleaned_data["procedures"].replace(",", " ").split()))
        current = Version.objects.in_force(timezone.localdate()).offered()
        known = set(current.filter(procedure__code__in=codes).values_list("procedure__code", flat=True))
        if unknown := [code for code in codes if code not in known]:
            raise forms.ValidationError(
                _("No procedure that can be filed here bears the code %(codes)s. Look it up on its page."),
                params={"codes": ", ".join(unknown)},
            )
        return codes

    def clean(self) -> dict[str, Any]:
        """Number and name must fit each other; nobody learns from us to whom a number belongs."""
        given = super().clean() or {}
        if given.get("scope") == PROCEDURES and not given.get("procedures") and "procedures" in given:
            self.add_error("procedures", _("Name at least one procedure, or choose otherwise above."))
        if given.get("scope") == FIELDS and not given.get("fields_of_work"):
            self.add_error("fields_of_work", _("Choose at least one field, or choose otherwise above."))
        if given.get("number") and given.get("name"):
            found = Account.objects.filter(username=given["number"]).first()
            if found is None or fold(found.name) != fold(given["name"]):
                self.add_error(
                    "name", _("No account here bears this number and this name. Compare with the card.")
                )
            given["agent"] = found
        return given

    def mandate(self) -> Mandate:
        """What was written."""
        given = self.cleaned_data
        number = given.get("principal") or self.account.username
        return Mandate(
            pk=given["key"],
            kind=Kind.PROXY if number == self.account.username else Kind.STAFF,
            principal_number=number,
            principal_name=self.names[number],
            agent=given["agent"],
            given_by=self.account,
            procedures=given["procedures"] if given["scope"] == PROCEDURES else [],
            fields=given["fields_of_work"] if given["scope"] == FIELDS else [],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
        )


class Proof(Once):
    """The paper that proves a representation, and which agency looks at it."""

    file = forms.FileField(
        label=_("Photo or PDF of the paper"), error_messages={"required": _("Choose a file first.")}
    )
    agency = forms.ChoiceField(
        label=_("Who looks at the paper?"),
        help_text=_("An officer compares it with the books."),
        error_messages={"required": _("Choose an agency.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = self.fields["agency"]
        assert isinstance(where, forms.ChoiceField)  # noqa: S101 — for the type checker
        where.choices = [("", "…"), *((agency.code, agency.name) for agency in desks())]


class OfChild(Proof):
    """A child: the register is asked first; only if it cannot say, a paper is needed."""

    number = forms.CharField(
        label=_("The child's personal number"),
        help_text=_("It stands on the birth certificate."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the 12 digits of the child's number.")},
    )
    name = forms.CharField(label=_("The child's full name"), max_length=LONGEST, required=False)
    born_on = DatePartsField(label=_("Born on"), require_all_fields=False, required=False)

    field_order = ("key", "number", "name", "born_on", "file", "agency")

    def __init__(self, *args: Any, by_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if by_paper else ("name", "born_on", "file", "agency"):
            del self.fields[name]
        if by_paper:
            self.fields["name"].required = self.fields["born_on"].required = True
            self.fields["name"].error_messages["required"] = _("Type the child's name.")
            self.fields["born_on"].error_messages["required"] = _("Type when the child was born.")

    def clean_number(self) -> str:
        return as_number(self.cleaned_data["number"])


class OfBusiness(Proof):
    """A business: the register is asked first; only if it cannot say, the paper that names who represents it is needed."""

    code = forms.CharField(
        label=_("Enterprise code"),
        help_text=_("10 digits, or 13 for a branch: the same as the tax code."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the enterprise code.")},
    )
    name = forms.CharField(
        label=_("Name of the business"),
        max_length=LONGEST,
        error_messages={"required": _("Type the name of the business.")},
    )

    field_order = ("key", "code", "name", "file", "agency")

    def __init__(self, *args: Any, by_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if by_paper else ("name", "file", "agency"):
            del self.fields[name]

    def clean_code(self) -> str:
        try:
            return enterprise(self.cleaned_data["code"])
        except Invalid as fault:
            raise forms.ValidationError(str(fault)) from fault


def as_number(typed: str) -> str:
    """A personal number as a form's field takes it."""
    try:
        return personal(typed)
    except Invalid as fault:
        raise forms.ValidationError(str(fault)) from fault


def fields_offered() -> list[str]:
    """The fields in which something can be filed."""
    current = Version.objects.in_force(timezone.localdate()).offered()
    return list(current.order_by("field_vi").values_list("field_vi", flat=True).distinct())


def desks() -> list[Agency]:
    """Communes and provinces this node may write to."""
    found = Agency.objects.in_force().filter(reachable()).exclude(code=settings.NODE.agency)
    near = {Level.COMMUNE, Level.PROVINCE}
    return [agency for agency in found.order_by("short_name") if level_of(agency) in near]
