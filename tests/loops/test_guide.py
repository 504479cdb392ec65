"""The prepared guide against the map it comes from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from loops.guide import Loop, SegmentPlace, load
from loops.guide.compile import PREPARED, compile_guide, map_folder

from .pyx12_walk import guide


def test_the_prepared_guide_is_a_fresh_compile_of_the_installed_map():
    prepared, fresh = json.loads(PREPARED.read_bytes()), compile_guide(map_folder())
    for one in (prepared, fresh):
        del one["source"]["version"]  # a later pyx12 with the same map gives the same guide
    assert fresh == prepared


def nodes(loop: Any) -> Iterator[Any]:
    """The nodes of pyx12's tree below a loop, in the order in which its walker tries them."""
    for position in sorted(loop.pos_map):
        for child in loop.pos_map[position]:
            yield child
            if child.is_loop():
                yield from nodes(child)


def ours(loop: Loop) -> Iterator[Loop | SegmentPlace]:
    for child in loop.children:
        yield child
        if isinstance(child, Loop):
            yield from ours(child)


def test_every_loop_and_place_is_there_with_its_path_usage_and_limit():
    theirs = [
        (
            node.get_path(),
            node.pos,
            node.usage,
            None if node.get_max_repeat() > 10**9 else node.get_max_repeat(),
        )
        for node in nodes(guide())
    ]
    assert [(node.path, node.position, node.usage, node.limit) for node in ours(load().root)] == theirs


def test_a_path_tells_every_place_from_every_other():
    assert [path for path, count in Counter(place.path for place in load().places).items() if count > 1] == []


def test_every_place_is_told_by_the_qualifier_that_pyx12_uses():
    theirs = {node.get_path(): node for node in nodes(guide()) if node.is_segment()}
    where = {(1, None): "01", (1, 1): "01-1", (3, None): "03"}
    for place in load().places:
        key = theirs[place.path]._resolve_unique_key_field(place.id, with_qual=False)
        if place.id in ("ISA", "GS"):  # pyx12's reader sets these two without asking its walker
            assert place.key == ""
        elif key is None:
            assert (place.key, place.values) == ("", frozenset())
        else:
            assert place.key == where[key[1:]]
            assert place.values == {code.encode() for code in key[0].valid_codes}


def test_the_places_of_an_id_agree_on_where_the_qualifier_stands():
    """The walker reads the key of a segment before it knows its place."""
    for place in load().places:
        assert place.key in ("", load().keys[place.id])


def test_both_copies_of_loop_2300_are_alike():
    """One claim loop hangs under 2000B and one under 2000C; they must not drift apart."""
    prefix = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000A/2000B"
    copies: list[list[tuple[Any, ...]]] = [[], []]
    for place in load().places:
        for number, start in enumerate((f"{prefix}/2300", f"{prefix}/2000C/2300")):
            if place.path.startswith(start):
                rest = place.path.removeprefix(start)
                copies[number].append(
                    (rest, place.usage, place.limit, place.syntax, place.elements, place.values)
                )
    assert len(copies[0]) > 150
    assert copies[0] == copies[1]


def test_no_wording_of_the_guide_is_kept():
    """Names and descriptions are not ours to pass on: every text is a code, an identifier or a pattern."""
    data = json.loads(PREPARED.read_bytes())
    texts = set(words(data["nodes"])) | set(words(list(data["code_sets"].values())))
    assert {text for text in texts if " " in text or len(text) > 20} == set()


def words(value: Any) -> Iterator[str]:
    for item in value:
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            yield from words(item)


def test_places_of_one_kin_differ_only_in_where_they_stand():
    kin: dict[str, list[SegmentPlace]] = {}
    for place in load().places:
        kin.setdefault(place.kin, []).append(place)
    twins = [places for places in kin.values() if len(places) > 1]
    assert len(twins) > 100
    for first, second in twins:
        assert "2000C" in second.path.split("/"), second.path
        for field in ("id", "position", "usage", "limit", "syntax", "elements", "key", "values", "elsewhere"):
            assert getattr(first, field) == getattr(second, field), (second.path, field)
        assert first.loop.id == second.loop.id
