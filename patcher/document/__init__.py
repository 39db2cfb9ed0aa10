"""A change document: reading it, and checking it against a pack."""
