"""Registers tracking with Django."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "motcua.tracking"
    label = "tracking"
    default_auto_field = "django.db.models.BigAutoField"
