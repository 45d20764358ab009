"""Mutation run: small faults are put into the core one at a time, and each must make a test fail."""
