"""What is counted on the bytes, and that a claim, a line or a cent that went astray is told."""

from __future__ import annotations

import ast
import io
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from disorder import disorder
from hypothesis import given, settings
from hypothesis import strategies as st
from parting import claims, made, parts

import loops
from loops.errors import NotX12Error
from loops.source import open_source
from loops.totals import totals
from scrubber.batch import balance as balance_module
from scrubber.batch.balance import Mismatch, Sums, balance, tally
from scrubber.sample.batch import sample

ISA = b"ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*TESTRECEIVER   *261102*1200*^*00501*000000048*0*T*:~"
SPELLINGS = [
    (b"*:^~", b""),
    (b"*:^~", b"\r\n"),
    (b"|>!\n", b""),
    (b"\x1d:^\x1c", b""),
    (b"*:^\r", b"\n"),
    (b"*:^~", b"\n  "),
]


def respelled(data: bytes, separators: bytes, line_end: bytes) -> bytes:
    swapped = data.translate(bytes.maketrans(b"*:^~", separators))
    return swapped.replace(separators[3:], separators[3:] + line_end)


def one_set(*rows: bytes) -> bytes:
    return ISA + b"GS*HC~ST*837*1~" + b"".join(row + b"~" for row in rows) + b"SE*1*1~GE*1*1~IEA*1*000000048~"


def test_a_tally_is_what_the_reader_counts(fixture_file: Path):
    try:
        read = loops.read(fixture_file)
    except loops.NotX12Error:
        assert tally(fixture_file).sets == []
        return
    with read:
        counted, index = totals(read), read.index
        sets = sorted(
            [(start, True) for start in index.set_start] + [(one.start, False) for one in index.foreign]
        )
    found = tally(fixture_file)
    assert len(found.sets) == len(sets)
    mine = sum((one for one, (_, ours) in zip(found.sets, sets, strict=True) if ours), Sums())
    assert (mine.claims, mine.lines) == (counted.claims, counted.lines)
    assert (mine.charges, mine.line_charges) == (counted.charges * 100, counted.line_charges * 100)
    assert len(mine.odd) == counted.unreadable
    assert found.outside == Sums()


def test_it_shares_nothing_with_what_it_checks():
    tree = ast.parse(Path(balance_module.__file__).read_text(encoding="utf-8"))
    used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in used if name.startswith(("loops", "scrubber"))} == {"loops.source"}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_gives_the_same_counts(spelling):
    data = made(7)
    mine, other = tally(data), tally(respelled(data, *spelling))
    count = lambda sums: (sums.claims, sums.lines, sums.charges, sums.line_charges)  # noqa: E731
    assert [count(one) for one in mine.sets] == [count(one) for one in other.sets]
    assert count(mine.total)[:2] == (data.count(b"~CLM*"), data.count(b"~SV1*"))
    assert other.stray == 0


def test_blocks_are_no_borders(monkeypatch):
    data = respelled(made(7), b"*:^~", b"\r\n")
    whole = tally(data)
    for size in (1, 7, 100, 1000):
        monkeypatch.setattr(balance_module, "_BLOCK", size)
        assert tally(data) == whole


def test_what_can_be_counted(tmp_path):
    data = made(2)
    path = tmp_path / "batch"
    path.write_bytes(data)
    source = open_source(path)
    assert tally(path) == tally(str(path)) == tally(data) == tally(io.BytesIO(data)) == tally(source)
    assert source.data[:3] == b"ISA"  # it stays open
    source.close()
    assert tally(b"") == tally(b" \n") == balance_module.Tally()
    assert tally(b"no X12").stray == 5
    with pytest.raises(FileNotFoundError):
        tally(tmp_path / "absent")


@pytest.mark.parametrize(
    ("amount", "cents"),
    [(b"7", 700), (b"7.", 700), (b".07", 7), (b"07.50", 750), (b"-7.5", -750), (b"7.000", 700),
     (b"1234567890123.45", 123456789012345)],
)  # fmt: skip
def test_amounts_are_cents(amount, cents):
    found = tally(one_set(b"CLM*A*" + amount + b"*", b"SV1*HC:1*" + amount, b"SV1*HC:2*1"))
    assert found.sets == [Sums(1, 2, cents, cents + 100, (), found.sets[0].content)]


