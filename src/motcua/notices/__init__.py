"""Notices: what the state has to tell a person, in their inbox and by e-mail."""
