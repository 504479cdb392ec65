"""QA: what the scrubber said of claims, held against what came back for them (999, 277CA, 835)."""
