"""Audit toolkit for the money and assets of trade-union federations.

Importing the package is cheap: nothing heavy is imported here.
"""

__version__ = "0.1.0"
