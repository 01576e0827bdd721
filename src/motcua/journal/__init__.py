"""The memory of a node: everything that happened, once, in order, sealed."""
