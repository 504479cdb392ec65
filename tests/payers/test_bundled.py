"""The profiles that come with the product: readable, sourced, told apart, and their index is fresh."""

import csv
from collections import defaultdict
from itertools import pairwise

import pytest

from scrubber.payers.classes import CLASSES
from scrubber.payers.gather import BUNDLED, _marks
from scrubber.payers.index import FILE, to_json
from scrubber.payers.reading import read_document
from scrubber.payers.shelf import bundled, read_folder
from scrubber.registry import all_rules
from scrubber.tables import load_tables

FILES = sorted(BUNDLED.glob("*.toml"))
DOCUMENTS = {path.stem: read_document(path) for path in FILES}
TABLES = load_tables()
HABITS = [(name, habit) for name, one in DOCUMENTS.items() for habit in one.profile.habits]


def test_the_index_is_that_of_the_files():
    """``python -m scrubber.payers.gather`` makes it; making it refuses payers that two profiles claim."""
    assert (BUNDLED / FILE).read_text(encoding="utf-8") == to_json(read_folder(BUNDLED, None).index)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_profile_is_found_and_what_it_extends_is_taken_over(name):
    profile = bundled().load(name)
    own = DOCUMENTS[name].profile
    assert profile.name == name
    assert profile.title != name
    assert profile.habits[: len(own.habits)] == own.habits


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if not name.startswith("generic-")])
def test_every_payer_can_be_recognised_and_has_a_class(name):
    assert list(_marks(DOCUMENTS[name]))
    assert set(bundled().index.entries[name].classes) <= set(CLASSES)
    assert bundled().index.entries[name].classes


@pytest.mark.parametrize(("name", "habit"), HABITS, ids=lambda value: getattr(value, "key", value))
def test_every_habit_has_its_source(name, habit):
    assert habit.source
    assert habit.url.startswith("http")
    assert habit.checked_on


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_two_habits_of_a_key_hold_on_one_day(name):
    periods = defaultdict(list)
    for habit in DOCUMENTS[name].profile.habits:
        periods[habit.key].append(habit)
    for habits in periods.values():
        habits.sort(key=lambda one: (one.from_ is not None, one.from_))
        for one, following in pairwise(habits):
            assert one.thru
            assert following.from_
            assert one.thru < following.from_


def test_a_second_hand_or_undated_value_never_decides():
    for name, habit in HABITS:
        assert not (habit.decides and (habit.quality == "secondary" or habit.from_ is None)), name


def test_every_change_of_a_rule_is_sourced_and_of_a_rule_that_exists():
    codes = [rule.code for rule in all_rules()]
    changes = [change for one in DOCUMENTS.values() for change in one.profile.changes]
    assert changes
    for change in changes:
        assert any(code.startswith(change.code) for code in codes)
        assert change.source
        assert change.url
        assert change.from_ or change.severity == "advise", "an undated change may only lower"


def test_the_words_of_profiles_are_those_of_the_tables():
    areas = TABLES.table("mac_areas").rows()
    macs = {row["mac"] for row in areas}
    for name, document in DOCUMENTS.items():
        assert document.profile.mac in (macs | {""}), name
        states = {row["state"] for row in areas if row["mac"] == document.profile.mac}
        assert set(document.recognise.medicare_states) <= states, name
    lists = {habit.value for _, habit in HABITS if habit.key == "admin_list"}
    assert lists <= {row["list"] for row in TABLES.table("mac_lists").rows()}


@pytest.mark.parametrize("table", ["dx_policy", "mac_lists", "pos_lists", "bundled_supplies"])
def test_a_payer_that_a_table_names_has_a_profile(table):
    named = {row["payer"] for row in TABLES.table(table).rows()} - {"", *CLASSES}
    macs = {one.profile.mac for one in DOCUMENTS.values()}
    assert named <= {*DOCUMENTS, *macs}


def test_no_id_of_the_fixtures_is_a_real_payers(fixtures):
    index = bundled().index
    for path in fixtures.glob("*.837"):
        data = path.read_bytes()
        for id_ in (*index.ids, *index.aliases):
            assert f"*PI*{id_}~".encode() not in data, path.name


@pytest.mark.shared
def test_every_row_that_was_collected_is_a_habit_or_left_out_for_a_reason(shared, request):
    folder = request.path.parent
    with (folder / "left_out.csv").open(encoding="utf-8", newline="") as stream:
        left = {(row["payer"], row["row"]): row for row in csv.DictReader(stream)}
    with (shared / "data" / "payers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    sources = {(habit.source, habit.url) for _, habit in HABITS}
    sources |= {(one.source, one.url) for doc in DOCUMENTS.values() for one in doc.profile.changes}
    for row in rows:
        taken = (row["source_title"], row["source_url"]) in sources
        assert taken or left[row["payer"], row["habit"]]["why"], (row["payer"], row["habit"])
    assert left.keys() <= {(row["payer"], row["habit"]) for row in rows}


@pytest.mark.shared
def test_dates_and_quality_of_the_habits_are_those_that_were_collected(shared):
    collected = defaultdict(set)
    with (shared / "data" / "payers.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            collected[row["source_title"], row["source_url"]].add((row["effective_from"], row["quality"]))
    for name, habit in HABITS:
        known = collected[habit.source, habit.url]
        if habit.key == "admin_list":
            continue  # of table mac_lists
        if name == "regence-ma":
            known |= {("2024-11-01", "payer")}  # the same policy, from the day on which it covers them
        assert (str(habit.from_ or ""), habit.quality) in known, (name, habit.key)


@pytest.mark.shared
def test_every_payer_with_a_source_of_its_own_has_a_profile(shared, request):
    with (request.path.parent / "left_out.csv").open(encoding="utf-8", newline="") as stream:
        left = list(csv.DictReader(stream))
    with (shared / "data" / "payers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_source = {(habit.source, habit.url): name for name, habit in HABITS}
    for row in rows:
        if row["quality"] != "secondary":
            noted = [one for one in left if (one["payer"], one["row"]) == (row["payer"], row["habit"])]
            names = {one["profile"] for one in noted} | {
                by_source.get((row["source_title"], row["source_url"]), "")
            }
            nobody = any(one["why"].startswith(("contractor not", "a matter of answers")) for one in noted)
            assert nobody or names & DOCUMENTS.keys() or row["payer"] == "HMSA", row["payer"]
    assert {one["profile"] for one in left} <= {"", *DOCUMENTS}
