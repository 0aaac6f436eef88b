"""What follows: pure rules, no database, clock, chance or screen."""
