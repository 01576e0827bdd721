"""Every dossier in the country by its code: what state it is in and when it came there, and nothing about persons."""
