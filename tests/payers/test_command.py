"""``scrubber payers``, and ``--profile`` with a file or a folder."""

import pytest
from click.testing import CliRunner
from payercases import ALONE, sent

from scrubber.cli.main import cli
from scrubber.payers.shelf import bundled


def run(*args):
    done = CliRunner().invoke(cli, [str(arg) for arg in args], standalone_mode=False)
    return done.return_value, done.stdout, done.stderr


def test_the_list_holds_every_payer():
    code, out, _ = run("payers")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(bundled().index.entries)
    assert "UnitedHealthcare, commercial (87726)" in out


@pytest.mark.parametrize("payer", ["regence", "61472", "txbcbs"])
def test_a_payer_is_shown_by_name_or_id_with_dates_and_sources(payer):
    code, out, _ = run("payers", payer)
    assert code == 0
    name = {"61472": "bcbs-nc", "txbcbs": "bcbs-tx"}.get(payer, payer)
    for habit in bundled().load(name).habits:
        assert f"{habit.key} = {habit.value}" in out
        assert habit.url in out


def test_what_may_decide_is_starred():
    _, out, _ = run("payers", "bcbs-nc")
    assert "* jw_jz = required  from 2024-11-01" in out
    assert "  drug_line = optional  undated" in out


def test_an_unknown_payer_is_an_error_with_the_nearest_name():
    code, out, err = run("payers", "regense")
    assert (code, out) == (2, "")
    assert 'payer "regense" is unknown: did you mean regence?' in err


def test_a_folder_of_profiles_is_listed_shown_and_used(tmp_path):
    folder = tmp_path / "payers"
    folder.mkdir()
    text = 'title = "Ours"\nclass = "commercial"\n[recognise]\nids = ["TEST9"]\n'
    rule = '[[rule]]\ncode = "INJ-D01"\nseverity = "deny"\n'
    (folder / "ours.toml").write_text(text + rule, encoding="utf-8")
    batch = tmp_path / "batch.837"
    batch.write_text(sent(text=ALONE, id_="TEST9"), encoding="ascii")
    assert run("payers", "--profile", folder)[1].startswith("ours")
    assert "INJ-D01: deny" in run("payers", "TEST9", "--profile", folder)[1]
    select = ("check", batch, "--no-guide", "--select", "INJ-D01")
    assert run(*select)[0] == 0
    assert run(*select, "--profile", folder)[0] == 1
    assert run(*select, "--profile", folder / "ours.toml")[0] == 1


def test_a_faulty_profile_ends_the_command_with_one_line(tmp_path):
    (tmp_path / "plan.toml").write_text('title = "X"\nclas = "commercial"', encoding="utf-8")
    batch = tmp_path / "batch.837"
    batch.write_text(sent(), encoding="ascii")
    for profile in (tmp_path, tmp_path / "plan.toml"):
        code, out, err = run("check", batch, "--profile", profile)
        assert (code, out) == (2, "")
        assert 'plan.toml, line 2: key "clas" is unknown: did you mean class?' in err
        assert len(err.splitlines()) == 1
