"""Finding procedures: an index of bitmaps, one per process, made from the catalogue and thrown away when it changes."""
