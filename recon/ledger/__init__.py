"""The ledger of a workspace: what people decided, recovered and closed, kept for ever.

Not here: what a rule found (run folders keep that).
"""
