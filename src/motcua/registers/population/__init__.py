"""The population register: who lives, under which personal number, and where."""
