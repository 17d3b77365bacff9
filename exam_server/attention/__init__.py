"""Attention: that the exam page was left and came back, as the browser tells; advice only, off by policy."""
