"""The insurance register: health insurance cards of children under six."""
