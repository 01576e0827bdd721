"""The form in which the next version of a procedure is written."""

from django.utils.translation import gettext_lazy as _

from motcua.desk.forms.filing import AsFile, text_of_file
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

    def read(self, text: str) -> Definition:
        return shaped(Document.parsed(text, shown_as=""))
