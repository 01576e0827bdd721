"""A procedure's questions as JSON Schema, so that a partner's system can ask them itself."""

from typing import Any

from motcua.procedures.schema import Condition, Definition, FormField
from motcua.procedures.vocabulary import FieldType, RuleName

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What is not here is a text: the form's own check says more.
TYPES: dict[FieldType, dict[str, Any]] = {
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.YESNO: {"type": "boolean"},
    FieldType.NUMBER: {"type": "integer"},
    FieldType.PERSONAL_NUMBER: {"type": "string", "pattern": "^[0-9]{12}$"},
    FieldType.EMAIL: {"type": "string", "format": "email"},
}
BOUNDS = {RuleName.MIN: "minimum", RuleName.MAX: "maximum"}


def json_schema(definition: Definition, case: str | None, language: str) -> dict[str, Any]:
    """The answers to a case's questions; those asked only under a condition are required under that condition."""
    groups = [group for group in definition.form if not group.cases or case in group.cases]
    asked = [
        (field, [one for one in (group.when, field.when) if one])
        for group in groups
        for field in group.fields
    ]
    rules = [under(conditions, field.id) for field, conditions in asked if field.required and conditions]
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": definition.name.said_in(language),
        "type": "object",
        "properties": {field.id: property_of(field, language) for field, _conditions in asked},
        "required": [field.id for field, conditions in asked if field.required and not conditions],
        "additionalProperties": False,
    }
    return schema | ({"allOf": rules} if rules else {})


def property_of(field: FormField, language: str) -> dict[str, Any]:
    """One question: its words, its type, what it may be."""
    found = {"title": field.label.said_in(language), **TYPES.get(field.type, {"type": "string"})}
    if field.hint:
        found["description"] = field.hint.said_in(language)
    if field.choices:
        found["oneOf"] = [{"const": one.value, "title": one.label.said_in(language)} for one in field.choices]
    if field.max:
        found["maxLength"] = field.max
    if field.pattern:
        found["pattern"] = f"^(?:{field.pattern})$"
    bounds = {BOUNDS[check.rule]: check.value for check in field.checks if check.rule in BOUNDS}
    return found | bounds


def under(conditions: list[Condition], id_: str) -> dict[str, Any]:
    """If the conditions hold, the question must be answered."""
    held = {
        one.field: {"enum": list(one.is_)} if isinstance(one.is_, tuple) else {"const": one.is_}
        for one in conditions
    }
    return {"if": {"properties": held, "required": list(held)}, "then": {"required": [id_]}}
