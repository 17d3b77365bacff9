"""The final selection: criteria, marks, quotas, who comes before whom, and the frozen list."""
