"""Payer classes and payer profiles: the habits in which payers differ."""

from scrubber.payers.classes import payer_class
from scrubber.payers.payers import Payers, load_profile, open_payers
from scrubber.payers.profile import Change, Habit, Profile

__all__ = ["Change", "Habit", "Payers", "Profile", "load_profile", "open_payers", "payer_class"]
