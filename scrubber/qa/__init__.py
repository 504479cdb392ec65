"""QA: what the scrubber said of claims, held against what came back for them (999, 277CA, 835).

Claims come from the ledger of an outbox or are scrubbed on the fly (`sources`) into a `book.Book`, each
once. Files of answers are read one by one (`answers`, `sets`): `match` finds the claim, `judge` says what
the answer means by the table of `codes`, and `outcome` folds all that was said of a claim into what it has
come to. `measure`, `missed` and `corrections` count. `compare.compare` does all of it and gives a
`result.Result`; `text`, `json`, `csv`, `xlsx` and `dashboard` write it.
"""
