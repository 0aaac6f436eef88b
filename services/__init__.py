"""What is done: commands, one file per concept."""
