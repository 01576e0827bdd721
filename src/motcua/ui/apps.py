"""The face as a Django app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "motcua.ui"
    label = "ui"
