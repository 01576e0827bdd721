"""Where a value that was filled in for someone comes from, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.dossiers.models import Application
from motcua.sharing.registers import name_of
from motcua.ui import words

# What is told as the source where no register was read.
ACCOUNT = "account"


def sources(application: Application) -> dict[str, str]:
    """For each answer that came from a register, the words that say so."""
    return {field: in_words(told) for field, told in application.sources.items()}


def in_words(told: Mapping[str, Any]) -> str:
    """“Từ Cơ sở dữ liệu quốc gia về dân cư, 20/11, 10:14”; what who files has told us themselves is from their account."""
    if told.get("service") == ACCOUNT:
        return _("From your account")
    register = name_of(str(told.get("service", "")))
    read_at = datetime.fromisoformat(told["at"])
    return _("From the %(register)s, %(when)s") % {
        "register": register,
        "when": words.short_moment(read_at),
    }
