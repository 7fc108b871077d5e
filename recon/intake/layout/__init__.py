"""Which table a sheet holds, which column is which, and which rows are data."""
