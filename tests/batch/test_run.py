"""A run: what is released, held and answered, and that every claim and cent is accounted for."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from batches import AT, FAULTY, RIGHT, Heard, check_outbox, checker, claims, go, published, tree
from commands import INSTITUTIONAL, run
from pyx12_verdict import verdict

import loops
from loops.answers import read
from loops.answers.kinds import BatchStatus, ClaimStatus, GroupAck, TransactionAck
from loops.problem import Problem
from scrubber.batch import balance, books, drafts, editions, file, found, handed, intake
from scrubber.checker import Checker
from scrubber.ledger import open_ledger
from scrubber.sample.batch import sample


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def put(folder: Path, **files: bytes) -> None:
    for name, data in files.items():
        (folder / f"{name}.837").write_bytes(data)


def sampled(count: int, seed: int = 1) -> bytes:
    return b"".join(f"{row}~\n".encode() for rows, _ in sample(count, seed) for row in rows)


def rows(outbox: Path, name: str) -> list[dict]:
    lines = (outbox / f"reports/{name}.findings.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


def manifest(outbox: Path, name: str) -> dict:
    return json.loads((outbox / f"reports/{name}.run.json").read_bytes())


def answers(outbox: Path, name: str, kind: str, of: type) -> list:
    found = list(read(outbox / f"ack/{name}.{kind}"))
    assert not [one for one in found if isinstance(one, Problem)]
    return [one for one in found if isinstance(one, of)]


def ids(data: bytes) -> list[str]:
    """CLM01 of all claims, read without the product."""
    return [
        segment.split("*")[1]
        for segment in data.decode("latin-1").split("~")
        if segment.strip().startswith("CLM*")
    ]


def bodies(batch: loops.Batch) -> Counter[bytes]:
    """The bytes of each claim."""
    index, data = batch.index, batch.source.data
    return Counter(bytes(data[a:b]) for a, b in zip(index.claim_start, index.claim_end, strict=True))


# --- what comes out ---


def test_the_outbox_is_that_of_the_contract(inbox, tmp_path):
    outbox = tmp_path / "out"
    put(inbox, a=claims(FAULTY, RIGHT), b=claims(RIGHT, control=2), c=INSTITUTIONAL)
    totals = go(inbox, outbox)
    check_outbox(inbox, outbox)
    assert sorted(published(outbox)) == [
        *("ack/a.837.277", "ack/a.837.999", "ack/b.837.277", "ack/b.837.999"),
        *("bad/c.837", "bad/c.837.reason.json", "held/a.837", "released/a.837", "released/b.837"),
        *("reports/a.837.findings.jsonl", "reports/a.837.html", "reports/a.837.run.json"),
        *(
            "reports/b.837.findings.jsonl",
            "reports/b.837.html",
            "reports/b.837.run.json",
            "reports/c.837.run.json",
        ),
    ]
    assert (totals.files, totals.failed, totals.received.claims, totals.held.claims) == (2, 1, 3, 1)
    assert tree(inbox) == {
        "a.837": claims(FAULTY, RIGHT),
        "b.837": claims(RIGHT, control=2),
        "c.837": INSTITUTIONAL,
    }
    assert (outbox / "released/b.837").read_bytes() == claims(RIGHT, control=2), (
        "what is not touched is the same"
    )
    assert ids((outbox / "released/a.837").read_bytes()) == ["CLAIM2"]
    assert ids((outbox / "held/a.837").read_bytes()) == ["CLAIM1"]
    assert (outbox / "bad/c.837").read_bytes() == INSTITUTIONAL
    reason = json.loads((outbox / "bad/c.837.reason.json").read_bytes())["reason"]
    assert reason.startswith("not read: 837 institutional (005010X223A2)")


def test_every_fixture(fixtures, inbox, tmp_path):
    """All that is in fixtures/edi: in is released plus held, to the cent; bytes of claims stay; answers agree."""
    outbox = tmp_path / "out"
    for path in fixtures.iterdir():
        if path.suffix in (".837", ".edi"):
            (inbox / path.name).write_bytes(path.read_bytes())
    log = Heard()
    totals = go(inbox, outbox, log=log)
    check_outbox(inbox, outbox)
    assert not totals.guard, log.lines
    assert totals.received.claims == totals.released.claims + totals.held.claims > 600
    assert totals.received.cents == totals.released.cents + totals.held.cents
    assert totals.received.lines == totals.released.lines + totals.held.lines
    for path in sorted(inbox.iterdir()):
        if (outbox / "bad" / path.name).exists():
            continue
        came = loops.read(path)
        parts = [
            loops.read(outbox / kind / path.name)
            for kind in ("released", "held")
            if (outbox / kind / path.name).exists()
        ]
        assert sum(map(bodies, parts), Counter()) == bodies(came), path.name
        accounts = manifest(outbox, path.name)["totals"]
        for key in ("claims", "lines"):
            assert accounts["received"][key] == accounts["released"][key] + accounts["held"][key]
        held = {row["claim"] for row in rows(outbox, path.name) if row["disposition"] == "hold"}
        refused = [
            one
            for one in answers(outbox, path.name, "277", ClaimStatus)
            if {note.action for note in one.notes} == {"U"}
        ]
        assert len(refused) == accounts["held"]["claims"], path.name
        assert {one.claim for one in refused} <= held | {one.claim for one in refused if None in held}, (
            path.name
        )


@pytest.mark.parametrize("count", [400])
def test_generated_claims(count, inbox, tmp_path):
    """Claims with a share of faulty ones: to the cent per transaction; pyx12 finds nothing new in either output.

    ``tests/bench/bench_batch.py`` does this with 10,000.
    """
    outbox, data = tmp_path / "out", sampled(count)
    put(inbox, a=data)
    go(inbox, outbox)
    check_outbox(inbox, outbox)
    check_generated(outbox, data)


def check_generated(outbox: Path, data: bytes) -> None:
    """What must be true of ``a.837`` after a run."""
    told = manifest(outbox, "a.837")
    for one in told["transactions"]:
        for key in ("claims", "lines"):
            assert one["received"][key] == one["released"][key] + one["held"][key]
        money = {part: Decimal(one[part]["charges"]) for part in ("received", "released", "held")}
        assert money["received"] == money["released"] + money["held"]
    assert told["totals"]["held"]["claims"] > 0
    before = verdict(data)
    assert before is not None
    for kind in ("released", "held"):
        after = verdict((outbox / kind / "a.837").read_bytes())
        assert after is not None
        assert not after[1] - before[1], kind
    reasons: dict[str, set[str]] = {}
    for row in rows(outbox, "a.837"):
        if row["disposition"] == "hold":
            reasons.setdefault(row["claim"], set()).add(row["rule"])
    assert set(ids((outbox / "held/a.837").read_bytes())) == set(reasons)
    statuses = {one.claim: one for one in answers(outbox, "a.837", "277", ClaimStatus)}
    assert len(statuses) == len(ids(data))
    for claim, one in statuses.items():
        notes = [*one.notes, *(note for line in one.lines for note in line.notes)]
        assert {note.action for note in notes} == ({"U"} if claim in reasons else {"WQ"})
        assert {word for note in notes for word in note.text.split()} == reasons.get(claim, set())
    heads = answers(outbox, "a.837", "277", BatchStatus)
    assert sum(head.totals.accepted or 0 for head in heads) == told["totals"]["released"]["claims"]
    assert sum(head.totals.rejected or 0 for head in heads) == told["totals"]["held"]["claims"]
    assert sum(head.totals.rejected_amount or 0 for head in heads) == Decimal(
        told["totals"]["held"]["charges"]
    )
    assert verdict((outbox / "ack/a.837.999").read_bytes()) == (True, Counter())


def test_what_is_released_is_released_again_whole(inbox, tmp_path):
    put(inbox, a=sampled(200))
    go(inbox, tmp_path / "one")
    second = tmp_path / "in2"
    second.mkdir()
    (second / "a.837").write_bytes((tmp_path / "one/released/a.837").read_bytes())
    totals = go(second, tmp_path / "two")
    assert totals.held.claims == 0
    assert (tmp_path / "two/released/a.837").read_bytes() == (second / "a.837").read_bytes()


def test_a_held_file_corrected_by_hand_goes_through(inbox, tmp_path):
    outbox = tmp_path / "out"
    put(inbox, a=claims(FAULTY, RIGHT))
    go(inbox, outbox)
    held = (outbox / "held/a.837").read_bytes()
    assert b"*000000001*" not in held, "it has an ISA13 of its own"
    put(inbox, a_again=held.replace(b"HC:99213*", b"HC:99213:25*"))
    assert go(inbox, outbox).held.claims == 0
    assert ids((outbox / "released/a_again.837").read_bytes()) == ["CLAIM1"]
    check_outbox(inbox, outbox)
    with open_ledger(outbox / "ledger.sqlite") as book:
        assert [hold.state for hold in book.holds()] == ["closed"]


def test_a_hold_that_somebody_released_goes_through(inbox, tmp_path):
    outbox = tmp_path / "out"
    put(inbox, a=claims(FAULTY))
    assert go(inbox, outbox).held.claims == 1
    with open_ledger(outbox / "ledger.sqlite") as book:
        (hold,) = book.holds()
        book.release(hold.id, "coder", "the note shows it", AT)
    put(inbox, b=(outbox / "held/a.837").read_bytes())
    assert go(inbox, outbox).released.claims == 1
    assert "INJ-E02" in {row["rule"] for row in rows(outbox, "b.837")}
    check_outbox(inbox, outbox)


# --- once ---


def test_the_same_bytes_twice(inbox, tmp_path):
    outbox = tmp_path / "out"
    put(inbox, a=claims(FAULTY, RIGHT))
    go(inbox, outbox)
    before = published(outbox)
    log = Heard()
    totals = go(inbox, outbox, log=log)
    assert (totals.files, totals.again) == (0, 1)
    assert published(outbox) == before
    put(inbox, other=claims(FAULTY, RIGHT))
    assert go(inbox, outbox).again == 2
    check_outbox(inbox, outbox)
    assert sorted(tree(outbox / "released")) == ["a.837"]
    for kind in ("999", "277"):
        assert (outbox / f"ack/other.837.{kind}").read_bytes() == (outbox / f"ack/a.837.{kind}").read_bytes()
    assert manifest(outbox, "other.837")["first"]["name"] == "a.837"
    before = published(outbox)
    assert go(inbox, outbox).again == 2
    assert published(outbox) == before


def test_the_same_bytes_twice_in_one_run(inbox, tmp_path):
    put(inbox, a=claims(RIGHT), b=claims(RIGHT), c=claims(FAULTY, control=2))
    totals = go(inbox, tmp_path / "out")
    assert (totals.files, totals.again) == (2, 1)
    check_outbox(inbox, tmp_path / "out")


def test_a_lost_ledger_releases_nothing_twice(inbox, tmp_path):
    outbox = tmp_path / "out"
    put(inbox, a=claims(FAULTY, RIGHT))
    go(inbox, outbox)
    before = published(outbox)
    (outbox / "ledger.sqlite").unlink()
    log = Heard()
    assert go(inbox, outbox, log=log).again == 1
    assert published(outbox) == before
    assert "this ledger does not know it, but its report is there: not done again" in log.lines[0]


def test_the_outbox_may_be_emptied(inbox, tmp_path):
    """What was sent, answered and read is taken away; the ledger still knows."""
    outbox = tmp_path / "out"
    put(inbox, a=claims(FAULTY, RIGHT))
    go(inbox, outbox)
    for name in published(outbox):
        (outbox / name).unlink()
    assert go(inbox, outbox).again == 1
    assert published(outbox) == {}


# --- faults outside claims ---


def one_of_three(old: bytes, new: bytes, fixtures: Path) -> bytes:
    data = (fixtures / "clean-several-st.837").read_bytes()
    assert data.count(old) >= 1
    return data.replace(old, new, 1)


def acks(outbox):
    return [one.code for one in answers(outbox, "a.837", "999", TransactionAck)]


def groups(outbox):
    return [one.code for one in answers(outbox, "a.837", "999", GroupAck)]


FAULTS = {
    # what is wrong with the first of three transactions of three claims: claims held, 999 by transaction, by group
    "SE01": (b"SE*", b"SE*9", 3, ["R", "A", "A"], ["P"]),
    "no submitter": (b"NM1*41*", b"NM1*99*", 3, ["R", "A", "A"], ["P"]),
    "billing provider": (b"N3*1 EXAMPLE ST", b"N3*", 3, ["E", "A", "A"], ["E"]),
    "HL01": (b"HL*2*1*22", b"HL*9*1*22", 3, ["R", "A", "A"], ["P"]),
    "subscriber": (b"DMG*D8*", b"DMG*ZZ*", 1, ["E", "A", "A"], ["E"]),
    "claim": (b"***11:B:1*", b"***11:Q:1*", 1, ["E", "A", "A"], ["E"]),
    "line": (b"*UN*1*", b"*XX*1*", 1, ["E", "A", "A"], ["E"]),
    "GE01": (b"GE*3*", b"GE*4*", 9, ["R", "R", "R"], ["R"]),
    "IEA01": (b"IEA*1*", b"IEA*2*", 9, ["R", "R", "R"], ["R"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_holds_what_depends_on_it_and_no_neighbour(fault, fixtures, inbox, tmp_path):
    old, new, held, by_set, by_group = FAULTS[fault]
    data = one_of_three(old, new, fixtures)
    put(inbox, a=data)
    log = Heard()
    totals = go(inbox, tmp_path / "out", log=log)
    check_outbox(inbox, tmp_path / "out")
    assert (totals.received.claims, totals.held.claims) == (9, held), log.lines
    assert acks(tmp_path / "out") == by_set
    assert groups(tmp_path / "out") == by_group
    refused = [
        one for one in answers(tmp_path / "out", "a.837", "277", ClaimStatus) if one.notes[0].action == "U"
    ]
    assert len(refused) == held


def test_what_is_not_837p_is_held_and_refused(inbox, tmp_path):
    """Nobody judged it, so that it may not be sent; the 837P beside it goes on."""
    data, outbox = claims(FAULTY, RIGHT).decode(), tmp_path / "out"
    st = data[data.index("ST*837") : data.index("GE*")].replace("0001", "0002").replace("X222A1", "X223A2")
    group = f"GS*HC*TEST01*TEST02*20261102*1200*2*X*005010X223A2~{st}GE*1*2~"
    put(inbox, a=data.replace("IEA*1*", f"{group}IEA*2*").encode())
    log = Heard()
    totals = go(inbox, outbox, log=log)
    check_outbox(inbox, outbox)
    assert (totals.released.claims, totals.held.claims, totals.failed) == (1, 1, 1)
    assert log.lines[0].startswith("a.837: not read: 837 institutional (005010X223A2); only")
    assert b"X223A2" not in (outbox / "released/a.837").read_bytes()
    assert st.encode() in (outbox / "held/a.837").read_bytes()
    assert groups(outbox) == ["A", "R"]
    assert acks(outbox) == ["A", "R"]


def test_a_faulty_transaction_without_claims_is_not_released(fixtures, inbox, tmp_path):
    data = (fixtures / "clean-several-st.837").read_bytes()
    start = data.index(b"HL*1*")
    end = data.index(b"\nSE*", start) + 1
    put(inbox, a=data[:start] + data[end:])
    totals = go(inbox, tmp_path / "out")
    check_outbox(inbox, tmp_path / "out")
    assert (totals.received.claims, totals.released.claims) == (6, 6)
    assert acks(tmp_path / "out") == ["R", "A", "A"]
    assert (tmp_path / "out/released/a.837").read_bytes().count(b"ST*837*") == 2
    assert (tmp_path / "out/held/a.837").read_bytes().count(b"ST*837*") == 1


# --- exit codes, configuration, ledger elsewhere ---


def test_exit_codes(inbox, tmp_path):
    def code(*args, **files):
        outbox = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        for path in inbox.iterdir():
            path.unlink()
        put(inbox, **files)
        return run("batch", inbox, "-o", outbox, "--settle", "0", "--quiet", *args).code

    assert code(a=claims(RIGHT)) == 0
    assert code(a=claims(FAULTY)) == 1
    assert code("--fail-on", "never", a=claims(FAULTY)) == 0
    assert code("--fail-on", "reject", a=claims(FAULTY)) == 0
    assert code(a=INSTITUTIONAL) == 3
    assert code(a=INSTITUTIONAL, b=claims(RIGHT)) == 4
    assert code("--policy", "none", a=claims(RIGHT)) == 2
    assert code("--no-guide", a=claims(RIGHT)) == 2


def test_a_sum_that_does_not_add_up_publishes_nothing(inbox, tmp_path, monkeypatch):
    put(inbox, a=claims(FAULTY, RIGHT), b=claims(RIGHT, control=2))

    def short(source):
        counted = balance.tally(source)
        if source == claims(FAULTY, RIGHT):
            counted.sets[0] += balance.Sums(charges=1)
        return counted

    monkeypatch.setattr(books, "tally", short)
    ran = run("batch", inbox, "-o", tmp_path / "out", "--settle", "0")
    assert ran.code == 5
    assert sorted(tree(tmp_path / "out" / "released")) == ["b.837"]
    assert "nothing of it is published: " in ran.err
    monkeypatch.undo()
    assert run("batch", inbox, "-o", tmp_path / "out", "--settle", "0").code == 1
    check_outbox(inbox, tmp_path / "out")


def test_a_crash_is_of_one_file(inbox, tmp_path, monkeypatch):
    real = file.Batched._judged

    def broken(self, *args):
        if self.order.name == "a.837":
            raise ValueError("DOE*JANE")
        return real(self, *args)

    monkeypatch.setattr(file.Batched, "_judged", broken)
    put(inbox, a=claims(RIGHT), b=claims(RIGHT, control=2))
    log = Heard()
    totals = go(inbox, tmp_path / "out", log=log)
    assert log.lines == ["a.837: internal fault (ValueError): please report it"]
    assert (totals.files, totals.failed) == (1, 1)
    monkeypatch.undo()
    go(inbox, tmp_path / "out")
    check_outbox(inbox, tmp_path / "out")


def test_another_ledger(inbox, tmp_path):
    put(inbox, a=claims(FAULTY))
    where = tmp_path / "books" / "ledger.sqlite"
    where.parent.mkdir()
    assert run("batch", inbox, "-o", tmp_path / "out", "--settle", "0", "--ledger", where).code == 1
    check_outbox(inbox, tmp_path / "out", where)
    assert not (tmp_path / "out" / "ledger.sqlite").exists()


def test_summary_and_log(inbox, tmp_path):
    put(inbox, a=claims(FAULTY, RIGHT), c=INSTITUTIONAL)
    ran = run("batch", inbox, "-o", tmp_path / "out", "--settle", "0")
    assert ran.text.splitlines() == [
        "received  2 claims  $170.00",
        "released  1 claims  $ 35.00",
        "held      1 claims  $135.00",
        "files     1 done, 1 bad or left alone",
    ]
    events = [json.loads(line) for line in ran.err.splitlines()]
    assert [event["event"] for event in events] == ["begin", "done", "bad"]
    assert events[1]["held_charges"] == "135.00"
    assert run("batch", inbox, "-o", tmp_path / "out", "--settle", "0", "--quiet").text == ""


def test_the_manifest(inbox, tmp_path):
    put(inbox, a=claims(FAULTY, RIGHT))
    go(inbox, tmp_path / "out")
    told = manifest(tmp_path / "out", "a.837")
    assert told["schema"] == "scrubber.run/1"
    assert told["outcome"] == "parted"
    assert told["at"] == AT.isoformat()
    assert told["totals"]["held"] == {"claims": 1, "lines": 3, "charges": "135.00"}
    assert told["held"]["by_rule"] == [{"rule": "INJ-E02", "claims": 1, "charges": "135.00"}]
    assert told["held"]["by_payer"] == [{"payer_class": "commercial", "claims": 1, "charges": "135.00"}]
    assert len(told["rules"]["version"]) == 12
    assert {table["name"] for table in told["tables"]} == set(checker().tables.names())
    assert {one["name"] for one in told["outputs"]} == set(published(tmp_path / "out")) - {
        "reports/a.837.run.json"
    }
    assert set(told["timings"]) == {"judge", "split", "balance", "answer", "report", "ledger", "total"}


# --- any number of processes ---


def test_the_same_with_any_number_of_processes(fixtures, inbox, tmp_path):
    for n, path in enumerate(sorted(fixtures.glob("*.837"))[::3]):
        (inbox / path.name).write_bytes(path.read_bytes())
        if n % 5 == 0:
            (inbox / f"z-{path.name}").write_bytes(path.read_bytes())
    (inbox / "big.837").write_bytes(sampled(700))
    made = {}
    for jobs in (1, 2):
        outbox = tmp_path / f"out{jobs}"
        go(inbox, outbox, jobs=jobs, make=Checker)
        check_outbox(inbox, outbox)
        made[jobs] = published(outbox)
    assert list(made[1]) == list(made[2])
    for name, data in made[1].items():
        assert data == made[2][name], name


def test_claims_go_through_a_file_when_there_are_many(inbox, tmp_path, monkeypatch):
    put(inbox, a=sampled(100))
    go(inbox, tmp_path / "one")
    monkeypatch.setattr(handed, "_CHUNK", 16)
    monkeypatch.setattr(found, "_CHUNK", 8)
    go(inbox, tmp_path / "two")
    check_outbox(inbox, tmp_path / "two")
    assert published(tmp_path / "one") == published(tmp_path / "two")


def test_large_files_are_mapped(inbox, tmp_path, monkeypatch):
    put(inbox, a=sampled(60))
    go(inbox, tmp_path / "one")
    for module in (drafts, editions, intake):
        monkeypatch.setattr(module, "IN_MEMORY", 1000)
    go(inbox, tmp_path / "two")
    check_outbox(inbox, tmp_path / "two")
    assert published(tmp_path / "one") == published(tmp_path / "two")
