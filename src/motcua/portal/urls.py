"""Addresses of the citizen's front door."""

from django.urls import path

from motcua.portal import addresses
from motcua.portal.views import (
    appointments,
    batches,
    catalogue,
    favourites,
    guide,
    home,
    mandates,
    my,
    petitions,
    signing_lists,
    verify,
    wallet,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("procedures/", catalogue.search, name="procedures"),
    path("procedures/<str:code>/", catalogue.procedure, name="procedure"),
    path("procedures/<str:code>/favourite/", favourites.choose, name="favourite"),
    path("procedures/<str:code>/appointment/", appointments.choose, name="book"),
    path("guide/<slug:event>/", guide.ask, name="guide"),
    path("guide/<slug:event>/<path:answers>/", guide.ask, name="guide_answered"),
    path("verify/", verify.ask, name="verify"),
    path("verify/<str:code>/", verify.show, name="verify_code"),
    path("my/", my.dossiers, name="my"),
    path("my/procedures/", favourites.show, name="favourites"),
    path("my/inbox/", my.inbox, name="inbox"),
    path("my/inbox/read/", my.read_all, name="read_all"),
    path("my/inbox/<uuid:pk>/", my.open_notice, name="notice"),
    path("my/appointments/<uuid:pk>/", appointments.show, name="appointment"),
    path("my/appointments/<uuid:pk>/time/", appointments.change, name="change_time"),
    path("my/appointments/<uuid:pk>/cancel/", appointments.cancel, name="cancel_appointment"),
    path("my/appointments/<uuid:pk>/calendar/", appointments.calendar, name="appointment_calendar"),
    path("my/papers/", wallet.show, name="wallet"),
    path("my/papers/add/", wallet.add, name="add_paper"),
    path("my/papers/<uuid:pk>/", wallet.holding, name="holding"),
    path("my/papers/<uuid:pk>/file/", wallet.download, name="holding_file"),
    path("my/papers/<uuid:pk>/remove/", wallet.remove, name="remove_holding"),
    path("my/data/", my.data, name="data"),
    path("my/data/ask/<slug:register>/", petitions.question, name="question"),
    path("my/mandates/", mandates.index, name="mandates"),
    path("my/mandates/new/", mandates.write, name="mandate_new"),
    path("my/mandates/child/", mandates.child, name="mandate_child"),
    path("my/mandates/business/", mandates.business, name="mandate_business"),
    path("my/mandates/<uuid:pk>/", mandates.show, name="mandate"),
    *(
        path(f"my/mandates/<uuid:pk>/{verb}/", mandates.act, {"verb": verb}, name=f"mandate_{verb}")
        for verb in mandates.VERBS
    ),
    path("my/businesses/<str:code>/", batches.business, name="business"),
    path("my/lists/<uuid:pk>/", batches.show, name="batch"),
    path("my/lists/<uuid:pk>/rows/", batches.enter, name="batch_enter"),
    path("my/lists/<uuid:pk>/send/", batches.send, name="batch_send"),
    path("my/lists/<uuid:pk>/sign/start/", signing_lists.start, name="list_sign_start"),
    path("my/lists/<uuid:pk>/sign/back/", signing_lists.back, name="list_sign_back"),
    path("my/lists/<uuid:pk>/sign/look/", signing_lists.look, name="list_sign_look"),
    path("my/lists/<uuid:pk>/sign/print/", signing_lists.print_list, name="list_sign_print"),
    path("my/lists/<uuid:pk>/sign/upload/", signing_lists.upload, name="list_sign_upload"),
    path("my/lists/<uuid:pk>/sign/form.pdf", signing_lists.form, name="list_sign_form"),
    path("my/lists/<uuid:pk>/empty.xlsx", batches.workbook, name="batch_workbook"),
    path("my/lists/<uuid:pk>/empty.csv", batches.template, name="batch_template"),
    *addresses.urlpatterns,
]
