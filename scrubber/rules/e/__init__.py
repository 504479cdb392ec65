"""Family E: visits on the day of the injection."""
