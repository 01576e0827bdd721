"""Registers enrolments with Django."""

from django.apps import AppConfig


class EnrolmentsConfig(AppConfig):
    name = "motcua.enrolments"
    label = "enrolments"
