"""Where our walk and pyx12 4.0.0's differ on purpose, each with its reason."""

from __future__ import annotations

import pytest

import loops

from .pyx12_walk import BOM, CannotWalkError, difference, labelled, our_walk, parts, pyx12_walk

LINE = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B/2300/2400"


@pytest.fixture
def clean(fixtures) -> bytes:
    return (fixtures / "clean-subscriber.837").read_bytes()


def with_line_segment(data: bytes, segment: bytes) -> bytes:
    """`data` with a segment after the first SV1."""
    at = data.index(b"~\nDTP*472") + 2
    return data[:at] + segment + b"~\n" + data[at:]


@pytest.mark.parametrize("code", ["AB", "AD", "AF", "AG", "NS"])
def test_pwk_ct_is_the_certificate(clean, code):
    """Erratum E-PWK-CT: pyx12's map lets the general PWK take these codes, which only the certificate has."""
    data = with_line_segment(clean, f"PWK*CT*{code}".encode())
    path = {one.path for one in our_walk(data) if one.id == "PWK"}
    theirs = {one.path for one in pyx12_walk(data) if one.id == "PWK"}
    assert (path, theirs) == ({f"{LINE}/PWK[CT]"}, {f"{LINE}/PWK[03]"})


@pytest.mark.parametrize(
    "segment", [b"PWK*CT*BM", b"PWK*CT", b"PWK*CT*ab", b"PWK*03*AD", b"PWK*CT*AD:X", b"PWK"]
)
def test_every_other_pwk_goes_where_pyx12_sends_it(clean, segment):
    assert difference(with_line_segment(clean, segment)) == ""


def test_reading_goes_on_after_an_empty_segment(clean):
    """pyx12 stops at an empty segment, and what follows is lost."""
    at = clean.index(b"HL*3*")
    data = clean[:at] + b"~\n" + clean[at:]
    theirs = pyx12_walk(data)
    assert theirs == pyx12_walk(clean)[: len(theirs)]
    assert len(theirs) < len(pyx12_walk(clean))
    assert [one for one in our_walk(data) if one.id] == pyx12_walk(clean)


def test_a_segment_may_be_long(clean):
    """pyx12 gives up where a segment does not end within its buffer of 8 KiB and the next."""
    at = clean.index(b"LX*2")
    data = clean[:at] + b"NTE*ADD*" + b"X" * 20_000 + b"~\n" + clean[at:]
    assert len(pyx12_walk(data)) < len(pyx12_walk(clean))
    assert [one for one in our_walk(data) if one.id != "NTE"] == pyx12_walk(clean)


def test_an_id_may_follow_a_tab(clean):
    """pyx12 cuts line ends and blanks before an id, but takes a tab as part of it."""
    data = clean.replace(b"\nREF*", b"\n\tREF*")
    assert {one.path for one in pyx12_walk(data) if one.id == "\tREF"} == {""}
    assert our_walk(data) == pyx12_walk(clean)


def test_nothing_is_walked_after_the_trailer(clean):
    """After IEA pyx12 walks on, and a GS may reopen what is closed; here the interchange is over."""
    group = clean[clean.index(b"GS*") : clean.index(b"IEA*")]
    data = clean + group
    assert our_walk(data) == our_walk(clean)
    assert len(pyx12_walk(data)) > len(pyx12_walk(clean))
    with loops.read(data) as batch:
        assert [problem.code for problem in batch.index.problems] == ["X12-OUTSIDE"]


def test_each_interchange_has_its_own_separators(fixtures):
    """pyx12 keeps those of the first."""
    data = (fixtures / "clean-several-isa.837").read_bytes()
    together = [one for part in parts(data) for one in pyx12_walk(part)]
    assert our_walk(data) == together
    assert all(one.path for one in together)
    assert len(pyx12_walk(data)) < len(together)


def test_a_byte_order_mark_may_stand_before_isa(clean):
    with pytest.raises(CannotWalkError, match="does not begin with 'ISA'"):
        pyx12_walk(BOM + clean)
    assert our_walk(BOM + clean) == pyx12_walk(clean)


@pytest.mark.parametrize("label", [b"005010X222", b"005010X222A2"])
def test_the_other_labels_have_the_same_places(clean, label):
    """pyx12 has the map of 005010X222A1 alone."""
    data = clean.replace(b"005010X222A1", label)
    with pytest.raises(CannotWalkError, match="another guide"):
        pyx12_walk(data)
    assert our_walk(data) == pyx12_walk(labelled(data)) == pyx12_walk(clean)


def test_the_isa_may_have_another_width(clean):
    """pyx12 takes the separators from fixed columns."""
    data = clean.replace(b"TESTSENDER     ", b"TESTSENDER", 1)
    with pytest.raises(CannotWalkError, match="Version Number is unknown"):
        pyx12_walk(data)
    assert our_walk(data) == pyx12_walk(clean)
