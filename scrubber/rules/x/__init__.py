"""Family X: modifiers on the injection line."""
