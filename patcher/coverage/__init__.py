"""The document held against the rules."""
