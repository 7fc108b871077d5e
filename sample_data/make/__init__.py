"""Maker of the synthetic county that ships with the tool.

Run `python -m sample_data.make` in a checkout: it rewrites `sample_data/county`, `planted.yaml` and
`README.md`. Everything is derived from one seed and fixed dates, so the result never changes unless
this code does. Nothing here is used by `recon` at run time.
"""
