"""The wiring: settings, addresses, the command line, processes and their supervision."""
