"""Dispatches: documents an agency sends and receives, their registers, and where each stands at whoever has it."""
