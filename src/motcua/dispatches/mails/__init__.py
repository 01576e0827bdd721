"""Documents by e-mail: written, sent, fetched and opened, for those whom no node reaches."""
