"""Opinions of other agencies: a question goes out with its clock, an answer comes back, or silence speaks."""
