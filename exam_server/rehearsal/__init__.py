"""Rehearsal: virtual candidates who speak the true protocol and write down what they were told."""
