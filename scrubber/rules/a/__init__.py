"""Family A: structure and syntax of the injection line."""
