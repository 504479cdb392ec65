"""The truth is what the bytes of the answers say: read here plainly, by ids that the sample itself made."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from scrubber.sample.answers.behaviour import Behaviour
from scrubber.sample.month import month
from scrubber.sample.truth import dollars

OUT_OF_SCOPE = {"22", "27", "29", "31", "96", "109", "197", "85", "116", "252"}
NO_DENIAL = {"45", "B11"}


class Plain:
    """Reads answers in the order they came, and keeps the last final one of each claim."""

    def __init__(self, made):
        self.claims = {claim.control: claim for claim in made.claims}
        self.short = defaultdict(list)
        for claim in made.claims:
            self.short[claim.control[:17]].append(claim)
        self.sets = defaultdict(list)
        for fate in made.truth.fates:
            for one in fate.sent:
                self.sets[one.gs06, one.st02].append(fate.claim.control)
        self.sent = {fate.claim.control: fate.sent[0].sent.strftime("%Y%m%d") for fate in made.truth.fates}
        self.payer_numbers = {}
        self.final = {}
        self.strays = Counter()
        self.read = Counter()
        files = [
            [row.split("*") for row in file.data.decode().replace("\n", "").split("~")]
            for file in made.answers
            if "-again." not in file.name
        ]
        for rows in sorted(files, key=lambda rows: (rows[1][4], rows[1][1])):
            {"FA": self.ack, "HN": self.status, "HP": self.payments}[rows[1][1]](rows)

    def ack(self, rows):
        group = next(row[2] for row in rows if row[0] == "AK1")
        st02 = ""
        if (group, "0001") not in self.sets:
            self.strays["999"] += 1
        for row in rows:
            if row[0] == "AK2":
                st02 = row[2]
            elif row[0] == "IK5" and row[1] == "R":
                for control in self.sets[group, st02]:
                    self.final[control] = "rejected", False

    def status(self, rows):
        for claim in split(rows, "HL", lambda row: row[3] == "PT"):
            self.read["277CA"] += 1
            trace, stc, name = (next(row for row in claim if row[0] == id_) for id_ in ("TRN", "STC", "NM1"))
            found = self.match(trace[2], name[9], stc[4], rows[1][4])
            if not found:
                self.strays["277CA"] += 1
                continue
            number = next((row[2] for row in claim if row[:2] == ["REF", "1K"]), None)
            if number:
                self.payer_numbers[number] = found
            if stc[3] == "U" and stc[1] != "A3:21":
                codes = [stc[1], *(row[1] for row in claim if row[0] == "STC")]
                self.final[found] = "rejected", not OUT_OF_SCOPE & {code.split(":")[1] for code in codes}

    def payments(self, rows):
        for claim in split(rows, "CLP", lambda _: True):
            self.read["835"] += 1
            clp, name = claim[0], next(row for row in claim if row[0] == "NM1")
            found = self.match(clp[1], name[9], clp[3].removeprefix("-"), rows[1][4], clp[7])
            if not found:
                self.strays["835"] += 1
            elif clp[2] == "22":
                self.final[found] = "open", False
            elif clp[2] != "23":
                self.final[found] = self.judged(claim)

    def judged(self, claim):
        lines = split(claim, "SVC", lambda _: True)
        denied = [line for line in lines if Decimal(line[0][3]) == 0] or ([] if lines else [claim])
        causes = []
        for one in denied:
            codes = [row[2] for row in one if row[0] == "CAS" and row[1] != "PR"]
            remarks = [row[2] for row in one if row[0] == "LQ"]
            remarks += [code for row in one if row[0] == "MOA" for code in row[3:]]
            causes += [(code, remarks) for code in codes if code not in NO_DENIAL]
        coding = [code for code, remarks in causes if code not in OUT_OF_SCOPE and "N382" not in remarks]
        return ("denied", bool(coding)) if causes else ("paid", False)

    def match(self, control, member, charge, day, payer_number=""):
        if control in self.claims:
            return control
        same = [
            claim.control
            for claim in self.short[control]
            if claim.member == member
            and Decimal(charge) * 100 == claim.cents
            and self.sent[claim.control] <= day
        ]
        return same[-1] if same else self.payer_numbers.get(payer_number)


def split(rows, first, wanted):
    found = []
    for row in rows:
        if row[0] in ("SE", "PLB") or row[0] == first:
            found.append([])
        if found:
            found[-1].append(row)
    return [part for part in found if part[0][0] == first and wanted(part[0])]


@pytest.fixture(scope="module")
def plain(exchanged):
    return Plain(exchanged)


def test_the_outcome_of_each_claim(exchanged, plain):
    for fate in exchanged.truth.fates:
        state, in_scope = plain.final.get(fate.claim.control, ("open", False))
        told = bool(fate.outcome and fate.outcome.in_scope)
        assert (state, in_scope) == (fate.state, told), fate.as_dict()


def test_what_matches_no_claim(exchanged, plain):
    truth = exchanged.truth.as_dict()
    assert Counter(one["kind"] for one in truth["unmatched"]) == plain.strays
    assert plain.read == truth["answers"]
    stray = plain.strays["277CA"] + plain.strays["835"]
    assert truth["match_rate"] == round(1 - stray / plain.read.total(), 6)
    assert stray == round(0.02 * truth["submitted"])
    assert {one["reason"] for one in truth["unmatched"]} == {"never sent", "mangled"}


def test_the_counts_hang_together(exchanged):
    truth = exchanged.truth.as_dict()
    rows = [fate.as_dict() for fate in exchanged.truth.fates]
    for told, money in ((truth, truth["dollars"]), *((one, one["dollars"]) for one in truth["by_payer"])):
        for count in (told, {key: Decimal(value) for key, value in money.items()}):
            assert count["submitted"] == count["answered"] + count["open"]
            assert count["in_scope"] == count["caught"] + count["missed"]
            paid = count["false_alarms"] + count["clean_paid"]
            assert count["answered"] == count["rejected"] + count["denied"] + paid
            assert count["in_scope"] <= count["rejected"] + count["denied"]
    assert truth["submitted"] == len(rows)
    assert truth["caught"] == sum(row["in_scope"] and bool(row["alarms"]) for row in rows)
    assert truth["false_alarms"] == sum(row["state"] == "paid" and bool(row["alarms"]) for row in rows)
    for key in ("submitted", "caught", "missed", "open"):
        assert sum(one[key] for one in truth["by_payer"]) == truth[key]
        assert sum(one[key] for one in truth["by_provider"]) == truth[key]
    for rule in truth["by_rule"]:
        about = [row for row in rows if rule["rule"] in row["alarms"]]
        assert rule["alarms"] == len(about)
        assert rule["caught"] == sum(row["in_scope"] for row in about)
    causes = Counter(code for row in rows for code in {cause["code"] for cause in row["causes"]})
    for code in ("97", "A7:453", "29"):
        assert sum(one["claims"] for one in truth["by_cause"] if one["code"] == code) == causes[code] > 0


def test_everything_happens(exchanged):
    truth = exchanged.truth.as_dict()
    assert 0.08 < truth["open"] / truth["submitted"] < 0.15
    for key in ("rejected", "denied", "caught", "missed", "false_alarms", "clean_paid"):
        assert truth[key] > 20, key
    assert any(fate.state == "open" and fate.outcome for fate in exchanged.truth.fates)  # taken back
    assert {fate.outcome.by for fate in exchanged.truth.fates if fate.outcome} == {"999", "277CA", "835"}


QUIET = Behaviour(
    late=0, unmatched=0, misprinted=0, lost=0, reversed=0, forwarded=0, lenient=0, picky=0,
    refused_elsewhere=0, denied_elsewhere=0, sets_refused=0, sets_noted=0, copies=0,
)  # fmt: skip


def test_without_trouble_every_alarm_is_right_and_nothing_is_missed():
    truth = month(600, 20, 3, QUIET).truth.as_dict()
    advised = sum(
        bool(fate.claim.scenario.faults) and not fate.claim.alarms
        for fate in month(600, 20, 3, QUIET).truth.fates
    )
    assert truth["open"] == truth["false_alarms"] == 0
    assert truth["missed"] == advised
    assert truth["caught"] + truth["missed"] == truth["rejected"] + truth["denied"]
    assert truth["unmatched"] == []
    assert truth["match_rate"] == 1


@pytest.mark.parametrize("seed", range(4))
def test_in_other_months_too(seed):
    made = month(700, 25, seed, Behaviour(reversed=0.2, misprinted=0.1, sets_refused=0.1, lost=0.05))
    plain = Plain(made)
    for fate in made.truth.fates:
        assert plain.final.get(fate.claim.control, ("open",))[0] == fate.state, fate.as_dict()


def test_dollars():
    assert [dollars(cents) for cents in (0, 5, 12345)] == ["0.00", "0.05", "123.45"]
