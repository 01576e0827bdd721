"""Addresses of the country's numbers."""

from django.urls import path

from motcua.indicators.views import levels, national

app_name = "indicators"

urlpatterns = [
    path("numbers/", national.national, name="national"),
    path("numbers/table.csv", national.table, name="table"),
    path("numbers/levels/", levels.show, name="levels"),
    path("numbers/levels.csv", levels.table, name="levels_table"),
]
