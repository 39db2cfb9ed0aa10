"""What the commands do to a tree: select rules, apply, revert, export, verify."""
