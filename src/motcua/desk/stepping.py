"""The forms in which the steps of a draft are written: all their hours and posts, one step, a new one, another pattern."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.desk.beginning import pattern_choices
from motcua.desk.handing import Handing, kept_order, said, services_in_words
from motcua.desk.questioning import Identified, Lines, halves, text
from motcua.organisations.names import role_name
from motcua.procedures import runs, services
from motcua.procedures.schema import Definition, Step, Text
from motcua.procedures.step_editing import Keys, kinds_of_step, pattern_of, step_of
from motcua.procedures.vocabulary import Role, StepKind, Verb
from motcua.procedures.words import KINDS_OF_STEP, VERBS
from motcua.sharing.registers import keeper_of

OWN: Promise = _("Steps of its own")


class PatternOf(forms.Form):
    """Another way of the dossier."""

    pattern = forms.ChoiceField(label=_("Way of the dossier"), widget=forms.RadioSelect)

    def __init__(self, typed: Any = None, *, pattern: str | None) -> None:
        super().__init__(typed, initial={"pattern": pattern})
        self.fields["pattern"].choices = pattern_choices()  # type: ignore[attr-defined]


class Steps(forms.Form):
    """Hours and post of each step."""

    def __init__(self, typed: Any = None, *, definition: Definition) -> None:
        super().__init__(typed)
        self.steps = definition.steps
        for step in self.steps:
            if step.kind is not StepKind.AUTOMATIC:
                self.put(step)

    def put(self, step: Step) -> None:
        name = said(step.name)
        hours = hours_of(step)
        hours.widget.attrs |= {"aria-label": f"{hours.label}: {name}", "class": "short"}
        self.fields[f"hours.{step.id}"] = hours
        if step.role:
            post = post_of(step)
            post.widget.attrs["aria-label"] = f"{post.label}: {name}"
            self.fields[f"role.{step.id}"] = post

    def rows(self) -> list[tuple[Step, str, Any, Any]]:
        """Each step with its boxes; None where another agency or the system holds it."""
        return [
            (
                step,
                said(step.name),
                self[f"hours.{step.id}"] if f"hours.{step.id}" in self.fields else None,
                self[f"role.{step.id}"] if f"role.{step.id}" in self.fields else None,
            )
            for step in self.steps
        ]

    def changes(self) -> dict[str, dict[str, Any]]:
        """What was typed otherwise than it was, by step."""
        typed, found = self.cleaned_data, {}
        for step in self.steps:
            wanted = {name: typed.get(f"{name}.{step.id}", getattr(step, name)) for name in ("hours", "role")}
            found[step.id] = {name: value for name, value in wanted.items() if value != getattr(step, name)}
        return {id_: wanted for id_, wanted in found.items() if wanted}


def hours_of(step: Step) -> forms.FloatField:
    return forms.FloatField(
        label=_("Hours"),
        min_value=0,
        max_value=9999,
        initial=int(step.hours) if step.hours.is_integer() else step.hours,
        localize=True,
        error_messages={"required": _("Write the hours.")},
    )


def post_of(step: Step) -> forms.ChoiceField:
    posts = [(str(role), role_name(str(role))) for role in Role]
    return forms.ChoiceField(label=_("Post"), choices=posts, initial=str(step.role))


class AskedStep(Handing):
    """One step: what it is called, who has it and for how long, after what it comes and where it may send back to."""

    name_vi = forms.CharField(
        label=_("Name"), max_length=300, error_messages={"required": _("Write the name.")}
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=300, required=False)
    citizen_reads_vi = Lines(
        label=_("What the applicant reads meanwhile"),
        max_length=1000,
        error_messages={"required": _("Write what the applicant reads.")},
    )
    citizen_reads_en = Lines(label=_("What the applicant reads, in English"), max_length=1000, required=False)

    def __init__(self, typed: Any = None, *, definition: Definition, keys: Keys) -> None:
        self.part = runs.part_of(definition, keys[:-1])
        self.step = step_of(definition, keys)
        super().__init__(
            typed,
            initial=halves("name", self.step.name) | halves("citizen_reads", self.step.citizen_reads),
        )
        self.put_order(definition)
        match self.step.kind:
            case StepKind.HUMAN:
                self.put_holder()
            case StepKind.CONSULT:
                self.put_asked()
                self.fields["silence_agrees"] = forms.BooleanField(
                    label=_("Silence counts as consent"),
                    help_text=_("Only where a law says so for this step."),
                    initial=self.step.silence_agrees,
                    required=False,
                )
                self.put_holder()
            case StepKind.SERVICE:
                self.put_service()
            case StepKind.ABOVE:
                self.put_asked()
                self.put_process()
        if self.step.service or self.step.inputs:
            before = runs.earlier(self.step.id, self.part.steps)
            within = definition.model_copy(update={"steps": self.part.steps})
            self.put_inputs(within, self.step.service or "", self.step.inputs, before=before)

    def put_order(self, definition: Definition) -> None:
        """How long it takes, after what it comes, in which cases it is taken."""
        if self.step.kind is not StepKind.AUTOMATIC or self.step.hours:
            self.fields["hours"] = hours_of(self.step)
        others = [(one.id, said(one.name)) for one in self.part.steps if one.id != self.step.id]
        self.put_boxes("after", _("It begins when these are done"), others, self.step.after)
        if definition.cases:
            cases = [(one.id, said(one.name)) for one in definition.cases]
            self.put_boxes("cases", _("Only in these cases"), cases, self.step.cases)

    def put_boxes(self, name: str, label: Any, choices: list[tuple[str, Any]], known: Any) -> None:
        """Boxes to tick; what is ticked and is not there any more stays to be seen."""
        lost = [(str(one), str(one)) for one in known if one not in dict(choices)]
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            choices=choices + lost,
            initial=list(map(str, known)),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def put_holder(self) -> None:
        """Whose post has it, what they can do with it, and where they may send it back to."""
        self.fields["role"] = post_of(self.step)
        verbs = [(str(verb), words) for verb, words in VERBS.items()]
        self.put_boxes("verbs", _("What can be done with it"), verbs, self.step.verbs)
        earlier = runs.earlier(self.step.id, self.part.steps)
        steps = [
            (one.id, said(one.name))
            for one in self.part.steps
            if one.id == self.step.back
            or (one.id in earlier and one.is_done_by_people and Verb.ACCEPT not in one.verbs)
        ]
        self.fields["back"] = forms.ChoiceField(
            label=_("May send back to"),
            help_text=_(
                "Who holds this step can send the dossier back there, as often as needed; the legal term runs on."
            ),
            choices=[("", _("no step")), *steps],
            initial=self.step.back or "",
            required=False,
        )

    def put_asked(self) -> None:
        """Whom it asks or who decides it, in words; which agency, where it is always the same."""
        vi, en = (_("Whom it asks"), _("Whom it asks, in English"))
        if self.step.kind is StepKind.ABOVE:
            vi, en = (_("Which agency decides it"), _("Which agency decides it, in English"))
        for part, label in (("vi", vi), ("en", en)):
            self.fields[f"asks_{part}"] = forms.CharField(
                label=label,
                max_length=300,
                required=part == "vi",
                initial=halves("asks", self.step.asks)[f"asks_{part}"],
                error_messages={"required": _("Write whom it asks.")},
            )
        self.put_agency(required=False)

    def put_agency(self, *, required: bool) -> None:
        self.fields["agency"] = forms.CharField(
            label=_("Code of the agency that does it"),
            help_text="" if required else _("Only where it is always the same one; such as G15."),
            max_length=35,
            required=required,
            initial=self.step.agency or "",
            error_messages={"required": _("Write the code of the agency.")},
        )

    def put_service(self) -> None:
        self.fields["service"] = forms.ChoiceField(
            label=_("Service of the register"),
            choices=services_in_words(services.known(), self.step.service),
            initial=self.step.service,
        )
        self.put_agency(required=True)

    def put_process(self) -> None:
        """How it is decided above: by a pattern, or by steps of its own, written on a page of their own."""
        pattern = pattern_of(self.step.steps)
        own = [] if pattern else [("", OWN)]
        self.fields["process"] = forms.ChoiceField(
            label=_("How it is decided above"),
            help_text=_("Its steps can then be changed one by one."),
            choices=[*own, *pattern_choices()],
            initial=pattern,
            required=False,
        )

    def changes(self) -> dict[str, Any]:
        """What was typed otherwise than it was, as the definition takes it."""
        changed, now = self.changed(), self.said(self.cleaned_data)
        if changed.get("service") and "agency" not in changed:
            changed["agency"] = keeper_of(changed["service"]) or now["agency"]
        return changed | self.handed(self.step.service, now.get("service"), self.step.inputs)

    def said(self, typed: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {
            name: text(typed[f"{name}_vi"].strip(), typed[f"{name}_en"].strip())
            for name in ("name", "citizen_reads", "asks")
            if f"{name}_vi" in self.fields
        }
        for name in self.fields:
            if name in {"after", "cases", "verbs"}:
                told[name] = kept_order(getattr(self.step, name), typed[name]) or None
            elif name in {"role", "agency", "back", "service", "process", "silence_agrees"}:
                told[name] = typed[name] or None
            elif name == "hours":
                told[name] = float(typed[name])
        return told


class NewStep(Identified):
    """A step that is not there yet: what it is, and where it stands."""

    use = forms.ChoiceField(label=_("What is done"), widget=forms.RadioSelect)
    at = forms.ChoiceField(label=_("Which step it is put to"))
    beside = forms.ChoiceField(
        label=_("How it stands there"),
        choices=[
            ("", _("after that step, before all that waited for it")),
            ("beside", _("beside that step, at the same time")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    words_from = "use"
    field_order = ("use", "at", "beside", "id")

    def __init__(self, typed: Any = None, *, steps: tuple[Step, ...]) -> None:
        super().__init__(typed, initial={"beside": ""}, taken={step.id for step in steps})
        self.fields["use"].choices = [  # type: ignore[attr-defined]
            (name, new_in_words(step)) for name, step in kinds_of_step().items()
        ]
        self.fields["at"].choices = [(step.id, said(step.name)) for step in steps]  # type: ignore[attr-defined]


def new_in_words(step: dict[str, Any]) -> str:
    """A step that can be added: what is done, and what its holder hands on, or who does it."""
    name, kind = said(Text(**step["name"])), StepKind(step["kind"])
    if kind is StepKind.ABOVE:
        return name
    onward = next((VERBS[Verb(verb)] for verb in step.get("verbs", ()) if verb in runs.ONWARD), None)
    return f"{name} – {onward if onward and kind is StepKind.HUMAN else KINDS_OF_STEP[kind]}"
