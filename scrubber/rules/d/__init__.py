"""Family D: is the drug line whole."""
