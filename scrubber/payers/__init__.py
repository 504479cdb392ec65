"""Payer classes and payer profiles: the habits in which payers differ."""

from scrubber.payers.classes import payer_class
from scrubber.payers.profile import Habit, Profile, load_profile

__all__ = ["Habit", "Profile", "load_profile", "payer_class"]
