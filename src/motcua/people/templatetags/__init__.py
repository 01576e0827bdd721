"""What the pages of signing in need to be drawn."""
