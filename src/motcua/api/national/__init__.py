"""Synchronisation with the national portal in its own field names, as the portal and as an agency's node."""
