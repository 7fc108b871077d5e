"""Benchmarks: made data with labelled truth, runs beside bare scripts, and a table of ratios."""
