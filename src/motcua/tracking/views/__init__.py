"""The public pages of the mirror: one dossier, those overdue, the report of all."""
