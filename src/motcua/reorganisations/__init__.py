"""Agencies merged, split, renamed or ended on a day: a plan that is tried first, approved by a second person, carried out once."""
