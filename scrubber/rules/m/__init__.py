"""Family M: units and multiples."""
