"""LibCST without rules: parsing and printing, what code means, and how it is laid out."""
