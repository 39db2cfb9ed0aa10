"""Packs that are drafted: from a change document, or from a hand-made port."""
