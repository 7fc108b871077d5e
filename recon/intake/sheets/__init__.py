"""One sheet: cut into its tables, mapped, parsed, shaped, balanced."""
