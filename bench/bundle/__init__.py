"""One zip that installs the tool where there is no internet, for one platform and one Python.

Here: `python -m bench.bundle`. Not here: the wheel and the SBOM (see `tests.supply.run`).
"""
