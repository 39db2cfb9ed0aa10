"""A pack drafted from a change document: kind and place of each edit are found by trial."""
