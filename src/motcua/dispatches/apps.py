"""Registers dispatches with Django."""

from django.apps import AppConfig


class DispatchesConfig(AppConfig):
    name = "motcua.dispatches"
    label = "dispatches"
