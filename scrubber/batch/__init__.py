"""The preprocessing step: a batch in; released and held batches, answers and accounts out."""
