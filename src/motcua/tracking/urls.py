"""Addresses where anyone follows a dossier, and reads what all of them come to."""

from django.urls import path

from motcua.tracking.views import following, report

app_name = "tracking"

urlpatterns = [
    path("numbers/overdue/", following.overdue, name="overdue"),
    path("numbers/report/", report.show, name="report"),
    path("numbers/report.csv", report.table, name="report_table"),
    path("tracking/", following.ask, name="ask"),
    path("tracking/<str:code>/", following.show, name="show"),
]
