"""Family N: diagnosis and medical necessity."""
