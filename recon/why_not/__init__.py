"""Why a rule found nothing about a party: the nearest condition that did not hold.

It reads the SQL of the rule and of the tables it rests on, in the session of the run, so that no
rule needs Python of its own. Not here: running rules (see `recon.run.rule_run`).
"""
