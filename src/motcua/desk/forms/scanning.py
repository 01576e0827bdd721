"""What the clerk writes of a document that came on paper, with its scans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dispatches.kinds import Kind, Urgency, kind_name
from motcua.documents.intake import LARGEST
from motcua.organisations.models import Agency
from motcua.ui.forms import DatePartsField

MOST_FILES = 20


class FileInput(forms.FileInput):
    """A box that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, in the order in which they were chosen."""

    widget = FileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each as Django checks one."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files]


class TakePaper(forms.Form):
    """A document that came on paper: whose it is, what stands on it, its scans page after page."""

    sender_name = forms.CharField(
        label=_("Who wrote it?"),
        help_text=_("The agency as it stands on the document."),
        max_length=200,
        error_messages={"required": _("Write who wrote it.")},
    )
    number = forms.CharField(
        label=_("Number and notation"),
        help_text=_("As on the document, for example 12/QĐ-UBND."),
        max_length=60,
        required=False,
    )
    issued_on = DatePartsField(label=_("Issued on"), required=False)
    kind = forms.ChoiceField(label=_("Kind of document"), choices=Kind.choices, initial=Kind.LETTER)
    subject = forms.CharField(
        label=_("What is it about?"),
        help_text=_("One sentence; it stands in the register."),
        max_length=500,
        error_messages={"required": _("Say in a sentence what the document is about.")},
    )
    signer = forms.CharField(label=_("Signed by"), max_length=200, required=False)
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=Urgency.choices, coerce=int, initial=Urgency.NONE, required=False
    )
    answer_by = DatePartsField(label=_("To be answered by"), required=False)
    scans = FilesField(
        label=_("Scans of all pages, in their order"),
        help_text=_(
            "PDF, JPG, PNG or TIFF, together at most 10 MB, in colour, of the whole page, at 200 dots per inch or more."
        ),
        widget=FileInput({"accept": "application/pdf,image/jpeg,image/png,image/tiff", "multiple": True}),
        error_messages={
            "required": _("Choose the scans of the paper."),
            "empty": _("The file is empty. Choose it again."),
        },
    )

    def clean_scans(self) -> list[bytes]:
        """What is in them."""
        files = self.cleaned_data["scans"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)s files at once.") % {"most": MOST_FILES})
        return [one.read(LARGEST + 1) for one in files]

    def clean(self) -> dict[str, Any]:
        """As the register has it: an agency that is known stands there with its code."""
        typed = self.cleaned_data
        typed["urgency"] = typed.get("urgency") or Urgency.NONE
        typed["kind_name"] = kind_name(typed.pop("kind")) if "kind" in typed else ""
        name = typed.get("sender_name", "")
        known = Agency.objects.in_force().filter(name_vi__iexact=name).first()
        typed["sender"] = known.code if known else ""
        return typed
