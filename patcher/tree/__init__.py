"""The files of an upstream tree, its git, a checkout of its pin, and the runtime it needs."""
