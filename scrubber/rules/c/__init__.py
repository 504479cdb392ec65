"""Family C: payer, coverage, and what stands between claims."""
