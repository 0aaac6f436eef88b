"""What is seen: one file a screen."""
