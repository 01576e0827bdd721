"""The civil-status register: births as they were registered."""
