"""Một Cửa: one door to a country's public services."""
