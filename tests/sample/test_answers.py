"""The answers as X12: pyx12 reads them, their amounts balance, their totals are right."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from pyx12_verdict import verdict

from scrubber.sample.month import month


def segments(file):
    return [row.split("*") for row in file.data.decode().replace("~\n", "~").split("~") if row]


def sets(file):
    """The transaction sets of a file, each a list of segments."""
    found = []
    for row in segments(file):
        if row[0] == "ST":
            found.append([])
        if found and row[0] not in ("GE", "IEA"):
            found[-1].append(row)
    return found


def number(text):
    return Decimal(text or "0")


@pytest.mark.parametrize(("count", "days", "seed"), [(400, 12, 5), (200, 1, 11)])
def test_pyx12_reads_every_answer_without_an_error(count, days, seed):
    made = month(count, days, seed)
    assert {file.name.rpartition(".")[2] for file in made.answers} == {"999", "277", "835"}
    for file in made.answers:
        assert verdict(file.data) == (True, Counter()), file.name


def test_an_835_balances_by_line_claim_and_transaction(exchanged):
    seen = Counter()
    for file in exchanged.answers:
        if not file.name.endswith(".835"):
            continue
        for one in sets(file):
            bpr = next(row for row in one if row[0] == "BPR")
            claims = parts(one, "CLP")
            kept = sum(number(row[4]) for row in one if row[0] == "PLB")
            assert number(bpr[2]) == sum(number(claim[0][4]) for claim in claims) - kept
            assert number(bpr[2]) >= 0
            seen["PLB"] += any(row[0] == "PLB" for row in one)
            for claim in claims:
                charge, paid, owed = map(number, [*claim[0][3:6]])
                assert charge - reasons(claim) == paid
                assert owed == reasons(claim, ("PR",))
                lines = parts(claim, "SVC")
                if lines:
                    assert charge == sum(number(line[0][2]) for line in lines)
                    assert paid == sum(number(line[0][3]) for line in lines)
                for line in lines:
                    assert number(line[0][2]) - reasons(line) == number(line[0][3])
                    seen["recoded"] += len(line[0]) > 6
                seen[claim[0][2]] += 1
                seen["whole"] += not lines
                seen["partial"] += any(number(line[0][3]) for line in lines) and denied_lines(lines)
    assert {"1", "4", "19", "22", "23"} <= set(seen)
    assert min(seen["recoded"], seen["whole"], seen["partial"], seen["PLB"]) > 0


def parts(rows, first):
    """Runs of segments that begin with `first`, up to the next one, the trailer or a PLB."""
    found = []
    for row in rows:
        if row[0] == first:
            found.append([])
        if row[0] in ("PLB", "SE"):
            break
        if found:
            found[-1].append(row)
    return found


def reasons(rows, groups=("CO", "OA", "PI", "PR")):
    return sum((number(row[3]) for row in rows if row[0] == "CAS" and row[1] in groups), Decimal(0))


def denied_lines(lines):
    return any(row[0] == "CAS" and row[2] in ("97", "236", "4", "16") for line in lines for row in line)


def test_the_totals_of_a_277ca_are_those_of_its_claims(exchanged):
    refused = accepted = 0
    for file in exchanged.answers:
        if not file.name.endswith(".277"):
            continue
        for one in sets(file):
            claims = [part for part in parts(one, "HL") if part[0][3] == "PT"]
            stc = [next(row for row in part if row[0] == "STC") for part in claims]
            for action, quantity, amount in (("WQ", ("90", "QA"), "YU"), ("U", ("AA", "QC"), "YY")):
                charges = [number(row[4]) for row in stc if row[3] == action]
                for count in quantity:
                    told = sum(int(row[2]) for row in one if row[0] == "QTY" and row[1] == count)
                    assert told == len(charges)
                summed = sum(number(row[2]) for row in one if row[0] == "AMT" and row[1] == amount)
                assert summed == 2 * sum(charges)  # once for the receiver, once for the providers
            accepted += sum(row[3] == "WQ" for row in stc)
            refused += sum(row[3] == "U" for row in stc)
    assert accepted > refused > 50


def test_a_999_counts_its_sets(exchanged):
    verdicts = Counter()
    for file in exchanged.answers:
        if file.name.endswith(".999"):
            rows = segments(file)
            codes = [row[1] for row in rows if row[0] == "IK5"]
            ak9 = next(row for row in rows if row[0] == "AK9")
            assert [int(text) for text in ak9[2:]] == [len(codes), len(codes), len(codes) - codes.count("R")]
            assert ("CTX" in {row[0] for row in rows}) == (set(codes) != {"A"})
            verdicts.update(codes)
    assert verdicts["A"] > verdicts["E"] + verdicts["R"] > 0


def test_a_999_points_at_the_segment_it_means():
    made = month(3000, 20, 2)
    batches = {file.name.rpartition(".")[0]: sets(file) for file in made.batches}
    pointed = Counter()
    for file in made.answers:
        if not file.name.endswith(".999") or file.name.startswith("elsewhere"):
            continue
        ours = batches[file.name.rpartition(".")[0].removesuffix("-again")]
        st02 = ""
        fault = []
        for row in segments(file):
            if row[0] == "AK2":
                st02 = row[2]
            elif row[0] == "IK3":
                fault = row
            elif row[0] == "CTX":
                body = ours[int(st02) - 1]
                at = int(fault[2]) - 1
                assert body[at][0] == fault[1]
                above = next(row for row in reversed(body[: at + 1]) if row[0] == "CLM")
                assert row[1] == f"CLM01:{above[1]}"
                pointed[fault[1]] += 1
    assert {"SV1", "REF"} <= set(pointed)


def test_some_files_come_twice_and_are_the_same(exchanged):
    by_name = {file.name: file.data for file in exchanged.answers}
    copies = [name for name in by_name if "-again." in name]
    assert {name.rpartition(".")[2] for name in copies} == {"999", "277", "835"}
    assert all(by_name[name.replace("-again", "")] == by_name[name] for name in copies)
    assert len(set(by_name.values())) == len(by_name) - len(copies)
