"""The public pages of numbers."""
