"""The officers' front door: what waits, one dossier, how the agency is doing, who holds which post."""
