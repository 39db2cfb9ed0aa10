"""A pack drafted from a hand-made port: a rule for each of its smallest edits."""
