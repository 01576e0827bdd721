"""What a file's values do not fit, told as advice: where, and how to mend it."""

import json
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from motcua.procedures.reading import Document, Faulty


def validated[Model: BaseModel](document: Document, model: type[Model], data: Any) -> Model:
    """The data of a document as a model; raises `Faulty` with every misfit at its line."""
    try:
        return model.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.fault(detail["loc"], in_words(detail))
        raise Faulty(sorted(document.faults)) from error


def in_words(detail: ErrorDetails) -> str:
    """What pydantic found, as advice."""
    facts = {"given": detail["input"], **detail.get("ctx", {})}
    words = advice().get(detail["type"])
    return words % facts if words else detail["msg"]


def advice() -> dict[str, str]:
    return {
        "missing": _("is missing: add it"),
        "extra_forbidden": _("no such key: check its spelling, or take it out"),
        "enum": _("“%(given)s” is not known; choose one of: %(expected)s"),
        "literal_error": _("“%(given)s” is not known; choose one of: %(expected)s"),
        "string_type": _("must be text: put it in quotes"),
        "string_pattern_mismatch": _("“%(given)s” is not of the form %(pattern)s"),
        "value_error": "%(error)s",
    }
