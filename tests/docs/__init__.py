"""The commands that the documentation shows are run, and print what it shows."""
