"""What is written as a file, in the browser: a text, read as a whole or refused with each fault at its line."""

from collections.abc import Callable
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
        text = self.typed().replace("\r\n", "\n")
        self.content = with_lines(lambda: self.read(text))
        return text

    def typed(self) -> str:
        """What was typed."""
        return str(self.cleaned_data["text"])


def with_lines[Content](read: Callable[[], Content]) -> Content:
    """What is read; otherwise a form's error that says every fault with its line."""
    try:
        return read()
    except Faulty as faulty:
        raise forms.ValidationError(
            [
                _("Line %(line)d, %(field)s: %(message)s")
                % {"line": fault.line, "field": fault.field, "message": fault.message}
                for fault in faulty.faults
            ]
        ) from faulty


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
