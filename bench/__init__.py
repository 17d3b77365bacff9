"""What measures speed: every benchmark stands beside a small fixed program (its floor) in the same run."""
