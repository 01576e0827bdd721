"""The numbers of documents between agencies: of the agency that asks, for a month or a year."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.scopes import Scope
from motcua.api.shapes import dispatched as shapes
from motcua.dispatches.answering import answered
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


@operation(
    "GET",
    "/indicators/tasks",
    _("Answers the agency asked for in a month or a year, by receiver: in time, late, still open"),
    about="indicators",
    scope=Scope.INDICATORS,
    query=shapes.DocumentsAsked,
    gives=shapes.TasksGiven,
)
def show_tasks(call: Call) -> shapes.TasksGiven:
    """The same numbers as on the desk's page."""
    today = timezone.localdate()
    period = Period.read(call.query.period or "", today)
    return shapes.TasksGiven(
        agency=call.agency,
        period=str(period),
        first=period.first,
        last=period.last,
        receivers=[
            shapes.TasksOf(**{name: getattr(one, name) for name in shapes.TasksOf.model_fields})
            for one in answered([call.agency], period, today)
        ],
    )
