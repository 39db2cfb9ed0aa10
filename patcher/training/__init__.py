"""Training a patched tree: the Python that does it, its launcher, sample data, and what it logs."""
