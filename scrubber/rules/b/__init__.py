"""Family B: is 96372 the right administration code."""
