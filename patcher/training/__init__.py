"""Training a patched tree: the environment that does it, its launcher, data, and what it logs.

`probe` and `graph` are programs of their own, which the Python of that environment runs.
"""
