"""The form in which the next version of a procedure is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.desk.forms.filing import AsFile, text_of_file, with_lines
from motcua.procedures.loading import shaped
from motcua.procedures.reading import Document
from motcua.procedures.schema import Definition

LONGEST = 200_000


class Written(AsFile[Definition]):
    """The whole procedure as its file."""

    text = text_of_file(
        _("The procedure as a file"),
        hint=_(
            "The same file that `motcua procedures check` reads; `pattern` and `use` may be written here too."
        ),
        missing=_("Write the procedure."),
        rows=40,
        most=LONGEST,
    )
    file = forms.FileField(
        label=_("Or take it from a file"),
        help_text=_("A file .yaml on your machine; it takes the place of all that stands above."),
        required=False,
        widget=forms.FileInput({"accept": ".yaml,.yml,text/plain"}),
    )

    def typed(self) -> str:
        """What the file says, or else what was typed."""
        return brought(self.files.get("file")) or super().typed()

    def read(self, text: str) -> Definition:
        return shaped(Document.parsed(text, shown_as=""))


def brought(file: Any) -> str:
    """What an uploaded file says; empty without one."""
    if file is None:
        return ""
    if file.size > LONGEST * 4:
        raise forms.ValidationError(_("This file is too large to be a procedure."))
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise forms.ValidationError(_("This file is no text in UTF-8.")) from fault


def read(text: str) -> Definition:
    """The definition a text has the shape of; otherwise every fault with its line."""
    return with_lines(lambda: shaped(Document.parsed(text.replace("\r\n", "\n"), shown_as="")))
