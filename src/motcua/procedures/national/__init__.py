"""Reads procedures as the national portal publishes them: text in fields, tables flattened into a line."""
