"""Waivers: what they cover, until when, what is said of those that expired or met nothing."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from commands import FAULTY
from hypothesis import given
from hypothesis import strategies as st

import scrubber
from scrubber.checker import Checker
from scrubber.enginefaults import CATALOGUE
from scrubber.errors import ConfigError
from scrubber.finding import Outcome
from scrubber.rewrite import rewrite
from scrubber.sample.fragment import batch
from scrubber.waivers import Waiver, Waivers, open_waivers

TODAY = date(2026, 11, 2)
LATER = date(2026, 12, 31)
TWO = batch(
    """
    SBR*P*18*******MB
    NM1*PR*2*EXAMPLE MEDICARE*****PI*TESTMB
    NM1*82*1*SAMPLE*PAT****XX*1245319599
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    === TEST0002
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    NM1*82*1*OTHER*SAMPLE****XX*1000000079
    """
).encode()  # INJ-E02 on both claims; another provider rendered line 3 of the second


def waiver(number: int = 1, rule: str = "INJ-E02", until: date = LATER, **whose: str) -> Waiver:
    return Waiver(number, rule, "a test", until, **whose)


def checked(waivers: Waivers | None, data: bytes = TWO, **options) -> list:
    return [
        (one.claim, one.rule)
        for one in scrubber.check(data, waivers=waivers, **options)
        if one.outcome == "fail"
    ]


def waived(*waivers: Waiver, data: bytes = TWO) -> list:
    found = scrubber.check(data, waivers=Waivers(waivers, TODAY))
    return [(one.claim, one.rule) for one in found if one.outcome is Outcome.WAIVED]


BOTH = [("CLAIM1", "INJ-E02"), ("CLAIM2", "INJ-E02")]


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        ({"claim": "CLAIM1"}, BOTH[:1]),
        ({"claim": "CLAIM9"}, []),
        ({"claim": "CLAIM"}, []),
        ({"provider": "1234567893"}, BOTH),
        ({"provider": "1000000012"}, []),
        ({"payer": "TESTMB"}, BOTH[:1]),
        ({"payer": "99999"}, BOTH[1:]),
        ({"payer": "generic-commercial"}, BOTH[1:]),
        ({"claim": "CLAIM1", "payer": "99999"}, []),
        ({"claim": "CLAIM2", "payer": "99999", "provider": "1234567893"}, BOTH[1:]),
    ],
)
def test_a_waiver_covers_the_claim_provider_or_payer_that_it_names(whose, told):
    assert waived(waiver(**whose)) == told


def test_who_rendered_the_line_counts_not_who_rendered_another():
    assert [one.line for one in scrubber.check(TWO) if one.rule == "INJ-E02"] == ["1", "1"]
    assert waived(waiver(provider="1245319599")) == BOTH
    assert waived(waiver(provider="1000000079")) == []
    assert waived(waiver(rule="INJ-D04", provider="1000000079")) == [("CLAIM2", "INJ-D04")]


def test_of_several_claims_the_rest_is_left():
    one = Waivers([waiver(claim="CLAIM1")], TODAY)
    before, after = checked(None), checked(one)
    assert [pair for pair in before if pair not in after] == BOTH[:1]
    assert [pair for pair in after if pair not in before] == []


def test_a_waived_finding_says_by_what_and_holds_nothing():
    found = scrubber.check(TWO, waivers=Waivers([waiver(3, claim="CLAIM1")], TODAY))
    (one,) = [finding for finding in found if finding.outcome is Outcome.WAIVED]
    assert (one.severity, one.disposition) == ("deny", "pass")
    row = one.as_dict()
    assert row["outcome"] == "waived"
    assert row["evidence"]["waiver"] == {"number": 3, "reason": "a test", "until": "2026-12-31"}
    (plain,) = [finding for finding in scrubber.check(TWO) if (finding.claim, finding.rule) == BOTH[0]]
    rest = row | {"outcome": "fail", "disposition": "hold", "evidence": plain.evidence}
    assert rest == plain.as_dict()


@pytest.mark.parametrize(("until", "count"), [(date(2026, 11, 1), 0), (TODAY, 1), (LATER, 1)])
def test_the_last_day_counts(until, count):
    waivers = Waivers([waiver(until=until, claim="CLAIM1")], TODAY)
    assert len(checked(None)) - len(checked(waivers)) == count
    assert [one.rule for one in waivers.findings()] == ([] if count else ["ENG-04"])


def test_expired_and_unused_waivers_are_findings():
    waivers = Waivers(
        [
            waiver(1, claim="CLAIM1"),
            waiver(2, until=date(2026, 1, 31), claim="CLAIM2"),
            waiver(3, payer="NOBODY"),
        ],
        TODAY,
        "w.toml",
    )
    checked(waivers)
    told = list(waivers.findings())
    assert [(one.rule, one.name, one.severity, one.outcome, one.file, one.place) for one in told] == [
        ("ENG-04", "waiver-expired", "advise", "fail", "w.toml", "waiver 2"),
        ("ENG-05", "waiver-unused", "advise", "fail", "w.toml", "waiver 3"),
    ]
    assert told[0].message == "waiver 2 (INJ-E02, claim CLAIM2) ended on 2026-01-31: renew it, or take it out"
    assert (
        told[1].message
        == "waiver 3 (INJ-E02, payer NOBODY) met no finding: take it out, or mend what it names"
    )
    assert all(one.rule in CATALOGUE for one in told)


def test_a_waiver_that_repeats_another_is_unused():
    waivers = Waivers(
        [waiver(1, claim="CLAIM1"), waiver(2, provider="1234567893"), waiver(3, claim="CLAIM1")], TODAY
    )
    checked(waivers)
    assert [one.place for one in waivers.findings()] == ["waiver 3"]


def test_use_is_gathered_over_all_batches():
    waivers = Waivers([waiver(1, claim="CLAIM1"), waiver(2, claim="CLAIM2")], TODAY)
    checker = Checker(waivers=waivers)
    for data in (FAULTY, TWO):
        with checker.read(data) as read:
            list(checker.run(read))
    assert checker.on_waivers() == []
    assert [one.place for one in checker.on_waivers({1})] == ["waiver 2"]


@pytest.mark.parametrize(
    ("rule", "options", "told"),
    [
        ("INJ-E02", {}, ["ENG-05"]),
        ("INJ-E02", {"ignore": ("INJ-E",)}, []),
        ("INJ-E02", {"ignore": ("ENG-05",)}, []),
        ("INJ-E02", {"select": ("INJ",)}, []),
        ("INJ-E02", {"select": ("INJ", "ENG")}, ["ENG-05"]),
        ("X12-SE-COUNT", {}, ["ENG-05"]),
        ("X12-SE-COUNT", {"guide": False}, []),
    ],
)
def test_of_a_rule_that_is_off_nobody_can_say_that_its_waiver_is_unused(rule, options, told):
    checker = Checker(waivers=Waivers([waiver(rule=rule, claim="NOBODY")], TODAY), **options)
    assert [one.rule for one in checker.on_waivers()] == told


def test_faults_of_the_guide_can_be_waived_too():
    data = TWO.replace(b"DMG*D8*19800101*F", b"DMG*D8*19800101*Q")
    faults = {rule for _, rule in checked(None, data)} - {rule for _, rule in checked(None)}
    broken = TWO.replace(b"HI*ABK:E538", b"HI*ABK:E538~HI*XX:1", 1)
    codes = {rule for claim, rule in checked(None, broken) if claim and rule.startswith("X12-")}
    assert faults
    assert codes
    waivers = Waivers([waiver(n, rule=code, claim="CLAIM1") for n, code in enumerate(codes, 1)], TODAY)
    assert not codes & {rule for claim, rule in checked(waivers, broken) if claim == "CLAIM1"}


def test_what_stands_outside_claims_is_not_waived(fixtures):
    data = (fixtures / "broken-wrong-se01.837").read_bytes()
    waivers = Waivers([waiver(rule="X12-SE-COUNT", provider="1000000012")], TODAY)
    assert checked(waivers, data) == checked(None, data)
    assert (None, "X12-SE-COUNT") in checked(None, data)


def test_a_claim_where_no_claim_may_stand_is_not_waived():
    """A CLM outside any transaction set begins no claim: nothing of it is waived."""
    data = TWO.replace(b"GE*", b"CLM*STRAY*10~GE*")
    waivers = Waivers([waiver(rule="X12-SEG-UNEXPECTED", claim="STRAY")], TODAY)
    assert checked(waivers, data) == checked(None, data)
    assert (None, "X12-SEG-UNEXPECTED") in checked(None, data)


def test_a_waived_fault_of_structure_does_not_bring_back_the_guides_word_for_it(fixtures):
    """One fault is told once, and waived once."""
    data = (fixtures / "inj-a05.837").read_bytes()
    plain = scrubber.check(data)
    some = next(one for one in plain if one.rule == "INJ-A05" and one.outcome == "fail")
    waivers = Waivers([waiver(rule="INJ-A05", claim=some.claim)], TODAY)
    found = scrubber.check(data, waivers=waivers)
    assert [(one.rule, one.place) for one in found] == [(one.rule, one.place) for one in plain]


def test_what_is_waived_is_not_rewritten(fixtures):
    data = (fixtures / "inj-d05.837").read_bytes()
    plain = rewrite(data)
    claim = plain.edits[0].claim
    waivers = Waivers([waiver(rule="INJ-D05", claim=claim)], TODAY)
    done = rewrite(data, waivers=waivers)
    assert [change for change in plain.edits if change.claim != claim] == list(done.edits)
    assert waivers.used == {1}


@cache
def plain_findings() -> tuple:
    return tuple(scrubber.check(TWO))


@given(
    st.lists(
        st.builds(
            waiver,
            st.just(1),
            st.sampled_from(["INJ-E02", "INJ-A07", "INJ-D04", "X12-SE-COUNT"]),
            st.sampled_from([LATER, TODAY, date(2026, 1, 1)]),
            claim=st.sampled_from(["", "CLAIM1", "CLAIM2", "NOBODY"]),
            provider=st.sampled_from(["", "1234567893", "1000000079"]),
            payer=st.sampled_from(["", "TESTMB", "99999"]),
        ),
        max_size=4,
    )
)
def test_whatever_is_waived_nothing_is_lost(waivers):
    """The same findings in the same order, whatever waivers there are; only their outcome may be another."""
    numbered = Waivers(
        [
            Waiver(
                n, *[getattr(one, key) for key in ("rule", "reason", "until", "claim", "provider", "payer")]
            )
            for n, one in enumerate(waivers, 1)
        ],
        TODAY,
    )
    found = scrubber.check(TWO, waivers=numbered)
    assert [(one.rule, one.message, one.byte_start) for one in found] == [
        (one.rule, one.message, one.byte_start) for one in plain_findings()
    ]
    used = {one.evidence["waiver"]["number"] for one in found if one.outcome is Outcome.WAIVED}
    assert used == numbered.used
    told = {int(one.place.removeprefix("waiver ")) for one in numbered.findings()}
    assert told | used == set(range(1, len(waivers) + 1))
    assert not told & used


GOOD = """
[[waiver]]
rule = "INJ-E02"
claim = "CLAIM1"
reason = "agreed with the payer"
until = 2026-12-31

