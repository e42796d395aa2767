"""What AWS and Spaces have in common."""
