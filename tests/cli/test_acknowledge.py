"""``scrubber check --ack`` and ``--oracle``."""

import io
from pathlib import Path

from click.testing import CliRunner
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from scrubber.cli.main import cli

EDI = Path(__file__).parents[2] / "fixtures" / "edi"


def run(*args, input_=None):
    return CliRunner().invoke(cli, ["check", "--quiet", "--fail-on", "never", *map(str, args)], input=input_)


def segments(path):
    return [part.split("*") for part in path.read_text("ascii").replace("\n", "").split("~") if part]


def test_a_clean_group_is_accepted(tmp_path):
    ack = tmp_path / "out.999"
    assert run(EDI / "clean-subscriber.837", "--ack", ack).exit_code == 0
    told = segments(ack)
    assert ["IK5", "A"] in told
    assert ["AK9", "A", "1", "1", "1"] in told


def test_a_faulty_element_is_named_with_its_claim(tmp_path):
    ack = tmp_path / "out.999"
    run(EDI / "inj-a05.837", "--ack", ack)
    told = segments(ack)
    at = told.index(["CTX", "CLM01:BAD4-A05-MISSING"])
    assert told[at - 1][:2] == ["IK3", "SV1"]
    assert told[at + 1] == ["IK4", "7", "", "1"]
    assert ["IK5", "R", "5"] in told


def test_one_for_each_group_counted_from_the_number_given(tmp_path):
    ack = tmp_path / "out.999"
    run(EDI / "clean-several-gs.837", EDI / "clean-several-isa.837", "--ack", ack, "--ack-control", "7")
    numbers = [segment[13] for segment in segments(ack) if segment[0] == "ISA"]
    assert numbers == [f"{number:09}" for number in range(7, 7 + len(numbers))]
    assert len(numbers) >= 3


def test_the_reference_reads_it(tmp_path):
    ack = tmp_path / "out.999"
    run(EDI / "inj-a05.837", "--ack", ack, "--ack-control", "1")
    assert x12n_document(ParamsBase(), str(ack), io.StringIO(), None)


def test_standard_input_cannot_be_read_again(tmp_path):
    data = (EDI / "clean-subscriber.837").read_bytes()
    done = run("-", "--ack", tmp_path / "out.999", input_=data)
    assert done.exit_code == 2
    assert not (tmp_path / "out.999").exists()


def test_the_input_is_not_written_over(tmp_path):
    batch = tmp_path / "batch.837"
    batch.write_bytes((EDI / "clean-subscriber.837").read_bytes())
    assert run(batch, "--ack", batch).exit_code == 2
    assert batch.read_bytes() == (EDI / "clean-subscriber.837").read_bytes()


def test_the_oracle_tells_whether_it_agrees():
    done = run(EDI / "clean-subscriber.837", EDI / "clean-bom.837", "--oracle")
    assert "oracle: clean-subscriber.837: pyx12 and we agree" in done.stderr
    assert "oracle: clean-bom.837: " in done.stderr
