"""Addresses of the face."""

from django.urls import path

from motcua.ui import views

app_name = "ui"

urlpatterns = [
    path("ui/", views.gallery, name="gallery"),
    path("help/", views.guide, name="help"),
    path("help/<slug:name>/", views.guide, name="guide"),
    path("ui/theme/", views.theme, name="theme"),
    path("ui/language/", views.language, name="language"),
    path("ui/<str:digest>.css", views.stylesheet, name="stylesheet"),
]
