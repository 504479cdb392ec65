"""Family R: the providers."""
