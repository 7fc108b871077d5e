"""`python -m recon`: the command line where the `recon` script is not on the path."""

from recon.cli import command

command()
