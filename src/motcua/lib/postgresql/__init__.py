"""Django's PostgreSQL, with one question less a request."""
