"""Addresses of the country's numbers."""

from django.urls import path

from motcua.indicators import views

app_name = "indicators"

urlpatterns = [
    path("numbers/", views.national, name="national"),
    path("numbers/table.csv", views.table, name="table"),
]