@pytest.mark.parametrize(
    "amount",
    [
        b"",
        b"ABC",
        b"1E5",
        b"NaN",
        b"1_0",
        b" 1",
        b"1 2",
        b"1,5",
        b"0.005",
        b"1" * 17,
        b"--1",
        b"1.2.3",
        b".",
        b"\xb2",
    ],
)
def test_what_is_no_amount_is_kept_as_text(amount):
    found = tally(one_set(b"CLM*A*" + amount, b"SV1*HC:1*" + amount + b"*UN", b"SV1*HC:2*1"))
    assert found.sets == [Sums(1, 2, 0, 100, (amount, amount), found.sets[0].content)]


def test_segments_without_elements_count():
    found = tally(one_set(b"CLM", b"CLM*A", b"SV1", b"XCLM*B*5", b"CLMX*B*5"))
    assert (found.sets[0].claims, found.sets[0].lines, found.sets[0].odd) == (2, 1, (b"",) * 3)


def test_what_is_in_no_set_or_no_interchange():
    data = (
        one_set(b"CLM*A*1").replace(b"GE*", b"CLM*B*2~GE*") + b"left over" + one_set(b"CLM*C*4") + b"CLM*D*8~"
    )
    found = tally(data)
    assert [one.charges for one in found.sets] == [100, 400]
    assert found.outside.charges == 200
    assert found.stray == len(b"leftover" + b"CLM*D*8~")
    assert found.total.charges == 700


def test_an_interchange_without_end_is_ended_by_the_next():
    first = ISA + b"GS*HC~ST*837*1~CLM*A*1~"
    other = one_set(b"CLM*B*2").replace(b":~", b">~")
    assert [one.charges for one in tally(first + other + one_set(b"CLM*C*4")).sets] == [100, 200, 400]
    assert [one.charges for one in tally(first).sets] == [100]
    assert [one.charges for one in tally(first + b"SV1*HC:1*5").sets] == [100]


def settle(data: bytes, hold: set[int]) -> tuple[bytes, bytes, dict]:
    parted, released, held = parts(data, hold)
    assert released is not None
    assert held is not None
    return released, held, {"released_sets": parted.released_sets, "held_sets": parted.held_sets}


def balanced(
    data: bytes, released: bytes | None, held: bytes | None, maps: dict, **options
) -> list[Mismatch]:
    files = [None if one is None else tally(one) for one in (data, released, held)]
    return list(balance("IN.837", *files, **maps, **options))


HOLD = {1, 2, 5}


@pytest.fixture(params=SPELLINGS)
def batch(request):
    return respelled(made(55), *request.param)


def test_a_good_split_is_balanced(batch):
    assert balanced(batch, *settle(batch, HOLD)) == []


def test_a_lost_claim_is_told(batch):
    released, held, maps = settle(batch, HOLD)
    for side, number in ((0, 0), (1, 1), (0, -1)):
        files = [released, held]
        lost = claims(files[side])[number]
        files[side] = files[side].replace(lost, b"", 1)
        (told,) = balanced(batch, *files, maps)
        assert told.file == "IN.837"
        assert told.transaction > 0
        assert "1 claims too few" in told.what
        assert "too little" in told.what


def test_a_doubled_claim_is_told(batch):
    released, held, maps = settle(batch, HOLD)
    twice = claims(released)[0]
    (told,) = balanced(batch, released.replace(twice, twice * 2, 1), held, maps)
    assert "1 claims too many" in told.what
    (told,) = balanced(batch, released, held.replace(claims(held)[0], claims(held)[0] + twice, 1), maps)
    assert "1 claims too many" in told.what


def test_a_claim_in_place_of_another_is_told(batch):
    released, held, maps = settle(batch, HOLD)
    one, other = claims(released)[:2]
    found = balanced(batch, released.replace(one, other, 1), held, maps)
    assert len(found) == 1


def test_a_changed_cent_is_told():
    data = b"".join(row.encode() + b"~" for piece, _ in sample(40, 2) for row in piece)
    released, held, maps = settle(data, HOLD)
    claim = claims(released)[3]
    fields = claim.split(b"*", 3)
    less = str(Decimal(fields[2].decode()) - Decimal("0.01")).encode()
    (told,) = balanced(
        data, released.replace(claim, b"*".join([*fields[:2], less, fields[3]]), 1), held, maps
    )
    assert told == Mismatch(
        "IN.837", 1, "released and held are not what came in: claim charges 0.01 too little"
    )
    line = held[held.index(b"SV1*") :].split(b"*", 3)
    more = str(Decimal(line[2].decode()) + 1).encode()
    wrong = held.replace(b"*".join(line[:3]), b"*".join([*line[:2], more]), 1)
    (told,) = balanced(data, released, wrong, maps)
    assert told.what == "released and held are not what came in: line charges 1.00 too much"


