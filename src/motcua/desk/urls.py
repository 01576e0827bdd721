"""Addresses of the desk."""

from django.urls import path

from motcua.desk.addresses import LIST, PROCEDURES
from motcua.desk.decisions import VERBS
from motcua.desk.views import (
    agency,
    books,
    calendar,
    counter,
    dossier,
    indicators,
    mandates,
    papers,
    people,
    published,
    queue,
    register,
    signing,
    worklist,
)

app_name = "desk"

urlpatterns = [
    path("desk/", worklist.show, name="worklist"),
    *LIST,
    path("desk/agency/", agency.show, name="agency"),
    path("desk/agency/indicators/", indicators.show, name="indicators"),
    path("desk/agency/indicators/table.csv", indicators.table, name="indicators_table"),
    path("desk/agency/indicators/sample/", indicators.inspection, name="inspection"),
    path("desk/calendar/", calendar.show, name="calendar"),
    path("desk/calendar/day/", calendar.day, name="day"),
    path("desk/calendar/hours/", calendar.hours, name="hours"),
    path("desk/calendar/days/<int:pk>/clear/", calendar.clear, name="clear_day"),
    path("desk/sign/", signing.choose, name="sign_many"),
    path("desk/signing/", signing.progress, name="signing"),
    path("desk/books/", books.show, name="books"),
    path("desk/books/payments.csv", books.table, name="payments"),
    path("desk/books/statement/", books.statement, name="statement"),
    path("desk/books/payments/<uuid:pk>/match/", books.match, name="match"),
    path("desk/books/payments/<uuid:pk>/return/", books.give_back, name="return_payment"),
    path("desk/books/refunds/<int:pk>/", books.refund, name="refund"),
    path("desk/people/", people.show, name="people"),
    path("desk/people/<int:pk>/end/", people.end, name="end"),
    *PROCEDURES,
    path("desk/dossiers/<uuid:pk>/", dossier.show, name="dossier"),
    path("desk/dossiers/<uuid:pk>/control-slip/", dossier.control_slip, name="control_slip"),
    path("overdue/", published.overdue, name="overdue"),
    path("desk/mandates/", mandates.index, name="mandates"),
    path("desk/mandates/<uuid:pk>/", mandates.show, name="mandate"),
    path("desk/mandates/<uuid:pk>/paper/", mandates.paper, name="mandate_paper"),
    path("desk/register/", register.show, name="register"),
    path("desk/queue/", queue.desk, name="queue"),
    path("desk/queue/open/", queue.open_queue, name="open_queue"),
    path("desk/queue/<int:pk>/served/", queue.end, {"verb": "served"}, name="ticket_served"),
    path("desk/queue/<int:pk>/gone/", queue.end, {"verb": "gone"}, name="ticket_gone"),
    path("queue/<str:place>/", queue.kiosk, name="kiosk"),
    path("queue/<str:code>/screen/", queue.screen, name="screen"),
    path("desk/counter/", counter.start, name="counter"),
    path("desk/counter/<uuid:pk>/", counter.intake, name="intake"),
    path("desk/counter/<uuid:pk>/taken/", counter.done, name="taken"),
    path("desk/dossiers/<uuid:pk>/papers/", papers.add, name="papers"),
    path("desk/dossiers/<uuid:pk>/note/", papers.note, name="note"),
    path("desk/dossiers/<uuid:pk>/papers/<int:paper>/", dossier.paper, name="paper"),
    path("desk/dossiers/<uuid:pk>/documents/<uuid:document>/", dossier.document, name="document"),
    *(path(f"desk/dossiers/<uuid:pk>/{verb}/", dossier.decide, {"verb": verb}, name=verb) for verb in VERBS),
]
