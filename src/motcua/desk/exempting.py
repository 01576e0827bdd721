"""The form in which it is written who need not pay a fee, and by which paper that is proven."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.desk.asking import Conditioned, before
from motcua.desk.handing import kept_order, said
from motcua.desk.questioning import halves, text
from motcua.procedures.schema import Definition, Exemption
from motcua.procedures.words import CHANNELS


class AskedExemption(Conditioned):
    """One exemption: for whom, on which answer, proven by what, by which law."""

    name_vi = forms.CharField(
        label=_("Who need not pay"), max_length=300, error_messages={"required": _("Write who need not pay.")}
    )
    name_en = forms.CharField(label=_("The same in English"), max_length=300, required=False)

    def __init__(self, typed: Any = None, *, definition: Definition, known: Exemption | None = None) -> None:
        super().__init__(typed, initial=halves("name", known.name if known else None))
        self.known = known
        self.put_condition(
            "when",
            known.when if known else None,
            before(definition),
            label=_("It is whoever answers so"),
            help_text=_("Tick the answers of one question by which the applicant says so."),
            error_messages={"required": _("Tick the answer by which the applicant says so.")},
        )
        self.fields["proof"] = forms.ChoiceField(
            label=_("Which paper proves it"),
            help_text=_("Who does not give this paper pays the fee."),
            choices=[("", _("no paper: the answer is enough")), *papers(definition, known)],
            initial=known.proof or "" if known else "",
            required=False,
        )
        self.fields["basis"] = forms.CharField(
            label=_("By which law"),
            help_text=_("Such as 75/2022/TT-BTC, article 4."),
            initial=known.basis if known else "",
            max_length=300,
            required=False,
        )
        if definition.cases:
            cases = [(one.id, said(one.name)) for one in definition.cases]
            self.put_boxes("cases", _("Only in these cases"), cases, known.cases if known else ())
        ways = [(str(key), words) for key, words in CHANNELS.items()]
        self.put_boxes("channels", _("Only when filed so"), ways, known.channels if known else ())

    def put_boxes(self, name: str, label: Any, choices: list[tuple[str, Any]], known: Any) -> None:
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            choices=choices,
            initial=list(map(str, known)),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def changes(self) -> dict[str, Any]:
        """What was written otherwise than it was, as the definition takes it; all of it for a new one."""
        typed = self.cleaned_data
        now: dict[str, Any] = {
            "name": text(typed["name_vi"].strip(), typed["name_en"].strip()),
            "when": self.condition("when"),
            "proof": typed["proof"] or None,
            "basis": typed["basis"] or None,
        }
        for name in ("cases", "channels"):
            if name in self.fields:
                now[name] = kept_order(getattr(self.known, name, ()), typed[name]) or None
        if self.known is None:
            return {key: value for key, value in now.items() if value is not None}
        first = self.known.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: value for key, value in now.items() if value != first.get(key)}


def papers(definition: Definition, known: Exemption | None) -> list[tuple[str, str]]:
    """The papers of the dossier; one that is named and not asked for any more can be seen."""
    offered = [(one.id, said(one.name)) for one in definition.papers]
    lost = known.proof if known and known.proof and known.proof not in dict(offered) else ""
    return [*offered, *([(lost, lost)] if lost else [])]