def test_cents_that_moved_between_claims_are_told_unless_the_batch_was_rewritten():
    released, held, maps = settle(made(55), HOLD)
    claim = claims(released)[0]
    name = claim.split(b"*")[1]
    renamed = released.replace(claim, claim.replace(name, b"OTHER", 1), 1)
    (told,) = balanced(made(55), renamed, held, maps)
    assert told.what.endswith("other claims or service lines than came in")
    assert balanced(made(55), renamed, held, maps, exact=False) == []
    lost = released.replace(claim, b"", 1)
    assert balanced(made(55), lost, held, maps, exact=False)


def test_odd_amounts_must_be_the_same():
    data = made(55).replace(b"CLM*TC1*", b"CLM*TC1*X", 1)
    released, held, maps = settle(data, HOLD)
    assert balanced(data, released, held, maps) == []
    (told,) = balanced(data, released.replace(b"CLM*TC1*X", b"CLM*TC1*Y", 1), held, maps, exact=False)
    assert told.what == "released and held are not what came in: amounts that are no whole cents differ"


def test_a_lost_set_or_file_is_told():
    data = made(5)
    hold = {n for n in range(len(claims(data))) if n % 3}
    released, held, maps = settle(data, hold)
    assert balanced(data, released, None, maps)
    assert balanced(data, None, held, maps)
    start, end = released.index(b"ST*"), released.index(b"SE*")
    end = released.index(b"~", end) + 1
    (told,) = balanced(data, released[:start] + released[end:], held, maps)
    assert (
        told.what
        == f"the released file has {len(maps['released_sets']) - 1} transaction sets, not {len(maps['released_sets'])}"
    )
    fewer = {**maps, "released_sets": maps["released_sets"][1:], "held_sets": maps["held_sets"][1:]}
    found = balanced(data, released[:start] + released[end:], held, fewer)
    assert any("transaction sets" in one.what for one in found)


def test_a_line_outside_of_sets_and_stray_bytes_are_told():
    data = made(55).replace(b"GE*", b"SV1*HC:1*5~GE*", 1) + b"left over"
    released, held, maps = settle(data, HOLD)
    assert balanced(data, released, held, maps) == []
    (told,) = balanced(data, released.replace(b"SV1*HC:1*5~", b""), held, maps)
    assert told.transaction == 0
    assert "1 lines too few" in told.what
    (told,) = balanced(data, released[: -len(b"left over")], held, maps)
    assert told == Mismatch(
        "IN.837", 0, "8 bytes stand outside of interchanges in the input, 0 in the outputs"
    )


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(SPELLINGS), st.randoms(use_true_random=False))
def test_any_planted_loss_is_told(seed, spelling, rng: Random):
    data = respelled(made(seed, 2), *spelling)
    count = len(claims(data))
    parted, released, held = parts(data, {n for n in range(count) if rng.random() < 0.4})
    maps = {"released_sets": parted.released_sets, "held_sets": parted.held_sets}
    assert balanced(data, released, held, maps) == []
    files = [released, held]
    side = rng.choice([n for n, one in enumerate(files) if one])
    claim = rng.choice(claims(files[side]))
    element = spelling[0][:1]
    match rng.randrange(3):
        case 0:
            after = b""
        case 1:
            after = claim * 2
        case _:
            fields = claim.split(element, 3)
            after = element.join([*fields[:2], fields[2] + b"1", *fields[3:]])
    files[side] = files[side].replace(claim, after, 1)
    assert balanced(data, *files, maps, exact=False)


def test_the_claims_counted_are_those_that_are_read(fixtures):
    """However the segments of the envelope lie about: else nothing of such a file could be published or held."""
    differ = 0
    for data in disorder(fixtures, 20261127, 700):
        try:
            batch = loops.read(data)
        except NotX12Error:
            continue
        with batch:
            if batch.index.foreign:
                continue  # counted apart: tests of whole runs see to it
            assert sum(one.claims for one in tally(data).sets) == len(batch), data
            differ += data.count(b"CLM*") != len(batch)
    assert differ > 14  # else the mutants prove nothing
