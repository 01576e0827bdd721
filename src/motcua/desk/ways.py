"""The forms in which time and fees are written, of all cases and of one; a case with what is asked and done in it."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.desk.handing import said
from motcua.desk.questioning import halves, text
from motcua.procedures import part_editing
from motcua.procedures.case_editing import members
from motcua.procedures.part_editing import Cell, Way
from motcua.procedures.schema import Case, Definition, Text
from motcua.procedures.vocabulary import Channel, Unit
from motcua.procedures.words import CHANNELS

UNITS: dict[str, Promise] = {
    "": _("not said"),
    Unit.WORKING_DAYS: _("working days"),
    Unit.DAYS: _("days"),
    Unit.MONTHS: _("months"),
    Unit.HOURS: _("working hours"),
    Unit.AT_ONCE: _("within the day"),
}


class Cells(forms.Form):
    """How long it takes and what it costs, by case and way of filing: three boxes a row."""

    cells: dict[str, Cell]
    titles: dict[str, str]

    def put_cells(self, definition: Definition, cells: Collection[Cell], *, by_case: bool) -> None:
        """A row for each of these."""
        names = {case.id: said(case.name) for case in definition.cases}
        ways = part_editing.ways(definition)
        self.cells, self.titles = {}, {}
        for case, channel in cells:
            key = f"{case or ''}.{channel}"
            self.cells[key] = case, channel
            words = [names.get(case or "") if by_case else "", str(CHANNELS[channel])]
            self.titles[key] = " – ".join(filter(None, words))
            self.put(key, ways[case, channel])

    def put(self, key: str, way: Way) -> None:
        """The three boxes of one row, each with a name of its own for who does not see the table."""
        title = self.titles[key]
        self.fields[f"value.{key}"] = forms.IntegerField(
            label=_("Term"), min_value=0, max_value=9999, required=False, initial=way.value
        )
        self.fields[f"unit.{key}"] = forms.ChoiceField(
            label=_("Counted in"), choices=list(UNITS.items()), required=False, initial=way.unit or ""
        )
        self.fields[f"amount.{key}"] = forms.IntegerField(
            label=_("Fee in đồng"), min_value=0, max_value=10**12, required=False, initial=way.amount
        )
        for name in ("value", "unit", "amount"):
            field = self.fields[f"{name}.{key}"]
            size = {"class": "short"} if name == "value" else {"size": 9} if name == "amount" else {}
            field.widget.attrs |= {"aria-label": f"{field.label}: {title}", **size}

    def rows(self) -> list[tuple[str, Any, Any, Any]]:
        """Each case and way with its boxes."""
        return [
            (title, self[f"value.{key}"], self[f"unit.{key}"], self[f"amount.{key}"])
            for key, title in self.titles.items()
        ]

    def grid(self) -> dict[Cell, Way]:
        """What each row says."""
        typed = self.cleaned_data
        return {
            cell: Way(
                typed[f"amount.{key}"],
                None if typed[f"unit.{key}"] in {"", Unit.AT_ONCE} else typed[f"value.{key}"],
                Unit(typed[f"unit.{key}"]) if typed[f"unit.{key}"] else None,
            )
            for key, cell in self.cells.items()
        }


class Ways(Cells):
    """Which ways of filing are open, and for each case and way how long it takes and what it costs."""

    channels = forms.MultipleChoiceField(
        label=_("Ways of filing that are open"),
        choices=[(str(key), said) for key, said in CHANNELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the way of filing to open.")},
    )

    cut_off = forms.TimeField(
        label=_("Cut-off of the day"),
        help_text=_("What is received later counts from the next working day. Most procedures have 15:00."),
        input_formats=["%H:%M", "%Hh%M", "%H"],
        # A box for text: a browser's own box for hours writes 03:00 PM where the machine speaks English.
        widget=forms.TimeInput({"class": "short", "autocomplete": "off"}, format="%H:%M"),
        required=False,
        error_messages={"invalid": _("Write the hour, such as 15:00.")},
    )

    def __init__(self, typed: Any = None, *, definition: Definition) -> None:
        first = {"channels": list(map(str, definition.channels)), "cut_off": definition.cut_off_time}
        super().__init__(typed, initial=first)
        self.put_cells(definition, part_editing.ways(definition), by_case=True)

    def hour(self) -> str | None:
        """The cut-off as the definition takes it; nothing where nothing was written."""
        cut_off = self.cleaned_data["cut_off"]
        return f"{cut_off:%H:%M}" if cut_off else None

    def wanted(self) -> tuple[list[Channel], dict[Cell, Way]]:
        """The open ways, and what each cell says."""
        return [channel for channel in CHANNELS if channel in self.cleaned_data["channels"]], self.grid()


# What can hold in some cases only, as the form of one case names it.
IN_IT: dict[str, tuple[Promise, Promise]] = {
    "papers": (_("Papers asked for in this case"), _("A paper that is not ticked is not asked for in it.")),
    "form": (
        _("Pages of the form asked in this case"),
        _("When a question is asked besides stands with it."),
    ),
    "steps": (
        _("Steps taken in this case"),
        _("What waits for a step that is not taken goes on without it."),
    ),
    "results": (_("Results there are in this case"), _("At least one.")),
}


class NewCase(forms.Form):
    """A case more, by its name."""

    name_vi = forms.CharField(
        label=_("What the case is called"),
        help_text=_("As people say which one is theirs: “issued for the first time”."),
        max_length=300,
        error_messages={"required": _("Write what the case is called.")},
    )
    name_en = forms.CharField(label=_("The same in English"), max_length=300, required=False)

    def name(self) -> dict[str, str]:
        """The name, as the definition takes it."""
        typed = self.cleaned_data
        return text(typed["name_vi"].strip(), typed["name_en"].strip()) or {}


class AskedCase(NewCase, Cells):
    """One case: its name, its time and fee by way of filing, and what is asked for and done in it."""

    def __init__(self, typed: Any = None, *, definition: Definition, known: Case) -> None:
        super().__init__(typed, initial=halves("name", known.name))
        self.put_cells(definition, [(known.id, channel) for channel in definition.channels], by_case=False)
        for name, (label, help_text) in IN_IT.items():
            self.put_boxes(name, label, help_text, members(definition, name), known.id)

    def put_boxes(
        self,
        name: str,
        label: Any,
        help_text: Any,
        those: Sequence[tuple[str, Text, tuple[str, ...]]],
        case: str,
    ) -> None:
        """Boxes for what can hold in this case; none where the procedure has nothing of the kind."""
        if those:
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                help_text=help_text,
                choices=[(key, said(words)) for key, words, _cases in those],
                initial=[key for key, _words, cases in those if not cases or case in cases],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def boxes(self) -> list[Any]:
        """What is ticked, below the name and above time and fee."""
        return [self[name] for name in IN_IT if name in self.fields]

    def ticked(self) -> dict[str, list[str]]:
        """What holds in this case, of each kind."""
        return {name: self.cleaned_data[name] for name in IN_IT if name in self.fields}
