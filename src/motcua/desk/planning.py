"""The forms in which a plan of reorganisation is written, one entry at a time; what is not touched stays as the file says."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from motcua.desk.choosing import CODE, Lines, OneAgency
from motcua.organisations.models import Post
from motcua.procedures.models import Procedure
from motcua.procedures.reading import Place
from motcua.reorganisations.editing import put
from motcua.reorganisations.scheme import KINDS, Kind, Scheme, entry_faults


class Entry(forms.Form):
    """One entry of a plan; `changes` is what was written otherwise than it was."""

    known: Mapping[str, Any]

    def __init__(
        self,
        typed: Any = None,
        *,
        codes: Sequence[str],
        scheme: Scheme | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        self.known, self.codes = known or {}, codes
        self.begun = {one.code: one.short_name for one in scheme.new} if scheme else {}
        initial = {
            key: "\n".join(value) if isinstance(self.base_fields.get(key), Lines) else value
            for key, value in self.known.items()
        }
        super().__init__(typed, initial=initial)

    def put_agency(self, name: str, *, required: bool = True, **options: Any) -> None:
        missing = {"required": _("Write the name or the code of the agency.")}
        known = self.known.get(name) or ""
        self.initial.pop(name, None)
        self.fields[name] = OneAgency(
            self.codes, known=known, begun=self.begun, required=required, error_messages=missing, **options
        )

    def changes(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in self.changed_data}

    def changed(self, scheme: Scheme, place: Place) -> Scheme | None:
        """The plan with this entry; nothing if it cannot be, and the form says why."""
        result = put(scheme, place, self.changes())
        for fault in entry_faults(result):
            field = self.field_of(fault.place, place)
            if fault.plain not in self.errors.get(field or "__all__", ()):
                self.add_error(field, fault.plain)
        return None if self.errors else result

    def field_of(self, fault: Place, place: Place) -> str | None:
        """The field a fault of the plan belongs to; what it says of another entry comes from the code."""
        rest = fault[len(place) :]
        if fault[: len(place)] == place:
            wanted = str(rest[0]) if rest else "procedures" if "procedures" in self.fields else "into"
        else:
            wanted = "to" if place[: len(fault)] == fault else "code"
        return wanted if wanted in self.fields else None


DATED = {"type": "date"}


class Facts(Entry):
    """Name, decision and day of a plan."""

    title = forms.CharField(
        label=_("What the plan is called"), max_length=200, error_messages={"required": _("Write a name.")}
    )
    decision = forms.CharField(
        label=_("Number of the decision"),
        help_text=_("Such as 12/NQ-HĐND."),
        max_length=200,
        error_messages={"required": _("Write the number of the decision.")},
    )
    on = forms.DateField(
        label=_("Day from which it holds"),
        widget=forms.DateInput(DATED, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day.")},
    )
    kind = forms.ChoiceField(label=_("What happens"), choices=list(KINDS.items()), widget=forms.RadioSelect)

    def __init__(self, typed: Any = None, **about: Any) -> None:
        super().__init__(typed, **about)
        self.initial["on"] = dt.date.fromisoformat(self.known["on"])

    def changes(self) -> dict[str, Any]:
        return {key: value.isoformat() if key == "on" else value for key, value in super().changes().items()}


NEWCOMER = {"new_code": "code", "new_name": "name_vi", "new_short": "short_name", "new_unit": "unit_code"}


OF_NEW = {
    "new_code": _("New agency: its code"),
    "new_name": _("New agency: its full name"),
    "new_short": _("New agency: its short name"),
    "new_unit": _("New agency: code of its place"),
}


class Ends(Entry):
    """An agency that ends, and who takes over: one that exists, or one that begins with the plan."""

    def __init__(self, typed: Any = None, **about: Any) -> None:
        super().__init__(typed, **about)
        self.put_agency("code", label=_("Agency that ends"))
        self.put_agency(
            "into",
            required=bool(self.known),
            label=_("Who takes over"),
            help_text=_(
                "Whatever is not sent elsewhere goes there. Leave it empty for a new agency and name that below."
            ),
        )
        if self.known:
            self.put_choices()
            self.fields["into"].help_text = _("Whatever is not sent elsewhere goes there.")
        else:
            self.fields.update({name: deepcopy(Newcomer.base_fields[of]) for name, of in NEWCOMER.items()})
            for name, label in OF_NEW.items():
                self.fields[name].label, self.fields[name].required = label, False

    def put_choices(self) -> None:
        self.initial = {"values": "take over", "numbers": "fresh", **self.initial}
        values = {"take over": _("go on at who takes over"), "end": _("end with the agency")}
        numbers = {"fresh": _("begin anew"), "continue": _("go on under the other code")}
        for name, label, choices in (
            ("values", _("Local values of procedures"), values),
            ("numbers", _("Series of numbers"), numbers),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=list(choices.items()), widget=forms.RadioSelect
            )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.known or "into" in self.errors:
            return typed
        if any(typed.get(name) for name in NEWCOMER):
            if typed.get("into"):
                self.add_error("into", _("Either an agency that exists or a new one takes over, not both."))
            for name in ("new_code", "new_name", "new_short"):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("A new agency needs this."))
        elif not typed.get("into"):
            self.add_error("into", _("Say who takes over, or name the new agency below."))
        return typed

    def newcomer(self) -> dict[str, Any]:
        """The agency that begins with the entry; empty if an existing one takes over."""
        if not self.cleaned_data.get("new_code"):
            return {}
        return with_unit({key: self.cleaned_data[name] for name, key in NEWCOMER.items()})

    def changes(self) -> dict[str, Any]:
        found = {key: value for key, value in super().changes().items() if key not in NEWCOMER}
        return found | ({"into": new["code"]} if (new := self.newcomer()) else {})

    def changed(self, scheme: Scheme, place: Place) -> Scheme | None:
        if new := self.newcomer():
            if new["code"] in {one.code for one in scheme.new}:
                self.add_error("new_code", TWICE)
                return None
            scheme = put(scheme, ("new", len(scheme.new)), new)
        return super().changed(scheme, place)


TWICE = _("The plan names this agency already.")


def with_unit(new: dict[str, Any]) -> dict[str, Any]:
    """The place a commune governs is the last part of its code, unless another is written."""
    last = new["code"].rpartition(".")[2]
    unit = new.get("unit_code") or (last if re.fullmatch(r"[0-9]{5}", last) else "")
    return {key: value for key, value in (new | {"unit_code": unit}).items() if value}


class Newcomer(Entry):
    """An agency that begins, or another name for one that goes on."""

    code = forms.RegexField(
        rf"^{CODE.pattern}",
        label=_("Its code"),
        help_text=_("Such as H38.03099: the code of the agency above, a point, its own."),
        max_length=35,
        error_messages={
            "required": _("Write the code."),
            "invalid": _("A code is written like H38.03099."),
        },
    )
    name_vi = forms.CharField(
        label=_("Its full name"),
        max_length=200,
        error_messages={"required": _("Write the full name.")},
    )
    short_name = forms.CharField(
        label=_("Its short name"),
        error_messages={"required": _("Write the short name.")},
        help_text=_("As people say it: UBND xã Bát Xát."),
        max_length=100,
        required=False,
    )
    name_en = forms.CharField(label=_("The same in English"), max_length=200, required=False)
    unit_code = forms.RegexField(
        r"^([0-9]{2}|[0-9]{3}|[0-9]{5})$",
        label=_("Code of the place it governs"),
        help_text=_("As in the table of administrative units; left empty, the last five digits of its code."),
        max_length=5,
        required=False,
        error_messages={"invalid": _("Two, three or five digits.")},
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone number"), max_length=20, required=False)

    def __init__(self, typed: Any = None, **about: Any) -> None:
        super().__init__(typed, **about)
        if self.known and "name_vi" not in self.known:
            self.fields["name_vi"].required = False

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code in self.begun and code != self.known.get("code"):
            raise ValidationError(TWICE)
        return code


class Allots(Entry):
    """Which open dossiers go elsewhere than to the main heir."""

    with_officer = forms.BooleanField(
        label=_("Dossiers in an officer's hands go where that officer goes"), required=False
    )
    procedures = Lines(
        label=_("Of these procedures"), help_text=_("Their codes, one a line, such as 2.000986.")
    )
    contains = Lines(
        label=_("From these places"),
        help_text=_("Villages or streets as they stand in the address, one a line, such as Tả Van."),
    )

    def __init__(self, typed: Any = None, **about: Any) -> None:
        super().__init__(typed, **about)
        known = self.known.get("field") or ""
        fields = {"": "–"} | ({known: known} if known else {}) | {"address": _("where the applicant lives")}
        self.fields["field"] = forms.ChoiceField(
            label=_("Which address is meant"),
            help_text=_("Another question of a form is written in the file."),
            choices=list(fields.items()),
            required=False,
        )
        self.put_agency(
            "to",
            required=False,
            label=_("They go to"),
            help_text=_("Empty only for dossiers that go with their officer."),
        )
        self.order_fields(["to", "procedures", "contains", "field", "with_officer"])

    def clean_procedures(self) -> list[str]:
        typed: list[str] = self.cleaned_data["procedures"]
        fresh = [code for code in typed if code not in self.known.get("procedures", ())]
        there = set(Procedure.objects.filter(code__in=fresh).values_list("code", flat=True)) if fresh else ()
        if lost := [code for code in fresh if code not in there]:
            raise ValidationError(
                _("There is no procedure with the code %(codes)s."), params={"codes": ", ".join(lost)}
            )
        return typed

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(typed.get("contains")) != bool(typed.get("field")) and not self.errors:
            missing = "field" if typed.get("contains") else "contains"
            self.add_error(missing, _("Places and which address is meant belong together."))
        return typed


class Posts(Entry):
    """Which posts and officers go elsewhere than to the main heir, become something else, or end."""

    roles = forms.MultipleChoiceField(
        label=_("Posts of these roles"),
        choices=Post.Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    titles = Lines(label=_("Posts of these titles"), help_text=_("One a line, as they are called today."))
    names = Lines(label=_("These officers"), help_text=_("One name a line."))
    ends = forms.BooleanField(label=_("The post ends with the agency"), required=False)
    becomes = forms.ChoiceField(
        label=_("It becomes"), choices=[("", _("stays what it is")), *Post.Role.choices], required=False
    )
    title = forms.CharField(label=_("Title of the post afterwards"), max_length=100, required=False)

    def __init__(self, typed: Any = None, **about: Any) -> None:
        super().__init__(typed, **about)
        self.put_agency("to", required=False, label=_("They go to"), help_text=_("Empty: to who takes over."))
        self.order_fields(["roles", "titles", "names", "ends", "to", "becomes", "title"])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (typed["roles"] or typed["titles"] or typed["names"]):
            self.add_error("roles", _("Say which posts or officers."))
        elif typed.get("ends") and (typed.get("to") or typed.get("becomes") or typed.get("title")):
            self.add_error("ends", _("A post that ends goes nowhere and becomes nothing else."))
        return typed


# A plan begun: its facts with the first thing that happens


def first_facts(form: Entry) -> None:
    """The facts of a plan on the form of its first entry."""
    for name in ("title", "decision", "on"):
        form.fields[name] = deepcopy(Facts.base_fields[name])
    form.order_fields(["title", "decision", "on"])


class BeginsWithEnding(Ends):
    """A plan begins with an agency that ends."""

    def __init__(self, typed: Any = None, *, kind: Kind, **about: Any) -> None:
        super().__init__(typed, **about)
        self.kind = kind
        first_facts(self)

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        return {key: found[key] for key in ("code", "into")}

    def begun_plan(self) -> Scheme | None:
        return self.changed(bare_plan(self), ("old", 0))


class BeginsWithName(Entry):
    """A plan begins with an agency that has another name from the day on, and perhaps another code."""

    def __init__(self, typed: Any = None, *, kind: Kind, **about: Any) -> None:
        super().__init__(typed, **about)
        self.kind = kind
        self.put_agency("agency", label=_("Agency that gets another name"))
        for name in ("name_vi", "short_name", "name_en"):
            self.fields[name] = deepcopy(Newcomer.base_fields[name])
        self.fields["short_name"].required = True
        self.fields["new_code"] = deepcopy(Newcomer.base_fields["code"])
        self.fields["new_code"].required = False
        self.fields["new_code"].label = _("Another code, if it gets one")
        first_facts(self)

    def begun_plan(self) -> Scheme | None:
        typed = self.cleaned_data
        names = {key: typed[key] for key in ("name_vi", "short_name", "name_en") if typed[key]}
        code, new_code = typed["agency"], typed["new_code"]
        if not new_code or new_code == code:
            return put(bare_plan(self), ("new", 0), {"code": code} | names)
        scheme = put(bare_plan(self), ("new", 0), with_unit({"code": new_code} | names))
        return put(scheme, ("old", 0), {"code": code, "into": new_code})


def bare_plan(form: Any) -> Scheme:
    """A plan that says nothing yet but its facts."""
    typed = form.cleaned_data
    facts = {key: typed[key] for key in ("title", "decision")}
    return Scheme.from_content(facts | {"on": typed["on"].isoformat(), "kind": form.kind})
