"""What is so: questions to the database, answered with frozen dataclasses."""
