"""The only way to a register: asked for a purpose, answered by right, remembered on both sides."""
