"""Addresses of applying and following: one page a group of questions, one page a dossier."""

from django.urls import path

from motcua.portal.views import applying, batches, following, petitions, signing, uploading, wallet

urlpatterns = [
    path("procedures/<str:code>/begin/", applying.begin, name="begin"),
    path("applications/<uuid:pk>/", following.show, name="application"),
    path("applications/<uuid:pk>/resume/", applying.resume, name="resume"),
    path("applications/<uuid:pk>/papers/", uploading.papers, name="papers"),
    path("applications/<uuid:pk>/papers/<str:paper>/", uploading.upload, name="upload"),
    path("applications/<uuid:pk>/papers/<str:paper>/wallet/", wallet.reuse, name="reuse"),
    path("applications/<uuid:pk>/papers/<str:paper>/register/", uploading.read_paper, name="read_paper"),
    path("applications/<uuid:pk>/keep/", wallet.keep, name="keep"),
    path("applications/<uuid:pk>/files/<int:attachment>/", uploading.download, name="attachment"),
    path("applications/<uuid:pk>/files/<int:attachment>/remove/", uploading.remove, name="remove"),
    path("applications/<uuid:pk>/register/", applying.read_again, name="register"),
    path("applications/<uuid:pk>/check/", applying.check, name="check"),
    path("applications/<uuid:pk>/sign/start/", signing.start, name="sign_start"),
    path("applications/<uuid:pk>/sign/back/", signing.back, name="sign_back"),
    path("applications/<uuid:pk>/sign/look/", signing.look, name="sign_look"),
    path("applications/<uuid:pk>/sign/print/", signing.print_form, name="sign_print"),
    path("applications/<uuid:pk>/sign/upload/", signing.upload, name="sign_upload"),
    path("applications/<uuid:pk>/sign/form.pdf", signing.form, name="sign_form"),
    path("applications/<uuid:pk>/send/", applying.send, name="send"),
    path("applications/<uuid:pk>/many/", batches.begin, name="many"),
    path("applications/<uuid:pk>/discard/", applying.discard, name="discard"),
    path("applications/<uuid:pk>/calendar/", following.calendar, name="calendar"),
    path("applications/<uuid:pk>/supply/", following.supply, name="supply"),
    path("applications/<uuid:pk>/withdraw/", following.withdraw, name="withdraw"),
    path("applications/<uuid:pk>/refund/", following.refund, name="refund"),
    path("applications/<uuid:pk>/complain/", petitions.complain, name="complain"),
    path("applications/<uuid:pk>/rate/", following.rate, name="rate"),
    path("applications/<uuid:pk>/form/<str:group>/", applying.answer, name="answer"),
]
