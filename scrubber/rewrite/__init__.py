"""Change bytes of a batch, and prove that nothing else changed."""
