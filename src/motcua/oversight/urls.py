"""Addresses of oversight; all but integrity ask who you are."""

from django.urls import path

from motcua.oversight import views

app_name = "oversight"

urlpatterns = [
    path("oversight/", views.home, name="home"),
    path("oversight/timeline/", views.timeline, name="timeline"),
    path("oversight/integrity/", views.integrity, name="integrity"),
    path("oversight/integrity/verify/", views.verify, name="verify"),
    path("oversight/peers/", views.peers, name="peers"),
    path("oversight/messages/<uuid:message>/evidence.<slug:form>", views.evidence, name="evidence"),
    path("oversight/peers/test/", views.start_trial, name="start_trial"),
    path("oversight/peers/test/<uuid:trial>/", views.trial, name="trial"),
    path("oversight/peers/<uuid:message>/replay/", views.replay, name="replay"),
    path("oversight/peers/<uuid:message>/return/", views.give_back, name="return"),
    path("oversight/peers/<uuid:message>/<str:sender>/<str:deed>/", views.decide, name="decide"),
]
