"""What the operations answer: each reads, calls one action, shows."""
