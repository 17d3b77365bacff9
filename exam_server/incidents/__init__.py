"""Incidents: what officials saw happen, to one candidate or to a whole sitting."""
