"""A run: from a folder of exports to a finished run folder, and a run proven again."""
