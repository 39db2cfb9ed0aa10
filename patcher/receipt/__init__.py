"""The receipt of a tree: what was done to it, and what undoes that."""
