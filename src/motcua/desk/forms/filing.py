"""What is written as a file, in the browser: a text, read as a whole or refused with each fault at its line."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from motcua.procedures.reading import Faulty

# Words in the language of the page, put together when they are shown.
type Said = Any


class AsFile[Content](forms.Form):
    """A text that is a file; what it says is `content`. Subclasses name the field and read the text."""

    content: Content

    def read(self, text: str) -> Content:
        """What the text says; raises `Faulty`."""
        raise NotImplementedError

    def clean_text(self) -> str:
        """The text, if it can be read; otherwise every fault with its line."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        try:
            self.content = self.read(text)
        except Faulty as faulty:
            raise forms.ValidationError(
                [
                    _("Line %(line)d, %(field)s: %(message)s")
                    % {"line": fault.line, "field": fault.field, "message": fault.message}
                    for fault in faulty.faults
                ]
            ) from faulty
        return text


def text_of_file(label: Said, *, hint: Said, missing: Said, rows: int, most: int) -> forms.CharField:
    """The box for it, in which nothing is changed."""
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea({"rows": rows, "spellcheck": "false", "class": "input code"}),
        max_length=most,
        strip=False,
        error_messages={"required": missing},
    )
