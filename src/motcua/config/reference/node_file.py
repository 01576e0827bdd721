"""docs/settings.md: the fields of node.toml."""

import json
from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from motcua.config.node import Context, Node
from motcua.config.reference.writing import document, one_line, table

INTRODUCTION = """
A node has one settings file, `node.toml` in its home (`--node HOME`, else `$MOTCUA_HOME`, else `.motcua/node`).
`motcua init` writes it; an unknown field or a value that does not hold stops every command with the field's name.
Changes take effect when the node is started again.
"""
BESIDES = """
Beside `node.toml`, a node's home holds `keys/` (the node's key, the country's public root key, seals, signatures,
trusted authorities), `directory.json`, `files/`, `mail/`, `log/` and `run/`. See [the operator's guide](guide/operator.md).
"""


def page() -> str:
    """The whole page."""
    return document(
        "Settings of a node",
        INTRODUCTION,
        table(["field", "what it is", "default"], (row(*one) for one in Node.model_fields.items())),
        f"`contexts` may hold {one_line(get_args(Context.__value__))}.",
        BESIDES,
    )


def row(name: str, field: FieldInfo) -> list[str]:
    return [f"`{name}`", field.description or "", default(field.default)]


def default(value: Any) -> str:
    """As it would be written in the file."""
    return "must be given" if value is PydanticUndefined else f"`{json.dumps(value)}`"
