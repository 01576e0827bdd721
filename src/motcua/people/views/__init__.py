"""Pages of signing in: one's own account, and the two sides of an electronic identity."""
