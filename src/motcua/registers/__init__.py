"""Registers: versioned records of persons and events, each change with its basis, each reading logged."""
