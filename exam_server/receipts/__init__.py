"""Receipts of closed attempts: the candidate's own, and the page on which anybody may check one."""
