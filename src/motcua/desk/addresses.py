"""Addresses of the pages about procedures, for those who look after what they say."""

from django.urls import path

from motcua.desk.views import readiness

PROCEDURES = [
    path("desk/readiness/", readiness.index, name="readiness"),
    path("desk/readiness/<str:code>/", readiness.show, name="readiness_of"),
]
