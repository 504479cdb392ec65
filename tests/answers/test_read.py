"""What the readers make of the fixtures, and of answers that are not quite right."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from loops.answers import read
from loops.answers.kinds import (
    Adjustment,
    Answer,
    BatchStatus,
    ClaimPayment,
    ClaimStatus,
    ElementFault,
    GroupAck,
    InterchangeAck,
    Problem,
    Procedure,
    ProviderAdjustment,
    ProviderStatus,
    Remark,
    Remittance,
    Status,
    StatusTotals,
    TransactionAck,
    Trigger,
)
from loops.errors import NotX12Error

from . import plain, pyx12_tree

ANSWERS = Path(__file__).resolve().parents[2] / "fixtures" / "answers"
FILES = sorted(ANSWERS.glob("*.edi"))


def answers(name: str, *changes: tuple[bytes, bytes]) -> list[Answer]:
    """The answers of a fixture, some bytes of it changed."""
    data = (ANSWERS / name).read_bytes()
    for old, new in changes:
        assert old in data
        data = data.replace(old, new)
    return list(read(data, name))


def only(kind: type, found: list[Answer]) -> list:
    return [answer for answer in found if isinstance(answer, kind)]


def problems(found: list[Answer]) -> list[str]:
    return [answer.code for answer in found if isinstance(answer, Problem)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_fixtures_have_no_fault(path: Path):
    found = list(read(path))
    assert not problems(found)
    assert found


@pytest.mark.parametrize("name", ["999.edi", "277ca.edi", "835.edi"])
def test_the_fixtures_as_in_the_tree_of_pyx12(name: str):
    nodes = pyx12_tree.walk((ANSWERS / name).read_bytes())
    assert nodes
    found = answers(name)
    assert plain.remittances(found) == pyx12_tree.remittances(nodes)
    assert plain.statuses(found) == pyx12_tree.statuses(nodes)
    assert plain.acknowledgements(found) == [n for n in pyx12_tree.acknowledgements(nodes) if n[0] != "AK1"]


# --- where an answer comes from ---


def test_origin():
    (origin,) = {answer.origin for answer in only(ClaimStatus, answers("277ca.edi"))}
    assert (origin.name, origin.kind, origin.guide) == ("277ca.edi", "277CA", "005010X214")
    assert (origin.isa13, origin.gs06, origin.st02) == ("000000504", "504", "0001")
    assert (origin.sender, origin.receiver, origin.usage) == ("EXAMPLEPAYER", "TESTSENDER", "T")
    assert origin.made_at == datetime(2026, 11, 26, 9, 5, 7)  # noqa: DTZ001 - X12 names no zone


def test_the_name_is_that_of_the_file_and_a_stream_has_none(tmp_path: Path):
    file = tmp_path / "back.999"
    file.write_bytes((ANSWERS / "999.edi").read_bytes())
    assert {a.origin.name for a in read(file) if isinstance(a, GroupAck)} == {"back.999"}
    stream = io.BytesIO(file.read_bytes())
    assert {a.origin.name for a in read(stream) if isinstance(a, GroupAck)} == {"-"}


def test_several_kinds_in_a_file():
    found = answers("several-kinds.edi")
    apart = [a for name in ("999.edi", "ta1.edi", "277ca.edi", "835.edi") for a in answers(name)]
    assert [type(a) for a in found] == [type(a) for a in apart]
    kinds = [
        a.origin.kind for a in found if isinstance(a, GroupAck | InterchangeAck | BatchStatus | Remittance)
    ]
    assert kinds == ["999", "TA1", "277CA", "835", "835"]


def test_heads_come_before_their_claims():
    found = answers("several-kinds.edi")
    for at, answer in enumerate(found):
        if isinstance(answer, ClaimStatus):
            assert answer.batch in found[:at]
            assert answer.provider in found[:at]
        if isinstance(answer, ClaimPayment | ProviderAdjustment):
            assert answer.remittance in found[:at]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_start_is_where_the_segment_stands(path: Path):
    data = path.read_bytes()
    begin = {
        InterchangeAck: b"TA1", TransactionAck: b"AK2", GroupAck: b"AK9", ProviderStatus: b"HL",
        BatchStatus: b"HL", ClaimStatus: b"TRN", Remittance: b"ST", ClaimPayment: b"CLP", ProviderAdjustment: b"PLB",
    }  # fmt: skip
    for answer in read(path):
        assert data[answer.start :].startswith(begin[type(answer)] + b"*")
        for line in getattr(answer, "lines", ()):
            assert data[line.start :].startswith(b"SVC*")


def test_no_person_is_in_the_text_of_an_answer():
    for path in FILES:
        text = "".join(map(repr, read(path)))
        for name in ("DOE", "JANE", "SAMUEL", "TESTCASE", "ALPHA", "TEST000", "MRN1", "EDIT 12"):
            assert name not in text, (path.name, name)


# --- 999, 997, TA1 ---


def test_999():
    found = answers("999.edi")
    accepted, rejected, with_errors = only(TransactionAck, found)
    assert (accepted.code, accepted.codes, accepted.faults) == ("A", (), ())
    assert (rejected.kind, rejected.control, rejected.guide) == ("837", "0002", "005010X222A1")
    assert (rejected.code, rejected.codes) == ("R", ("5",))
    line, claim = rejected.faults
    assert (line.segment_id, line.position, line.loop, line.code) == ("SV1", 41, "2400", "8")
    assert (line.claim, line.elements) == ("EXAMPLE-2B", (ElementFault(1, 3, 0, "1339", "5"),))
    assert (claim.claim, claim.triggers) == ("EXAMPLE-2D", (Trigger("CLM", 43, "2300", 5, 3),))
    assert with_errors.code == "E"
    assert with_errors.faults[0].triggers == (Trigger("NM1", 12, "", 9, 0),)
    (group,) = only(GroupAck, found)
    assert (group.code, group.included, group.received, group.accepted) == ("P", 3, 3, 2)
    assert (group.group.functional_id, group.group.control, group.group.version) == (
        "HC",
        "17",
        "005010X222A1",
    )
    assert rejected.group is group.group


def test_997():
    (ack,), (group,) = (only(kind, answers("997.edi")) for kind in (TransactionAck, GroupAck))
    assert (ack.code, ack.codes, ack.faults[0].segment_id) == ("R", ("5",), "SV1")
    assert ack.faults[0].elements == (ElementFault(2, 0, 0, "782", "1"),)
    assert (ack.origin.kind, group.code, group.group.version) == ("997", "R", "")


def test_ta1():
    (ack,) = answers("ta1.edi")
    assert isinstance(ack, InterchangeAck)
    assert (ack.control, ack.made_on, ack.code, ack.note) == ("000000017", date(2026, 11, 26), "R", "025")
    assert ack.origin.made_at == datetime(2026, 11, 26, 9, 5)  # noqa: DTZ001


def test_counts_of_ak9_that_are_not_those_of_ak2():
    assert problems(answers("999.edi", (b"AK9*P*3*3*2", b"AK9*P*3*3*3"))) == ["X12-AK9-COUNT"]
    assert problems(answers("999.edi", (b"AK9*P*3*3*2", b"AK9*P*3*2*2"))) == ["X12-AK9-COUNT"]


def test_accepted_sets_may_go_without_ak2():
    assert not problems(answers("999.edi", (b"AK9*P*3*3*2", b"AK9*P*9*9*8")))


# --- 277CA, 277 ---


def test_277ca_totals():
    found = answers("277ca.edi")
    (batch,) = only(BatchStatus, found)
    assert (batch.source_role, batch.source, batch.source_id) == ("PR", "EXAMPLE HEALTH PLAN", "EXPLAN1")
    assert (batch.receiver_id, batch.trace, batch.source_trace) == ("TESTSENDER", "TESTBATCH017", "504001")
    assert (batch.received_on, batch.processed_on) == (date(2026, 11, 25), date(2026, 11, 26))
    assert batch.totals == StatusTotals(Decimal(2), Decimal(5), Decimal("155.5"), Decimal(470))
    first, second = only(ProviderStatus, found)
    assert (first.npi, first.trace, first.references) == ("1000000012", "0", (("TJ", "000000001"),))
    assert first.totals == StatusTotals(Decimal(2), Decimal(2), Decimal("155.5"), Decimal(220))
    assert (second.npi, second.id, second.id_qualifier) == ("", "000000002", "FI")
    assert second.notes[0].statuses == (Status("A3", "24", "85"),)
    assert (second.notes[0].action, second.notes[0].charge) == ("U", Decimal(250))


def test_277ca_claims():
    one, two, three, four = only(ClaimStatus, answers("277ca.edi"))
    assert (one.claim, one.payer_control, one.intermediary) == ("EXAMPLE-1", "PAYER0001", "CH0001")
    assert (one.notes[0].action, one.notes[0].day) == ("WQ", date(2026, 11, 26))
    assert one.member_id == two.member_id == "TEST0001"
    assert (two.first_day, two.last_day) == (date(2026, 11, 2), date(2026, 11, 4))
    assert (three.bill_type, [str(s) for s in three.notes[0].statuses]) == ("111", ["A3:247"])
    assert [[str(s) for s in note.statuses] for note in four.notes] == [["A7:562:82", "A7:128:85"], ["A8:21"]]
    assert four.notes[0].text == "SEE EDIT 12"


def test_277ca_lines():
    three = only(ClaimStatus, answers("277ca.edi"))[2]
    injection, drug = three.lines
    assert injection.procedure == Procedure("HC", "96372", ("59",))
    assert (injection.charge, injection.units, injection.control) == (Decimal(35), Decimal(2), "LINE2")
    assert [[str(s) for s in note.statuses] for note in injection.notes] == [
        ["A7:453", "A7:454", "A6:476:82"],
        ["A7:249"],
    ]
    assert (injection.notes[0].action, injection.notes[0].text) == ("U", "INJ-M01")
    assert (drug.first_day, drug.units, drug.control) == (None, None, "LINE3")


def test_a_line_number_as_6r_is_read_too():
    three = only(ClaimStatus, answers("277ca.edi", (b"REF*FJ*", b"REF*6R*")))[2]
    assert [line.control for line in three.lines] == ["LINE2", "LINE3"]


@pytest.mark.parametrize(
    ("old", "new"), [(b"QTY*AA*5", b"QTY*AA*4"), (b"AMT*YU*155.5", b"AMT*YU*155"), (b"QTY*QC*3", b"QTY*QC*2")]
)
def test_totals_that_are_not_those_of_the_claims(old: bytes, new: bytes):
    assert problems(answers("277ca.edi", (old, new))) == ["X12-QTY-COUNT"]


def test_277ca_without_a_guide_is_known_by_its_bht():
    (batch,) = only(BatchStatus, answers("277ca.edi", (b"005010X214", b"005010")))
    assert batch.origin.kind == "277CA"


def test_277_of_an_inquiry():
    found = answers("277.edi")
    dependent, subscriber = only(ClaimStatus, found)
    assert (dependent.origin.kind, dependent.claim, dependent.trace) == ("277", "EXAMPLE-9", "TRACE276")
    assert dependent.member_id == "TEST0001"  # of the subscriber above
    assert dependent.notes[0].paid == 0
    assert dependent.lines[0].control == "L1"
    assert (subscriber.claim, subscriber.trace, subscriber.member_id) == ("TRACE277", "TRACE277", "TEST0002")
    assert only(ProviderStatus, found)[0].npi == "1000000012"


# --- 835 ---


def test_835_head():
    first, second = only(Remittance, answers("835.edi"))
    assert (first.handling, first.amount, first.method, first.trace) == ("I", Decimal(107), "ACH", "EFT506")
    assert (first.paid_on, first.produced_on) == (date(2026, 11, 30), date(2026, 11, 28))
    assert (first.payer, first.payer_ids) == ("EXAMPLE HEALTH PLAN", (("XV", "EXPLAN1"), ("2U", "PAYERID9")))
    assert (first.payee_npi, first.originator) == ("1000000012", "1512345678")
    assert first.payee_ids == (("XX", "1000000012"), ("TJ", "000000001"))
    assert (second.amount, second.origin.st02) == (0, "0002")
    (debit,) = {r.amount for r in only(Remittance, answers("835.edi", (b"*107*C*", b"*107*D*"))) if r.amount}
    assert debit == -107


def test_835_claim():
    claim = only(ClaimPayment, answers("835.edi"))[0]
    assert (claim.claim, claim.status, claim.filing, claim.payer_control) == (
        "EXAMPLE-1",
        "1",
        "MC",
        "ICN0001",
    )
    assert (claim.charge, claim.paid, claim.patient_amount) == (
        Decimal("55.5"),
        Decimal("44.4"),
        Decimal("11.1"),
    )
    assert (claim.place, claim.frequency, claim.provider) == ("11", "1", "1000000012")
    assert (claim.rendering_npi, claim.member_id) == ("1000000020", "TEST0001")
    assert claim.remarks == (Remark("HE", "MA01"), Remark("HE", "N522"))
    assert (claim.first_day, claim.last_day) == (date(2026, 11, 2), date(2026, 11, 2))
    assert claim.received_on == date(2026, 11, 10)
    assert claim.references == (("EA", "MRN1"), ("CE", "CLASS1"))
    assert claim.amounts == (("AU", Decimal("55.5")),)
    (line,) = claim.lines
    assert line.adjustments == (Adjustment("PR", "2", Decimal("11.1"), None),)
    assert (line.control, line.submitted, line.amounts) == ("LINE1", None, (("B6", Decimal("55.5")),))
    assert line.first_day == line.last_day == date(2026, 11, 2)


def test_835_lines_that_are_denied_or_recoded():
    claim = only(ClaimPayment, answers("835.edi"))[1]
    drug, injection = claim.lines
    assert drug.procedure == Procedure("HC", "J3490", ())
    assert drug.submitted == Procedure("HC", "J3420", ("JZ",))
    assert (drug.units, drug.submitted_units) == (0, 1)
    assert (drug.first_day, drug.last_day) == (date(2026, 11, 3), date(2026, 11, 4))
    assert [a.reason for a in drug.adjustments] == ["16", "45", "97", "A1", "B15", "4"]
    assert drug.adjustments[1] == Adjustment("CO", "45", Decimal(1), Decimal(1))
    assert sum(a.amount for a in drug.adjustments) == drug.charge
    assert drug.remarks == (Remark("HE", "M119"), Remark("HE", "N657"), Remark("RX", "70"))
    assert injection.procedure.modifiers == ("59", "XU", "76", "GY")
    assert (injection.revenue_code, injection.units, injection.submitted_units) == ("0450", 2, 3)
    assert injection.quantities == (("ZK", Decimal(1)),)


def test_835_names_and_remarks_of_a_claim():
    claim = only(ClaimPayment, answers("835.edi"))[1]
    assert (claim.crossover_id, claim.priority_payer_id, claim.member_id) == ("CROSS1", "PRIME1", "TEST0009")
    assert [remark.code for remark in claim.remarks] == ["MA02", "MA03", "MA04", "MA05", "MA06"]
    assert (claim.adjustments, claim.frequency) == ((Adjustment("CO", "253", Decimal("0.4"), None),), "7")


def test_835_reversal_correction_and_forwarding():
    found = only(ClaimPayment, answers("835.edi"))
    assert [claim.status for claim in found] == ["1", "1", "4", "22", "1", "19"]
    assert [claim.is_reversal for claim in found] == [False, False, False, True, False, False]
    reversal, correction = found[3:5]
    assert reversal.claim == correction.claim
    assert (reversal.paid, correction.paid) == (-20, 15)


def test_835_provider_adjustments_stand_apart():
    found = answers("835.edi")
    told = [(a.reason, a.reference, a.amount) for a in only(ProviderAdjustment, found)]
    assert told == [("WO", "ICN0005", 20), ("L6", "INT", -15), ("72", "", 0), ("FB", "CARRY", 0)]
    assert only(ProviderAdjustment, found)[0].fiscal_end == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"BPR*I*107*", b"BPR*I*108*"), (b"*155*62.6*", b"*155*62.59*"), (b"*L6:INT*-15", b"*L6:INT*-14")],
)
def test_835_that_does_not_balance(old: bytes, new: bytes):
    assert problems(answers("835.edi", (old, new))) == ["X12-BALANCE-BPR"]


def test_835_with_an_amount_that_is_none_has_no_balance():
    found = answers("835.edi", (b"*155*62.6*", b"*155*6x*"))
    assert not problems(found)
    assert only(ClaimPayment, found)[1].paid is None


def test_835_with_dtp_instead_of_dtm():
    claim = only(ClaimPayment, answers("835.edi", (b"DTM*472*20261103", b"DTP*472*RD8*20261103-20261105")))[1]
    assert (claim.lines[1].first_day, claim.lines[1].last_day) == (date(2026, 11, 3), date(2026, 11, 5))


def test_a_service_line_before_any_claim():
    found = answers("835.edi", (b"CLP*EXAMPLE-1*1*", b"XXX*EXAMPLE-1*1*"))
    assert "X12-ORPHAN" in problems(found)
    assert len(only(ClaimPayment, found)) == 5


# --- what is wrong with a file ---


@pytest.mark.parametrize("name", ["277ca.edi", "835.edi", "999.edi"])
def test_other_separators_say_the_same(name: str):
    data = (ANSWERS / name).read_bytes().replace(b"\n", b"").replace(b"^00", b"!00")
    usual = list(read(data, "x"))
    for to in (b"|>}\n", b"+<!'", b"\x1d\x1f\x1e\x1c"):
        other = data.translate(bytes.maketrans(b"*:!~", to))
        if b"+" in to:
            other = other.replace(b"'", b"'\r\n")
        found = list(read(other, "x"))
        assert list(map(_without_place, found)) == list(map(_without_place, usual))


def _without_place(answer: Answer) -> str:
    return re.sub(r"(start|end)=[0-9]+", "", repr(answer))


def test_components_separated_by_what_isa16_does_not_declare():
    data = (ANSWERS / "835.edi").read_bytes()
    found = list(read(data[:106] + data[106:].replace(b":", b">")))
    assert problems(found) == ["X12-COMPONENT"]
    assert plain.remittances(found)[1][-1][0][0] == "99213"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"SE*", b"SE*9", "X12-SE-COUNT"),
        (b"*0001~\nGE", b"*0002~\nGE", "X12-SE-NUMBER"),
        (b"GE*1*", b"GE*2*", "X12-GE-COUNT"),
        (b"GE*1*5", b"GE*1*6", "X12-GE-NUMBER"),
        (b"IEA*1*", b"IEA*2*", "X12-IEA-COUNT"),
        (b"IEA*1*0", b"IEA*1*1", "X12-IEA-NUMBER"),
        (b"~\nIEA*", b"~\nXXX*", "X12-IEA-MISSING"),
        (b"~\nGE*", b"~\nXXX*", "X12-GE-MISSING"),
        (b"~\nSE*", b"~\nXXX*", "X12-SE-MISSING"),
        (b"~\nGS*", b"~\nXXX*", "X12-TRAILER"),
    ],
)
@pytest.mark.parametrize("name", ["277ca.edi", "999.edi"])
def test_envelopes(name: str, old: bytes, new: bytes, code: str):
    found = answers(name, (old, new))
    assert code in problems(found)
    assert [a for a in found if not isinstance(a, Problem)]


def test_what_is_no_answer_is_told_in_a_line(fixtures: Path):
    (problem,) = read(fixtures / "clean-several-st.837")
    assert problem.code == "X12-KIND"
    assert problem.message == "837 professional is no answer to a claim: it is not read"


def test_a_transaction_without_what_its_kind_has():
    assert problems(answers("277ca.edi", (b"ST*277*", b"ST*999*"))) == ["X12-NOTHING"]


def test_what_follows_an_endless_claim_is_read():
    data = (ANSWERS / "835.edi").read_bytes()
    head, _, tail = data.partition(b"CLP*EXAMPLE-3*")
    found = list(
        read(head + b"CLP*EXAMPLE-3*" + tail.replace(b"LQ*HE*M119~\n", b"LQ*HE*M119~\n" * 100_001, 1))
    )
    assert set(problems(found)) == {"X12-LONG", "X12-SE-COUNT"}
    assert [a.claim for a in only(ClaimPayment, found)] == ["EXAMPLE-1", "EXAMPLE-3"]
    assert len(only(Remittance, found)) == 2


def test_a_cut_file_says_so_and_gives_what_it_has():
    data = (ANSWERS / "835.edi").read_bytes()
    found = list(read(data[: data.index(b"CLP*EXAMPLE-4") + 20]))
    assert [a.claim for a in only(ClaimPayment, found)] == ["EXAMPLE-1", "EXAMPLE-3"]
    assert set(problems(found)) >= {"X12-CUT", "X12-SE-MISSING", "X12-IEA-MISSING"}


def test_an_iea_without_terminator_is_none_of_these():
    data = (ANSWERS / "835.edi").read_bytes().rstrip(b"~\n")
    assert not problems(list(read(data)))


def test_the_wrong_terminator():
    data = (ANSWERS / "277ca.edi").read_bytes()
    found = list(read(data[:105] + b"!" + data[106:]))
    assert "X12-TERMINATOR" in problems(found)


def test_text_between_interchanges_and_a_broken_isa():
    good = (ANSWERS / "ta1.edi").read_bytes()
    found = list(read(good + b"some text\n" + good.replace(b"ISA*00", b"ISA*00*00*00", 1) + good))
    assert len(only(InterchangeAck, found)) >= 2
    assert "X12-OUTSIDE" in problems(found)


@pytest.mark.parametrize("data", [b"", b"  \n", b"%PDF-1.7", b"UNA:+.? '", b"ISA*00*", b"GS*HP*1~"])
def test_no_x12_at_all(data: bytes):
    with pytest.raises(NotX12Error) as caught:
        list(read(data))
    assert "\n" not in str(caught.value)


def test_a_file_is_closed_when_nobody_wants_the_rest(tmp_path: Path):
    file = tmp_path / "a.835"
    file.write_bytes((ANSWERS / "835.edi").read_bytes())
    found = read(file)
    next(found)
    found.close()
    file.write_bytes(b"")  # a mapping of it would be cut now
