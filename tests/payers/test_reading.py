"""A profile file says what it means, or is refused with file, line and the nearest right word."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import ConfigError
from scrubber.payers import load_profile, open_payers
from scrubber.payers.keys import KEYS
from scrubber.payers.lines import line_of

HABIT = '[[habit]]\nkey = "drug_line"\nvalue = "required"\n'


def load(tmp_path, text, name="plan.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_profile(tmp_path / name)


def refused(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(str(tmp_path / "plan.toml"))
    return said.removeprefix(str(tmp_path / "plan.toml"))


def test_everything_that_a_profile_can_say(tmp_path):
    text = """
        title = "Example Health"
        class = ["medicare"]
        mac = "palmetto"
        checked_on = 2026-01-02
        [[habit]]
        key = "pos_deny"
        value = ["21", "22"]
        from = 2025-01-01
        thru = 2025-12-31
        source = "Manual"
        url = "https://example.org"
        quality = "payer"
        note = "hospital"
        [[rule]]
        code = "inj-d12"
        on = false
        from = 2025-06-01
    """
    profile = load(tmp_path, text)
    assert (profile.name, profile.title, profile.payer_class) == ("plan", "Example Health", "medicare")
    assert profile.mac == "palmetto"
    habit = profile.habits[0]
    assert (habit.value, habit.source, habit.url, habit.note) == (
        "21 22",
        "Manual",
        "https://example.org",
        "hospital",
    )
    assert habit.checked_on == date(2026, 1, 2)
    assert habit.decides
    assert profile.off("INJ-D12", date(2025, 6, 1))
    assert not profile.off("INJ-D12", date(2025, 5, 31))


def test_a_habit_holds_from_its_first_to_its_last_day(tmp_path):
    profile = load(tmp_path, HABIT + "from = 2025-01-01\nthru = 2025-12-31\n")
    inside = [date(2025, 1, 1), date(2025, 12, 31)]
    outside = [date(2024, 12, 31), date(2026, 1, 1)]
    assert all(profile.habit("drug_line", day) for day in inside)
    assert not any(profile.habit("drug_line", day) for day in outside)


@pytest.mark.parametrize(
    ("more", "decides"),
    [
        ('from = 2025-01-01\nquality = "payer"', True),
        ('from = 2025-01-01\nquality = "state"', True),
        ('from = 2025-01-01\nquality = "secondary"', False),
        ("from = 2025-01-01", False),
        ('quality = "payer"', False),
        ('thru = 2025-01-01\nquality = "mac"', False),
        ('from = 2025-01-01\nquality = "payer"\nadvise_only = true', False),
    ],
)
def test_what_is_undated_second_hand_or_of_a_part_only_advises(tmp_path, more, decides):
    assert load(tmp_path, HABIT + more).habits[0].decides is decides


FAULTS = {
    'titel = "X"': ', line 1: key "titel" is unknown: did you mean title?',
    'title = "X"\nclass = "medicaide"': ', line 2: class "medicaide" is unknown: did you mean medicaid?',
    "\n\ntitle = 5": ", line 3: title must be a text in quotes",
    '[recognise]\nids = ["1"]\nalias = ["2"]': ', line 3: key "alias" is unknown: did you mean aliases?',
    'recognise = "87726"': ", line 1: write it as a table: [recognise]",
    '[habit]\nkey = "ndc"': ", line 1: write each as a table of its own: [[habit]]",
    HABIT + '[[habit]]\nkey = "drug_lime"\nvalue = "x"': (
        ', line 5: key "drug_lime" is unknown: did you mean drug_line?'
    ),
    HABIT + '[[habit]]\nkey = "drug_line"\nvalue = "require"': (
        ', line 6: drug_line: "require" is unknown: did you mean required?'
    ),
    HABIT + 'sauce = "x"': ', line 4: key "sauce" is unknown: did you mean source?',
    HABIT + 'quality = "payor"': ', line 4: quality "payor" is unknown: did you mean payer?',
    HABIT + 'from = "2025-01-01"': ", line 4: from must be a date such as 2026-01-31, without quotes",
    HABIT + "from = 2025-01-01T00:00:00": ", line 4: from must be a date such as 2026-01-31, without quotes",
    HABIT + "from = 2025-01-02\nthru = 2025-01-01": ", line 5: thru 2025-01-01 lies before from 2025-01-02",
    HABIT + 'advise_only = "yes"': ", line 4: advise_only must be true or false",
    '[[habit]]\nvalue = "all"': ", line 1: a [[habit]] needs a key",
    HABIT + '[[habit]]\nkey = "ndc"': ", line 4: a [[habit]] needs a value",
    '[[habit]]\nkey = "pos_deny"\nvalue = [\n  "21",\n  "222",\n]': (
        ', line 3: pos_deny: "222" is not a place of service of two digits, in quotes'
    ),
    '[[habit]]\nkey = "timely_days"\nvalue = "a year"': (
        ', line 3: timely_days: "a year" is not a number of days'
    ),
    '[[habit]]\nkey = "ndc"\nvalue = ["j", "all"]': ", line 3: ndc: write one value",
    '[[habit]]\nkey = "ndc_units"\nvalue = []': ", line 3: ndc_units: write at least one value",
    '[[habit]]\nkey = "referral_pattern"\nvalue = "VA[0-9"': (
        ', line 3: referral_pattern: "VA[0-9" is not a regular expression'
    ),
    '[[habit]]\nkey = "extra_modifiers"\nvalue = "J1050"': (
        ', line 3: extra_modifiers: "J1050" is not a code and its modifiers such as "J1050:FP/U1"'
    ),
    '[[rule]]\ncode = "INJ-D12"': ", line 1: a [[rule]] needs on (true or false) or severity",
    "[[rule]]\non = false": ', line 1: a [[rule]] needs a code such as code = "INJ-D12"',
    '[[rule]]\ncode = "INJ-D12"\nseverity = "denied"': (
        ', line 3: severity "denied" is unknown: did you mean deny?'
    ),
    'extends = "generic-medicar"': (
        ', line 1: extends "generic-medicar" is unknown: did you mean generic-medicare?'
    ),
    'title = "X"\nextends = "medicare-palmetto"': (
        ', line 2: "medicare-palmetto" extends generic-medicare itself: only one level is followed'
    ),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_with_its_line_and_the_nearest_right_word(tmp_path, text):
    assert refused(tmp_path, text) == FAULTS[text]


def test_no_toml_no_utf8_and_no_file_are_told_in_one_line(tmp_path):
    assert "not readable as TOML" in refused(tmp_path, 'title = "X\n')
    (tmp_path / "plan.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(ConfigError, match="not readable as TOML in UTF-8"):
        load_profile(tmp_path / "plan.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_profile(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('[[habit]]\nkey = "a"\n\n[[habit]]\n"key" = "b"', ("habit", 1, "key"), 5),
        ('habit = [\n  { key = "a" },\n  { key = "b", value = "c" },\n]', ("habit", 1, "value"), 1),
        ('note = """\nkey = "x"\n"""\nkey = "y"', ("key",), 4),
        ('a.b.key = "x"\na.c.key = "y"', ("a", "c", "key"), 2),
        ("[a]\nx = 1\n[b]\nx = 2", ("b", "x"), 4),
        ('"k\\u0065y" = 1', ("key",), None),
    ],
)
def test_the_line_is_found_however_a_key_is_written(text, path, line):
    found = line_of(text, path)
    # An inline table is one statement: its first line that names the key will do.
    assert found == line or (line == 1 and found in (2, 3))


@given(
    st.lists(st.sampled_from(["key", "value", "source", "note"]), min_size=1, max_size=6, unique=True),
    st.data(),
)
def test_the_line_of_any_key_of_any_table_is_found(keys, data):
    count = data.draw(st.integers(1, 5))
    rows = []
    places = {}
    for number in range(count):
        rows.append("[[habit]]")
        for key in keys:
            rows += ["# key value source note"] * data.draw(st.integers(0, 2))
            rows.append(f'{key} = "key = value"')
            places["habit", number, key] = len(rows)
    for path, line in places.items():
        assert line_of("\n".join(rows), path) == line


def test_a_profile_extends_one_that_is_bundled_or_lies_beside_it(tmp_path):
    load(tmp_path, 'class = "commercial"\n' + HABIT + 'from = 2020-01-01\nquality = "payer"', "base.toml")
    child = load(
        tmp_path,
        'extends = "base"\n[[habit]]\nkey = "drug_line"\nvalue = "optional"\nfrom = 2025-01-01\n'
        '[[habit]]\nkey = "freq7"\nvalue = "no"\n',
    )
    assert child.payer_class == "commercial"
    assert child.habit("drug_line", date(2024, 12, 31)).value == "required"
    assert child.habit("drug_line", date(2025, 1, 1)).value == "optional"
    assert child.habit("freq7", date(2025, 1, 1)).value == "no"
    regence = load(tmp_path, 'title = "Ours"\nextends = "regence"')
    assert "65" in regence.habit("pos_deny", date(2025, 1, 1)).value.split()
    assert (regence.name, regence.title) == ("plan", "Ours")


def test_a_rule_of_a_profile_must_exist(tmp_path):
    (tmp_path / "plan.toml").write_text('title = "X"\n[[rule]]\ncode = "INJ-D1"\non = false\n')
    open_payers(tmp_path / "plan.toml").check_codes(("INJ-D11", "INJ-E01"))
    with pytest.raises(
        ConfigError, match=r'plan.toml, line 3: code "INJ-D1" is unknown: did you mean INJ-E01'
    ):
        open_payers(tmp_path / "plan.toml").check_codes(("INJ-E01",))


def test_every_key_says_what_it_is_about_and_what_it_takes():
    for name, key in KEYS.items():
        assert key.about, name
        assert bool(key.words) != bool(key.wants), name
