"""Everything about results as files: spreadsheets, and one complete file per candidate."""
