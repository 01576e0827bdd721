"""Registers opinions with Django."""

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "motcua.opinions"
    label = "opinions"
