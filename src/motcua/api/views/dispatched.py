"""The numbers of documents between agencies: of the agency that asks, for a month or a year."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.scopes import Scope
from motcua.api.shapes import dispatched as shapes
from motcua.dispatches.statistics import Counted, Period, counted
from motcua.organisations.models import Agency


@operation(
    "GET",
    "/indicators/documents",
    _("Documents the agency sent and received in a month or a year: electronic, signed, in time"),
    about="indicators",
    scope=Scope.INDICATORS,
    query=shapes.DocumentsAsked,
    gives=shapes.DocumentNumbers,
)
def show_documents(call: Call) -> shapes.DocumentNumbers:
    """The same numbers as on the desk's page."""
    period = Period.read(call.query.period or "", timezone.localdate())
    lines = counted(Agency.objects.filter(code=call.agency), period)
    line = lines[0] if lines else Counted(call.agency, "")
    names = set(shapes.DocumentNumbers.model_fields) - {"agency", "period", "first", "last", "faults"}
    return shapes.DocumentNumbers(
        agency=call.agency,
        period=str(period),
        first=period.first,
        last=period.last,
        faults=[shapes.DocumentFault(code=code, documents=number) for code, number in line.faults.items()],
        **{name: getattr(line, name) for name in names},
    )
