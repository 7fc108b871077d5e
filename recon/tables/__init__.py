"""The input contract: one class per table, and the specs the other rooms read.

`specs()` and the spec classes are imported from `recon.tables.registry` and `recon.tables.base`;
this module stays empty so that importing the package is cheap.
"""
