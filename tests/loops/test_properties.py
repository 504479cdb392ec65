"""What holds for any separators, line ends, window and bytes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unittest import mock

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import loops
from loops.delimiters import Delimiters
from loops.guide import load
from loops.scan import Index
from loops.walker import walker

from .respell import HEAD, ISA, TAIL, USUAL, Spelling, content, respell, whole

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "edi"
NEWLINES = b"\r\n"
# No letter, digit or blank (ISA is padded with blanks); line ends can be nothing but terminators.
SEPARATORS = [bytes([byte]) for byte in range(1, 256) if not chr(byte).isalnum() and byte not in b" \t\r\n"]
IDS = sorted({place.id for place in load().places} - {"ISA", "IEA"})

fewer = settings(max_examples=60)


@st.composite
def spellings(draw) -> Spelling:
    """Any separators, and line ends or none."""
    element, component, repetition = draw(
        st.lists(st.sampled_from(SEPARATORS), min_size=3, max_size=3, unique=True)
    )
    terminator = draw(st.sampled_from([*SEPARATORS, b"\n", b"\r"]))
    assume(terminator not in (element, component, repetition))
    after = draw(st.sampled_from([b"", b"\n", b"\r\n", b"\r", b"\n\n", b" \n\t"]))
    return Spelling(element, component, repetition, terminator, after.replace(terminator, b""))


def declared(spelling: Spelling) -> Delimiters:
    return Delimiters(*spelling[:4])


@st.composite
def segment_lists(draw, spelling: Spelling) -> list[bytes]:
    """Segments with ids of the guide and others, elements of any bytes that separate nothing."""
    taken = b"".join(spelling[:2]) + spelling.terminator
    free = [bytes([byte]) for byte in range(256) if byte not in taken]
    text = st.lists(st.sampled_from(free), max_size=6).map(b"".join)
    qualifier = st.sampled_from([b"85", b"IL", b"82", b"G1", b"6R", b"20", b"22", b"23", b"HC", b""])
    element = st.one_of(text, qualifier, st.lists(text, max_size=3).map(spelling.component.join))
    id_ = st.one_of(st.sampled_from(IDS).map(str.encode), st.sampled_from([b"X", b"ZZZ", b"hl"]))
    segment = st.builds(lambda i, es: spelling.element.join([i, *es]), id_, st.lists(element, max_size=6))
    return draw(st.lists(segment, min_size=1, max_size=25))


@fewer
@given(st.data(), spellings())
def test_spans_and_what_lies_between_give_back_the_bytes(data, spelling):
    made = data.draw(segment_lists(spelling))
    text = b"".join(one + spelling.terminator + spelling.after for one in made)
    delimiters = declared(spelling)
    batch = loops.Batch(mock.Mock(data=text), Index())
    segments = batch.segments(0, len(text), walker(delimiters).start, delimiters)
    rebuilt, position = b"", 0
    for segment in segments:
        between = text[position : segment.start]
        assert between.strip(b" \t\r\n" + spelling.terminator) == b""
        assert segment.raw == text[segment.start : segment.end]
        assert b"".join(segment.parts) == segment.raw.replace(spelling.element, b"")
        rebuilt += between + segment.raw
        position = segment.end
    assert rebuilt + text[position:] == text
    stripped = [one.lstrip(walker(delimiters).leading) for one in made]
    assert [segment.raw for segment in segments] == [one for one in stripped if one]


@fewer
@given(st.data(), spellings())
def test_a_spot_slices_to_exactly_its_text(data, spelling):
    made = data.draw(segment_lists(spelling))
    text = b"".join(one + spelling.terminator + spelling.after for one in made)
    delimiters = declared(spelling)
    batch = loops.Batch(mock.Mock(data=text), Index())
    for segment in batch.segments(0, len(text), walker(delimiters).start, delimiters):
        whole_spot = segment.spot()
        assert text[whole_spot.start : whole_spot.end] == segment.raw
        elements = segment.raw.split(spelling.element)
        for n in range(1, len(elements) + 2):
            expected = elements[n] if n < len(elements) else b""
            spot = segment.spot(n)
            assert text[spot.start : spot.end] == expected == segment[n]
            assert segment.text(n) == expected.decode("latin-1")
            assert spot.place.endswith(f"{n:02}")
            for c, component in enumerate([*expected.split(spelling.component), b""], 1):
                spot = segment.spot(n, c)
                assert text[spot.start : spot.end] == component
                assert segment.text(n, c) == component.decode("latin-1")
                assert segment.start <= spot.start <= spot.end <= segment.end


@cache
def plain(name: str) -> bytes:
    """A fixture in the usual spelling, without line ends."""
    return (FIXTURES / name).read_bytes().replace(b"\n", b"")


@cache
def usual(name: str) -> list[object]:
    with loops.read(plain(name)) as batch:
        return [content(claim) for claim in batch.claims()]


BATCHES = ["clean-many-loops.837", "clean-cob.837", "clean-dependent.837", "clean-several-st.837"]


@fewer
@given(st.sampled_from(BATCHES), spellings())
@example("clean-many-loops.837", USUAL._replace(after=b"\r\n"))
@example("clean-cob.837", Spelling(b"|", b">", b"!", b"\n"))
@example("clean-cob.837", Spelling(b"\x1d", b"\x1f", b"\x1e", b"\x1c"))
@example("clean-cob.837", Spelling(b".", b"[", b"^", b"$", b"\n"))
@example("clean-cob.837", Spelling(b"\\", b"]", b"-", b"\r", b"\n"))
def test_claims_are_the_same_in_any_spelling(name, spelling):
    taken = set(plain(name)) & set(b"".join(spelling[:4]) + b"") - set(b"*:^~")
    assume(not taken)
    data = respell(plain(name), spelling)
    with loops.read(data) as batch:
        assert batch.index.problems == []
        found = [content(claim) for claim in batch.claims()]
        for claim in batch.claims():
            assert data[claim.start : claim.start + 4] == b"CLM" + spelling.element
            assert data[claim.end : claim.end + 1] == spelling.terminator
    assert found == usual(name)


def everything(data: bytes) -> tuple[object, ...]:
    """All that reading and walking gives, in comparable form."""
    with loops.read(data, codes=frozenset({"96372"})) as batch:
        index = batch.index
        columns = [list(getattr(index, name)) for name in Index.__slots__ if name not in ("isas", "groups")]
        walked = [
            (end, step.place.path if step.place else "")
            for _, stretch in batch.walk()
            for end, step in zip(stretch.ends, stretch.steps, strict=True)
        ]
    return [isa.start for isa in index.isas], [group.start for group in index.groups], columns, walked


@fewer
@given(st.sampled_from(["clean-several-isa.837", "clean-crlf.837", *BATCHES]), st.integers(1, 5000))
@example("clean-several-isa.837", 1)
def test_the_window_does_not_matter(name, window):
    data = (FIXTURES / name).read_bytes()
    expected = everything(data)
    with mock.patch("loops.walker.WINDOW", window):
        assert everything(data) == expected


def use(data: bytes) -> None:
    """Nothing but NotX12Error may come out of reading any bytes."""
    try:
        batch = loops.read(data, codes=frozenset({"96372"}))
    except loops.NotX12Error:
        return
    with batch:
        for claim in batch.claims():
            claim.rendering(claim.lines[0] if claim.lines else None)
            for line in claim.lines:
                claim.pointed(line)
        for _ in batch.walk():
            pass


@given(st.binary(max_size=400))
def test_any_bytes(data):
    use(data)


@given(
    st.lists(
        st.sampled_from([ISA, HEAD, TAIL, *whole(2).split(b"~"), b"~", b"*", b":", b"\n", b"\0"]), max_size=40
    )
)
def test_any_pieces_of_a_batch(pieces):
    use(ISA + b"~".join(pieces))


@fewer
@given(st.data())
def test_any_damage_to_a_batch(data):
    text = bytearray(data.draw(st.sampled_from([whole(3), plain("clean-cob.837")])))
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.one_of(st.integers(0, 5), st.integers(0, len(text))))
        text[start : start + length] = data.draw(st.binary(max_size=5))
    use(bytes(text))


@fewer
@given(st.integers(0, 10_000))
def test_a_batch_cut_anywhere(length):
    use(plain("clean-cob.837")[:length])
