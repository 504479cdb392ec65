"""Family P: other procedures on the day."""
