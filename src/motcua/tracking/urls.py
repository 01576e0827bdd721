"""Addresses of the page where anyone follows a dossier."""

from django.urls import path

from motcua.tracking import views

app_name = "tracking"

urlpatterns = [
    path("numbers/overdue/", views.overdue, name="overdue"),
    path("tracking/", views.ask, name="ask"),
    path("tracking/<str:code>/", views.show, name="show"),
]
