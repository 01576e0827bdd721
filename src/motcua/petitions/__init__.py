"""What people ask and complain of: questions about readings of their data, complaints about their dossiers."""
