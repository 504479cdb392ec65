"""The implementation guide of the 837P (005010X222, X222A1, X222A2), compiled from pyx12's map."""

from loops.guide.model import Guide, Loop, SegmentPlace, load

__all__ = ["Guide", "Loop", "SegmentPlace", "load"]
