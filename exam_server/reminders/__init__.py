"""Reminders: letters that time alone causes, each sent once."""
