"""What clearinghouse and payers would send back for a sample, and what is true of each claim."""
