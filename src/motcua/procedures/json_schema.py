"""The form as JSON Schema 2020-12, for machines that file dossiers."""

from typing import Any

from motcua.procedures.schema import Condition, Definition, FormField, Group
from motcua.procedures.vocabulary import FieldType, RuleName

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TYPES: dict[FieldType, dict[str, Any]] = {
    FieldType.TEXT: {"type": "string"},
    FieldType.LONG: {"type": "string"},
    FieldType.PROVINCE: {"type": "string"},
    FieldType.PLACE: {"type": "string"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.CHOICE: {"type": "string"},
    FieldType.YESNO: {"type": "boolean"},
    FieldType.NUMBER: {"type": "integer"},
    FieldType.PERSONAL_NUMBER: {"type": "string", "pattern": "^[0-9]{12}$"},
    FieldType.PHONE: {"type": "string", "pattern": "^0[0-9]{9,10}$"},
    FieldType.EMAIL: {"type": "string", "format": "email"},
}
BOUNDS = {RuleName.MIN: "minimum", RuleName.MAX: "maximum"}


def form_schema(definition: Definition, case: str | None = None) -> dict[str, Any]:
    """The schema of the answers of one case; a field asked only sometimes is required only then."""
    groups = [group for group in definition.form if not group.cases or case in group.cases]
    asked = [(group, field) for group in groups for field in group.fields]
    conditional = [implied(group, field) for group, field in asked if is_conditional(group, field)]
    return {
        "$schema": DIALECT,
        "$id": f"urn:motcua:procedure:{definition.code}:{definition.version.isoformat()}:{case or 'form'}",
        "title": definition.name.vi,
        "type": "object",
        "additionalProperties": False,
        "properties": {field.id: field_schema(field) for _group, field in asked},
        "required": [
            field.id for group, field in asked if field.required and not is_conditional(group, field)
        ],
        **({"allOf": conditional} if conditional else {}),
    }


def is_conditional(group: Group, field: FormField) -> bool:
    return group.when is not None or field.when is not None


def field_schema(field: FormField) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label.vi, **TYPES[field.type]}
    if field.hint:
        schema["description"] = field.hint.vi
    if field.choices:
        schema["oneOf"] = [{"const": choice.value, "title": choice.label.vi} for choice in field.choices]
    if field.max:
        schema["maxLength"] = field.max
    if field.pattern:
        schema["pattern"] = f"^(?:{field.pattern})$"
    return schema | {BOUNDS[check.rule]: check.value for check in field.checks if check.rule in BOUNDS}


def implied(group: Group, field: FormField) -> dict[str, Any]:
    """If the conditions hold the field may (or must) be there, otherwise it must not."""
    conditions = [asserted(condition) for condition in (group.when, field.when) if condition]
    then: dict[str, Any] = {"required": [field.id]} if field.required else {}
    return {"if": {"allOf": conditions}, "then": then, "else": {"properties": {field.id: False}}}


def asserted(condition: Condition) -> dict[str, Any]:
    wanted = {"enum": list(condition.is_)} if isinstance(condition.is_, tuple) else {"const": condition.is_}
    return {"properties": {condition.field: wanted}, "required": [condition.field]}
