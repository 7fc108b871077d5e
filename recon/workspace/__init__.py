"""A user's folder: recon.toml, templates, and the folder a run writes to."""
