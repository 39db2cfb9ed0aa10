"""What `engine.plan` is made of: what rules see of a file, and how they are applied in turn."""
