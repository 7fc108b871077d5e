"""The tools recon is measured against, one module each; each runs in a process of its own.

    python -m bench.rivals.NAME FOLDER OUT

reads the made tables in `FOLDER/parquet`, writes what it found to `OUT` (Parquet: rule, party_id,
period, amount) and prints one line of JSON: seconds and cpu_seconds without its imports, rows read.
Not here: which of them run, and the table that is printed (see `bench.against`).
"""
