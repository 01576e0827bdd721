"""Questions about readings, and complaints about dossiers."""
