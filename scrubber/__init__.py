"""Judge injection lines (CPT 96372) on X12 837 professional claims by cited rules and dated tables."""
