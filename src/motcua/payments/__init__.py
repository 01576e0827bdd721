"""Payments: what is owed, what was received and from whom it came, what goes back; it knows amounts and subjects, not dossiers."""
