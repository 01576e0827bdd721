"""A short-lived country of real processes for tests, and hands that act at its nodes."""
