"""A dossier's whole life: what the citizen sends, what the agency does with it, and what both see."""
