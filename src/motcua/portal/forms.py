"""The questions of a procedure as a Django form; what the answers must be is the procedure's business, not ours."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.forms import Block, Typeahead, as_text, asked_after, blocks, field_for, shown
from motcua.dossiers.models import Application
from motcua.lib.actions import Invalid
from motcua.mandates.models import Mandate
from motcua.organisations.models import Agency
from motcua.portal.earlier import Earlier
from motcua.portal.sources import sources
from motcua.portal.whose import Whose
from motcua.procedures.folding import fold
from motcua.procedures.schema import Case, Group
from motcua.procedures.services import OF_ACCOUNT

FEW_AGENCIES = 7
# The questions of procedures/questions that the account can answer, and with what.
CONTACT = {"applicant_phone": "phone", "applicant_email": "email"}


class Answers(forms.Form):
    """One page of a procedure's form."""

    use_required_attribute = False

    def __init__(self, group: Group, application: Application, typed: Any = None) -> None:
        super().__init__(typed, initial=initial(group, application))
        self.group = group
        self.sources = sources(application)
        if typed is None:
            self.sources |= dict.fromkeys(of_account(group, application), now_("From your account"))
        for question in asked_after(group, application.answers):
            self.fields[question.id] = field_for(question)

    def typed(self) -> dict[str, str]:
        """What was typed, as text; dates in ISO form."""
        return {name: as_text(value) for name, value in self.cleaned_data.items()}

    def blame(self, faults: dict[str, str]) -> None:
        """Show at each field what is wrong with it."""
        for name, words in faults.items():
            self.add_error(name if name in self.fields else None, words)

    def blocks(self) -> list[Block]:
        """The fields in their order; those that depend on the same answer stand together."""
        return blocks(self, self.group)


def initial(group: Group, application: Application) -> dict[str, Any]:
    """The answers so far, as their controls show them; yes where what follows a yes is known already."""
    answers = application.answers
    known = {question.id: answers.get(question.id) for question in group.fields}
    for question in group.fields:
        if (
            question.when
            and question.when.is_ is True
            and known[question.id]
            and known.get(question.when.field) is None
        ):
            known[question.when.field] = True
    known |= of_account(group, application)
    return {question.id: shown(question, known[question.id]) for question in group.fields}


def of_account(group: Group, application: Application) -> dict[str, str]:
    """Where one is reached, as one's own account says; only until the page has been kept once."""
    if application.mandate_id is not None:
        return {}
    sources = {
        question.id: OF_ACCOUNT.get(question.prefill or "") or CONTACT.get(question.id)
        for question in group.fields
        if question.id not in application.answers
        and (question.prefill_when is None or question.prefill_when.holds(application.answers))
    }
    found = {name: getattr(application.account, of) for name, of in sources.items() if of}
    return {name: value for name, value in found.items() if value}


class Where(forms.Form):
    """Which agency is to handle it: few are offered to choose from, of many a few letters are typed."""

    use_required_attribute = False

    agency = forms.CharField(
        label=_("Who should handle it?"),
        error_messages={"required": _("Choose an agency.")},
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {agency.code: agency for agency in agencies}
        few = len(agencies) <= FEW_AGENCIES
        self.fields["agency"].widget = (
            forms.RadioSelect(choices=[(agency.code, agency.name) for agency in agencies])
            if few
            else Typeahead([agency.name for agency in agencies])
        )
        self.fields["agency"].help_text = "" if few else _("Type a few letters of its name.")

    def clean_agency(self) -> Agency:
        """The agency of this code, or the one whose name is meant; marks on letters may be missing."""
        typed = str(self.cleaned_data["agency"]).strip()
        if typed in self.agencies:
            return self.agencies[typed]
        wanted = fold(typed)
        near = [agency for agency in self.agencies.values() if wanted and wanted in fold(agency.name)]
        meant = [agency for agency in near if fold(agency.name) == wanted] or near
        if not meant:
            raise forms.ValidationError(_("No agency here bears this name. Choose one from the list."))
        if len(meant) > 1:
            names = ", ".join(agency.name for agency in meant[:FEW_AGENCIES])
            raise forms.ValidationError(_("Several agencies could be meant: %(names)s.") % {"names": names})
        return meant[0]


class Beginning(Where):
    """For whom it is, which case it is, and which agency is to do it."""

    whom = forms.CharField(
        label=_("Whom is this for?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom it is for.")},
    )

    case = forms.ChoiceField(
        label=_("What do you want to do?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to do.")},
    )

    may_read = forms.BooleanField(
        help_text=_("If you do not tick this, nobody is asked and you fill in everything by hand."),
        required=False,
    )

    # The results that were named on the page: no other is handed in.
    told = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("whom", "case", "agency", "may_read")

    def __init__(
        self,
        *args: Any,
        cases: Sequence[Case],
        whose: Whose,
        registers: str,
        earlier: Sequence[Earlier] = (),
        **kwargs: Any,
    ) -> None:
        """`registers` are those that may be read, in words, `earlier` the results that would be handed in.

        Where there are neither, nobody is asked to agree.
        """
        super().__init__(*args, **kwargs)
        self.whose, self.registers, self.earlier = whose, registers, earlier
        self.fields["told"].initial = ",".join(one.key for one in earlier)
        self.fields["may_read"].label = self.agreement()
        if not (registers or earlier):
            del self.fields["may_read"]
        if whose.mandates:
            self.fields["whom"].widget = forms.RadioSelect(choices=whose.choices())
        else:
            del self.fields["whom"]
        if len(cases) < 2:
            del self.fields["case"]
        else:
            language = get_language() or "vi"
            choices = [(case.id, case.name.said_in(language)) for case in cases]
            cast("forms.ChoiceField", self.fields["case"]).choices = choices

    def agreement(self) -> str:
        """What one agrees to with the one tick."""
        said = {"registers": self.registers}
        if not self.earlier:
            return now_("Read for me in the %(registers)s") % said
        if not self.registers:
            return now_("Hand in for me the results named above")
        return now_("Read for me in the %(registers)s, and hand in the results named above") % said

    def clean_told(self) -> list[Earlier]:
        """The results the page has named, as far as they still serve."""
        told = set(str(self.cleaned_data["told"]).split(","))
        return [one for one in self.earlier if one.key in told]

    def clean_whom(self) -> Mandate | None:
        """Nothing for one's own matter; a mandate only if it is one's own and allows this procedure now."""
        try:
            return self.whose.chosen(self.cleaned_data["whom"])
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class SignedFile(forms.Form):
    """The form of a procedure, signed with one's own token."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("The signed form (PDF)"),
        widget=forms.FileInput({"accept": "application/pdf"}),
        error_messages={"required": _("Choose a file first.")},
    )
