"""Faults caused on purpose while messages go on: what is struck, what is sent meanwhile, and the reckoning afterwards."""
