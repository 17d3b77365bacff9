"""Accounts: who a person is, how they sign in, and what they may do."""
