"""Rehearsal: virtual candidates who speak the protocol of docs/protocol.md and write down what they were told."""
