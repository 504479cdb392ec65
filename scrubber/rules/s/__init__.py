"""Family S: place of service."""
