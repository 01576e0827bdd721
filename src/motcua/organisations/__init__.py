"""Organisations: places, state agencies and their posts, and the calendar they work by."""
