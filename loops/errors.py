"""What `loops` raises: only for input that is not X12 837P at all."""


class LoopsError(Exception):
    """Base of the exceptions of this package; the text is one line for the user."""


class NotX12Error(LoopsError):
    """The bytes hold no interchange that can be read."""
