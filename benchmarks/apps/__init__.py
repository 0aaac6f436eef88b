"""What the benchmarks serve: our application and its peer, each with one empty page more."""