[[waiver]]
rule = "X12-SE-COUNT"
provider = "1234567893"
payer = "TESTMB"
reason = "the sender mends it in January"
until = 2027-01-31
"""


def test_the_file(tmp_path):
    path = tmp_path / "w.toml"
    path.write_text(GOOD)
    waivers = open_waivers(path, TODAY)
    assert waivers.name == "w.toml"
    assert waivers.entries == (
        Waiver(1, "INJ-E02", "agreed with the payer", date(2026, 12, 31), claim="CLAIM1"),
        Waiver(2, "X12-SE-COUNT", "the sender mends it in January", date(2027, 1, 31), provider="1234567893", payer="TESTMB"),
    )  # fmt: skip
    path.write_text("")
    assert open_waivers(path, TODAY).entries == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"INJ-E02"', '"INJ-E2"', 'waiver 1: rule "INJ-E2" is unknown: did you mean INJ-E02?'),
        ('"INJ-E02"', '"INJ-E"', 'waiver 1: rule "INJ-E" is unknown'),
        ('"X12-SE-COUNT"', '"X12-SE-COUNTS"', 'waiver 2: rule "X12-SE-COUNTS" is unknown: did you mean X12-SE-COUNT?'),
        ('"INJ-E02"', '"ENG-01"', "waiver 1: ENG-01 is no fault of a claim: it cannot be waived"),
        ('claim = "CLAIM1"\n', "", "waiver 1: name a claim, a provider or a payer; --ignore INJ-E02 is for all of them"),
        ('reason = "agreed with the payer"\n', "", "waiver 1: reason is missing"),
        ("until = 2026-12-31\n", "", "waiver 1: until is missing"),
        ("until = 2026-12-31", 'until = "2026-12-31"', "waiver 1: until must be a date without quotes, such as 2026-12-31"),
        ("until = 2026-12-31", "until = 2026-12-31T00:00:00", "waiver 1: until must be a date without quotes, such as 2026-12-31"),
        ('claim = "CLAIM1"', 'claim = " "', "waiver 1: claim must be a text in quotes, and not empty"),
        ('claim = "CLAIM1"', "claim = 7", "waiver 1: claim must be a text in quotes, and not empty"),
        ('claim = "CLAIM1"', 'clam = "CLAIM1"', 'waiver 1: key "clam" is unknown: did you mean claim?'),
        ('"1234567893"', '"1234567890"', 'waiver 2: provider "1234567890" is no NPI: its check digit is wrong'),
        ("[[waiver]]", "[[waivers]]", 'key "waivers" is unknown: each waiver stands under [[waiver]]'),
        ("[[waiver]]", "[waiver]", "not readable as TOML in UTF-8"),
        (GOOD, "waiver = 3", "waiver must be a list of tables: write each under [[waiver]]"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_one_line(tmp_path, old, new, says):
    path = tmp_path / "w.toml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as told:
        open_waivers(path, TODAY)
    assert str(told.value).startswith(f"{path}: {says}")
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: no such file"):
        open_waivers(tmp_path / "w.toml", TODAY)
    (tmp_path / "w.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not readable as TOML in UTF-8"):
        open_waivers(tmp_path / "w.toml", TODAY)
