"""Addresses of the exchange in the web process: none for people."""

from django.urls import path

from motcua.exchange import views

urlpatterns = [path("internal/calls/", views.calls)]
