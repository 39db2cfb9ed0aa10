"""One run over the files of a tree: its lock, its journal, its steps on the disk."""
