"""The door for machines: an API for other systems, notices to them, and synchronisation with the national portal."""
