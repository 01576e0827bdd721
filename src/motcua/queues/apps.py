"""Registers the queues with Django."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "motcua.queues"
    label = "queues"
