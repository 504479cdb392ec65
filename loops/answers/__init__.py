"""Answers to claims: the 999 that we write, and those that come back."""
