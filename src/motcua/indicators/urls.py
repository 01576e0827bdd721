"""Addresses of the country's numbers."""

from django.urls import path

from motcua.indicators.views import levels, lists, national, unused

app_name = "indicators"

urlpatterns = [
    path("numbers/", national.national, name="national"),
    path("numbers/table.csv", national.table, name="table"),
    path("numbers/ratings.csv", national.ratings_table, name="ratings_table"),
    path("numbers/levels/", levels.show, name="levels"),
    path("numbers/levels.csv", levels.table, name="levels_table"),
    path("numbers/lists/", lists.index, name="lists"),
    path("numbers/lists/<slug:list_id>/", lists.show, name="list"),
    path("numbers/lists/<slug:list_id>/table.csv", lists.table, name="list_table"),
    path("numbers/unused/", unused.show, name="unused"),
]
