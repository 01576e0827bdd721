"""Who need not pay, as lines people type: name in the file | who | question=answer | paper that proves it | provision."""

from typing import Any

from django.utils.translation import gettext as _

from motcua.desk.conditioning import chosen, condition_of
from motcua.procedures.schema import Definition, Exemption

BAR = " | "


def as_text(definition: Definition) -> str:
    """One line for each."""
    return "\n".join(line(one) for one in definition.exemptions)


def line(one: Exemption) -> str:
    said = [one.id, one.name.vi, ", ".join(chosen(one.when)), one.proof or "", one.basis]
    return BAR.join(said).rstrip(" |")


def of_text(text: str, definition: Definition) -> list[dict[str, Any]]:
    """The exemptions of such lines; what a line does not show (English, cases) stays. Raises ValueError with the line."""
    known = {one["id"]: one for one in definition.as_content().get("exemptions", [])}
    return [read(one, known) for one in text.splitlines() if one.strip()]


def read(text: str, known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    id_, who, when, proof, basis = ([part.strip() for part in text.split("|")] + [""] * 5)[:5]
    if not (id_ and who and "=" in when):
        raise ValueError(
            _("“%(line)s”: write name | who | question=answer, such as poor | Hộ nghèo | household=poor.")
            % {"line": text.strip()}
        )
    before = known.get(id_, {})
    name = before["name"] if before.get("name", {}).get("vi") == who else {"vi": who}
    kept = {key: value for key, value in before.items() if key in {"cases", "channels"}}
    more = {key: value for key, value in (("proof", proof), ("basis", basis)) if value}
    return {
        "id": id_,
        "name": name,
        "when": condition_of([one.strip() for one in when.split(",")]),
        **kept,
        **more,
    }
