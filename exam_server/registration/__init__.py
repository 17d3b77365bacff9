"""Registration: a candidate's entry in an activity, and its acceptance."""
