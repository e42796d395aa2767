"""What the operations of one deployment share, free of Pulumi."""
