"""Addresses where a person says how they want to be told."""

from django.urls import path

from motcua.notices import views

app_name = "notices"

urlpatterns = [
    path("account/contact/", views.contact, name="contact"),
    path("account/contact/channels/", views.choose, name="channels"),
    path("account/contact/<str:channel>/ask/", views.ask, name="ask"),
    path("account/contact/<str:channel>/remove/", views.remove, name="remove"),
    path("account/contact/<uuid:pk>/", views.confirm, name="confirm"),
]
