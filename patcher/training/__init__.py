"""Training: the environment that a patched tree trains in, and what is asked of it.

`probe` and `graph` are programs of their own, which the Python of that environment runs.
"""
