"""The keys of payer habits, and the values that each can have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from scrubber.errors import near


@dataclass(frozen=True, slots=True)
class Key:
    """What a habit may say.

    `words` are the values allowed. Without them each value must look like `form` (a regular
    expression), which `wants` describes; an empty form takes any regular expression. `many`: a list
    of values may be given.
    """

    about: str
    words: tuple[str, ...] = ()
    form: str = ""
    wants: str = ""
    many: bool = False

    def fault(self, values: list[str]) -> str:
        """What is wrong with the values, in one line; empty when nothing is."""
        if len(values) != 1 and not (self.many and values):
            return "write one value" if not self.many else "write at least one value"
        for value in values:
            if self.words and value not in self.words:
                return unknown(value, self.words)
            if not self.words and not (re.fullmatch(self.form, value) if self.form else _compiles(value)):
                return f'"{value}" is not {self.wants}'
        return ""


_LISTED: Final = 30
_DAYS: Final = "[1-9][0-9]{0,3}"
_MODIFIER: Final = "[0-9A-Z]{2}"
KEYS: Final = {
    "admin_list": Key(
        "lists of table mac_lists that the payer follows",
        form="[a-z0-9-]+",
        wants="the name of a list of table mac_lists",
        many=True,
    ),
    "second_injection": Key(
        "how a second 96372 of a day is billed", ("units", "lines_76", "lines_59", "unknown")
    ),
    "em_bundle": Key("a visit beside 96372", ("none", "ncci_25", "always", "visit_denied_if_purpose")),
    "pos_deny": Key(
        "places of service where 96372 is not paid to the practitioner",
        form="[0-9]{2}",
        wants="a place of service of two digits, in quotes",
        many=True,
    ),
    "pos_exempt_provider_type": Key(
        "providers to whom pos_deny does not apply, by the beginning of their taxonomy code",
        form="[0-9A-Z]{3,10}",
        wants="the beginning of a taxonomy code (three to ten capitals and digits)",
        many=True,
    ),
    "date_span": Key("a line of 96372 over several days", ("one_day", "units", "any")),
    "drug_line": Key(
        "the drug line beside 96372",
        ("required", "required_0.01", "forbidden_if_not_supplied", "optional"),
    ),
    "drug_lines_per_day": Key("lines of one drug on a day", ("one_per_code", "one_per_ndc", "any")),
    "ndc": Key("drug lines that need an NDC", ("none", "noc_only", "listed", "j", "j_q", "all")),
    "ndc_units": Key("units taken in CTP05-1", ("F2", "GR", "ME", "ML", "UN"), many=True),
    "ndc_package": Key("whose NDC counts", ("carton", "vial", "either")),
    "ndc_missing_effect": Key("what a missing NDC does", ("reject", "deny", "lowest_fee")),
    "jw_jz": Key("JW or JZ on single-dose drugs", ("required", "none")),
    "ja_jb": Key("JA or JB for the route", ("all_multiroute", "sad_list", "none")),
    "noc_where": Key("where an unlisted drug is described", ("sv101_7", "nte", "both")),
    "noc_fields": Key(
        "what the text of an unlisted drug says",
        ("name", "dose", "strength", "route", "ndc", "price", "no_mg_per_ml"),
        many=True,
    ),
    "noc_units": Key("units of an unlisted drug", ("one", "any")),
    "noc_claims": Key(
        "unlisted codes: for any drug, for those without a code, on paper only",
        ("any", "unlisted_only", "paper_only"),
    ),
    "x_column": Key("the line of a pair that may carry 59 or X{EPSU}", ("either", "col2")),
    "x_with_59": Key("59 together with X{EPSU} on a line", ("deny", "warn")),
    "mod_340b": Key(
        "modifier of a drug of the 340B programme",
        form=_MODIFIER,
        wants="a modifier (two capitals or digits)",
        many=True,
    ),
    "sad_effect": Key("what is not paid of a self-administered drug", ("both", "drug", "drug_keep_admin")),
    "freq7": Key("replacement claims (CLM05-3 is 7)", ("yes", "no", "allowed_only")),
    "timely_days": Key("days from the service to the first claim", form=_DAYS, wants="a number of days"),
    "corrected_days": Key("days to a corrected claim", form=_DAYS, wants="a number of days"),
    "nurse_only": Key("what an injection without supervision is billed as", ("99211", "none")),
    "referral_pattern": Key(
        "form of the referral number, a regular expression", wants="a regular expression"
    ),
    "prior_auth": Key(
        "drugs that need an authorisation number (REF*G1)",
        form="[A-Z0-9]{5}",
        wants="a procedure code of five capitals and digits",
        many=True,
    ),
    "may_render": Key(
        "who may render 96372 that would not elsewhere, by the beginning of the taxonomy code",
        form="[0-9A-Z]{3,10}",
        wants="the beginning of a taxonomy code (three to ten capitals and digits)",
        many=True,
    ),
    "extra_modifiers": Key(
        "drugs that need a modifier of the payer's own, as CODE:MODIFIER, several with a slash",
        form=f"[A-Z0-9]{{5}}:{_MODIFIER}(/{_MODIFIER})*",
        wants='a code and its modifiers such as "J1050:FP/U1"',
        many=True,
    ),
}


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def unknown(word: str, words: tuple[str, ...]) -> str:
    """Say that `word` is none of `words`, and which of them comes nearest."""
    return f'"{word}" is unknown{near(word, words, f": {_some(words)}", cutoff=0.4)}'


def _some(words: tuple[str, ...]) -> str:
    listed = ", ".join(words[:_LISTED])
    return f"one of {listed}" + (" ..." if len(words) > _LISTED else "")
