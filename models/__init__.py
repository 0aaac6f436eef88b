"""What is stored: one file per concept."""
