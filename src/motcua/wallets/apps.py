"""Registers wallets with Django."""

from django.apps import AppConfig


class WalletsConfig(AppConfig):
    name = "motcua.wallets"
    label = "wallets"
