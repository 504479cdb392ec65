"""What a person sees: excerpt, caret, masks, wrapping, summary, thresholds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import loops
import scrubber
from loops.delimiters import Delimiters
from scrubber.finding import Outcome, Severity
from scrubber.report import Tally
from scrubber.report.excerpt import excerpt
from scrubber.report.mask import hidden, masked
from scrubber.report.paint import clean, wrap
from scrubber.report.summary import summary_lines
from scrubber.sample.fragment import batch

USUAL = Delimiters(b"*", b":", b"^", b"~")
LATIN = st.text(st.characters(max_codepoint=255), max_size=200)
FAULTY = batch("SV1*HC:99213*100*UN*1***1\nSV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1").encode()


@cache
def visit():
    (found,) = scrubber.check(FAULTY, select=["INJ-E02"], guide=False)
    return found


class TestExcerpt:
    def cut(self, width=92, **more):
        with loops.read(FAULTY) as read:
            return excerpt(read, replace(visit(), **more), width)

    def test_the_caret_stands_under_the_fault(self):
        piece = self.cut()
        assert piece.text == "SV1*HC:99213*100*UN*1***1~"
        assert piece.text[piece.caret : piece.caret + piece.length] == "HC:99213"

    @given(st.integers(0, len(FAULTY)), st.integers(0, 300), st.integers(40, 130))
    def test_any_span_gives_a_line_that_fits(self, start, length, width):
        piece = self.cut(width, byte_start=start, byte_end=start + length)
        if piece is not None:
            assert len(piece.text) <= width
            assert 0 <= piece.caret <= len(piece.text)
            assert piece.length >= 1

    @given(st.integers(0, len(FAULTY) - 1), st.integers(40, 130))
    def test_the_caret_points_at_the_byte(self, start, width):
        piece = self.cut(width, byte_start=start, byte_end=start + 1)
        if piece is not None and piece.caret < len(piece.text):
            shown = piece.text[piece.caret]
            assert shown in (chr(FAULTY[start]), "x", "."), (piece, start)

    def test_data_of_persons_is_masked_unless_shown(self):
        at = FAULTY.index(b"DOE*JANE")
        with loops.read(FAULTY) as read:
            found = replace(visit(), byte_start=at, byte_end=at + 3)
            assert excerpt(read, found, 92).text == "NM1*IL*1*xxx*xxxx****MI*xxxxxxxx~"
            assert "DOE*JANE" in excerpt(read, found, 92, mask=False).text


class TestMask:
    @pytest.mark.parametrize(
        ("segment", "shown"),
        [
            ("NM1*IL*1*DOE*JANE*Q***MI*TEST0001", "NM1*IL*1*xxx*xxxx*x***MI*xxxxxxxx"),
            ("NM1*85*2*EXAMPLE CLINIC*****XX*1234567893", "NM1*85*2*EXAMPLE CLINIC*****XX*1234567893"),
            ("NM1*82*1*SAMPLE*PAT****XX*1245319599", "NM1*82*1*xxxxxx*xxx****XX*1245319599"),
            ("NM1*85*1*SAMPLE*PAT****SY*000000001", "NM1*85*1*xxxxxx*xxx****SY*xxxxxxxxx"),
            ("NM1*PR*2*EXAMPLE PAYER*****PI*99999", "NM1*PR*2*EXAMPLE PAYER*****PI*99999"),
            ("NM1*IL*2*DOE JANE*****MI*TEST0001", "NM1*IL*2*xxxxxxxx*****MI*xxxxxxxx"),
            ("N3*1 EXAMPLE ST*APT 2", "N3*xxxxxxxxxxxx*xxxxx"),
            ("N4*SPRINGFIELD*IL*627010001", "N4*xxxxxxxxxxx*IL*xxxxxxxxx"),
            ("DMG*D8*19800101*F", "DMG*D8*xxxxxxxx*F"),
            ("PAT*19*****D8*20260101", "PAT*19*****xx*xxxxxxxx"),
            ("REF*SY*000000001", "REF*SY*xxxxxxxxx"),
            ("REF*6R*LINE0001", "REF*6R*LINE0001"),
            ("SBR*P*18*GRP0001******CI", "SBR*P*18*xxxxxxx******CI"),
            ("CLM*CLAIM1*135***11:B:1*Y*A*Y*Y", "CLM*CLAIM1*135***11:B:1*Y*A*Y*Y"),
            ("SV1*HC:96372:59*30*UN*1***1:2", "SV1*HC:96372:59*30*UN*1***1:2"),
            ("SV1*HC:J3490:::::FREE TEXT*30*UN*1***1", "SV1*HC:J3490:::::xxxxxxxxx*30*UN*1***1"),
            ("HI*ABK:E538*ABF:I10", "HI*ABK:E538*ABF:I10"),
            ("DTP*472*D8*20260302", "DTP*472*D8*20260302"),
            ("DTP*431*D8*20260302", "DTP*431*D8*xxxxxxxx"),
            ("NTE*ADD*CALL JANE", "NTE*ADD*xxxxxxxxx"),
            ("LIN**N4*00143961901", "LIN**N4*00143961901"),
            ("ISA*00*          *01*PASSWORD  *ZZ*A", "ISA*00*          *01*xxxxxxxxxx*ZZ*A"),
            ("ZZZ*DOE*JANE", "ZZZ*xxx*xxxx"),
            ("DOE JANE*19800101", "xxxxxxxx*xxxxxxxx"),
            ("SV1*HC:96372*30*UN*1***1DMG*D8*19800101*F", "SV1*HC:96372*30*UN*1***xxxx*xx*xxxxxxxx*x"),
        ],
    )
    def test_it_shows_what_a_coder_needs(self, segment, shown):
        assert masked(segment, USUAL) == shown

    @given(LATIN)
    def test_the_length_and_the_separators_stay(self, text):
        shown = masked(text, USUAL)
        assert len(shown) == len(text)
        assert [n for n, c in enumerate(shown) if c == "*"] == [n for n, c in enumerate(text) if c == "*"]

    @given(st.sampled_from(["N3", "PER", "ZZZ", "DOE JANE", "K3"]), st.text("ABC ", min_size=4, max_size=20))
    def test_free_text_is_hidden(self, id_, text):
        assert masked(f"{id_}*IC*{text}", USUAL).endswith("*" + (hidden(text) if text.strip() else text))


@given(LATIN)
def test_clean_text_cannot_steer_a_terminal(text):
    shown = clean(text)
    assert len(shown) == len(text)
    assert all(ord(c) >= 32 and not 127 <= ord(c) < 160 for c in shown)


@given(st.text("abc ", max_size=300), st.integers(10, 90))
def test_wrapping_keeps_every_word(text, width):
    lines = wrap(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


class TestSummary:
    def told(self, tally, **more):
        more = {"all_outcomes": False, **more}
        return "\n".join("".join(text for _, text in line) for line in summary_lines(tally, **more))

    def test_by_rule_with_the_worst_first(self):
        tally = Tally(files=1)
        one = replace(visit(), dollars=Decimal(100))
        tally.count([one, replace(one, line="2"), replace(one, rule="INJ-A03", severity=Severity.REJECT)])
        tally.count(
            [
                replace(one, claim_index=2),
                replace(one, outcome=Outcome.BYPASSED),
                replace(one, outcome=Outcome.NO_DATA),
            ]
        )
        text = self.told(tally)
        rows = [line.split() for line in text.splitlines() if "INJ-" in line]
        assert rows == [
            ["reject", "INJ-A03", one.name, "1", "1", "$100.00"],
            ["deny", "INJ-E02", one.name, "3", "2", "$300.00"],
        ]
        assert "Not shown: 1 answered by a modifier, 1 that could not be judged" in text
        assert "Not shown" not in self.told(tally, all_outcomes=True)
        assert "1 reject, 3 deny, 0 advise" in text

    def test_dollars_of_a_line_count_once(self):
        tally = Tally()
        one = replace(visit(), dollars=Decimal(100))
        tally.count([one, replace(one, place="2400/SV104")])
        assert [(rule.findings, rule.dollars) for rule in tally.rules.values()] == [(2, Decimal(100))]

    def test_adding_is_counting_on(self):
        one = replace(visit(), dollars=Decimal(100))
        whole, first, second = Tally(files=2), Tally(files=1), Tally(files=1)
        for tally in (whole, first):
            tally.count([one, replace(one, outcome=Outcome.BYPASSED)])
        for tally in (whole, second):
            tally.count([replace(one, rule="INJ-A03")])
        first.add(second)
        assert first == whole

    @pytest.mark.parametrize(
        ("severity", "reached"),
        [
            (Severity.REJECT, {"reject", "deny", "advise"}),
            (Severity.DENY, {"deny", "advise"}),
            (Severity.ADVISE, {"advise"}),
        ],
    )
    def test_thresholds(self, severity, reached):
        tally = Tally()
        tally.count([replace(visit(), severity=severity)])
        assert {name for name in ("reject", "deny", "advise", "never") if tally.reaches(name)} == reached
        answered = Tally()
        answered.count([replace(visit(), severity=severity, outcome=Outcome.BYPASSED)])
        assert not answered.reaches("advise")
