"""Addresses of the pages about procedures, for those who look after what they say."""

from django.urls import path

from motcua.desk.views import drift, readiness

PROCEDURES = [
    path("desk/drift/", drift.index, name="drift"),
    path("desk/drift/<str:code>/set/", drift.localise, name="localise"),
    path("desk/drift/<uuid:pk>/end/", drift.restore, name="restore"),
    path("desk/readiness/", readiness.index, name="readiness"),
    path("desk/readiness/<str:code>/", readiness.show, name="readiness_of"),
]
