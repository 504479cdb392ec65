"""Synthetic batches: nobody in them is real, and what is wrong with them is known."""
