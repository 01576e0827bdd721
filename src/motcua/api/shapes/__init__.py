"""How things look to a machine: what it sends and what it is given."""
