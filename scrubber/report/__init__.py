"""Findings as text, JSON lines, one JSON document or CSV; each form is imported when asked for."""

from scrubber.report.form import Report, make
from scrubber.report.tally import Tally

__all__ = ["Report", "Tally", "make"]
