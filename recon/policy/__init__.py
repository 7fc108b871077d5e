"""Policy: dated parameters with their sources, refund policies, calendars, the frames SQL joins."""
