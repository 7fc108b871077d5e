"""A pseudonymous twin of a run: made, proven equal, searched for names, then given its name."""
