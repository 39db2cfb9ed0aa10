"""What a plan says, for people and for machines."""
