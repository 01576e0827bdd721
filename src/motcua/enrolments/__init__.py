"""People shown at a counter: their electronic identity confirmed, an account opened, a new password given."""
