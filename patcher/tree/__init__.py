"""The files of an upstream tree, its git, its checkout, and the runtime beside its program."""
