"""Intake: from files as they come to typed tables. See the modules; nothing is re-exported here."""
