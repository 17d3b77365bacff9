"""What proctors do from the board: to one candidate, to several, to all; told first, then done."""
