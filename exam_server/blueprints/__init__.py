"""Susunan soal: the plan of a test's papers, weighed against the bank while it is made."""
