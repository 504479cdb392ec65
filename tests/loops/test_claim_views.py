"""What the views say of a batch written out here, and that no segment of a claim is lost in them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

import loops
from loops.walker import walker

from .respell import HEAD, ISA, TAIL, whole

BATCH = ISA + HEAD + (
    b"HL*2*1*22*1~SBR*S**GRP1******MB~NM1*IL*1*DOE*JANE****MI*TEST0001~N3*2 EXAMPLE ST~N4*SAMPLETOWN*KS*66001~"
    b"DMG*D8*19800115*F~NM1*PR*2*EXAMPLE MEDICARE*****PI*TESTMB~"
    b"HL*3*2*23*0~PAT*19****D8*20260914***Y~NM1*QC*1*DOE*CHILD~N3*2 EXAMPLE ST~N4*SAMPLETOWN*KS*66001~"
    b"DMG*D8*20150601*M~"
    b"CLM*A-1*147.50***22:B:7*Y*A*Y*Y~REF*F8*TESTICN1~HI*ABK:D510*ABF:I10*BG:X~HI*BP:93000~"
    b"NM1*DN*1*REFER*SAMPLE****XX*1000000137~NM1*82*1*DOC*SAMPLE****XX*1000000020~PRV*PE*PXC*207Q00000X~"
    b"NM1*77*2*EXAMPLE SITE*****24*000000001~N3*3 EXAMPLE ST~"
    b"SBR*P*18*******CI~AMT*D*117~OI***Y*P**Y~NM1*IL*1*DOE*JANE****MI*TEST9001~NM1*PR*2*OTHER PAYER*****PI*TESTCI~"
    b"SBR*T*18*******16~NM1*PR*2*THIRD PAYER*****PI*TESTMA~"
    b"LX*1~SV1*HC:99213:25::59::VISIT*100*UN*1***2:1~DTP*472*D8*20260923~DTP*573*D8*20260930~REF*6R*A1L1~"
    b"LX*2~SV1*HC:J3420*47.5*UN*.5*11**1~PWK*CT*NS~DTP*472*RD8*20260923-20260924~REF*G1*AUTH~REF*6R*A1L2~"
    b"LIN**N4*00143961901~CTP****1*ML~REF*XZ*RX1~NM1*82*1*NURSE*SAMPLE****XX*1000000038~PRV*PE*PXC*163W00000X~"
    b"NM1*DQ*1*SUPER*SAMPLE****34*000000000~SVD*TESTCI*12*HC:J3420**1~CAS*CO*45*5~DTP*573*D8*20261012~"
    b"LX*3~DTP*472*TM*1430~"
    b"CLM*A-2*35***11:B:1*Y*A*Y*Y~HI*ABK:J029~LX*1~SV1*HC:96372*35*UN*1***1~"
) + TAIL  # fmt: skip


@pytest.fixture(scope="module")
def batch():
    with loops.read(BATCH) as opened:
        yield opened


@pytest.fixture(scope="module")
def claim(batch):
    return batch.claim(0)


def test_the_claim(claim, batch):
    assert (claim.index, claim.id, claim.charge) == (1, "A-1", Decimal("147.50"))
    assert (claim.place_of_service, claim.frequency) == ("22", "7")
    assert claim.clm.loop == "2300"
    assert [segment.raw for segment in claim.all("REF", "F8")] == [b"REF*F8*TESTICN1"]
    assert BATCH[claim.start : claim.start + 7] == b"CLM*A-1"
    assert BATCH[claim.end :].startswith(b"~CLM*A-2")
    assert [one.index for one in batch.claims()] == [1, 2]


def test_the_envelope(claim):
    envelope = claim.envelope
    assert (envelope.isa13, envelope.gs06, envelope.st02) == ("000000048", "48", "0001")
    assert envelope.made_on == date(2026, 11, 2)
    assert BATCH[envelope.start : envelope.start + 7] == b"ST*837*"


def test_the_billing_provider(claim):
    assert claim.billing is not None
    assert (claim.billing.role, claim.billing.loop, claim.billing.person) == ("85", "2010AA", False)
    assert (claim.billing.npi, claim.billing.taxonomy) == ("1000000012", "207Q00000X")
    assert [segment.id for segment in claim.billing_segments] == ["HL", "PRV", "NM1", "N3", "N4", "REF"]


def test_the_subscriber_and_the_payer(claim):
    subscriber = claim.subscriber
    assert (subscriber.responsibility, subscriber.relation, subscriber.member_id) == ("S", "", "TEST0001")
    assert (subscriber.party.born, subscriber.party.sex) == (date(1980, 1, 15), "F")
    assert (subscriber.payer.filing, subscriber.payer.id, subscriber.payer.name) == (
        "MB",
        "TESTMB",
        "EXAMPLE MEDICARE",
    )


def test_the_patient_is_the_dependent_where_there_is_one(claim):
    patient = claim.patient
    assert (patient.born, patient.sex, patient.pregnant) == (date(2015, 6, 1), "M", True)
    assert patient.died == date(2026, 9, 14)


def test_the_patient_is_the_subscriber_where_there_is_no_dependent():
    with loops.read(whole(1)) as batch:
        claim = batch.claim(0)
        assert claim.patient is claim.subscriber.party


def test_the_diagnoses(claim):
    assert [(one.qualifier, one.code) for one in claim.diagnoses] == [("ABK", "D510"), ("ABF", "I10")]
    spots = [one.spot for one in claim.diagnoses]
    assert [BATCH[spot.start : spot.end] for spot in spots] == [b"D510", b"I10"]
    assert [spot.place for spot in spots] == ["2300/HI01-02", "2300/HI02-02"]


def test_the_providers(claim):
    assert [(one.role, one.loop, one.npi) for one in claim.providers] == [
        ("DN", "2310A", "1000000137"),
        ("82", "2310B", "1000000020"),
        ("77", "2310C", ""),
    ]
    visit, drug, _ = claim.lines
    assert claim.rendering().npi == claim.rendering(visit).npi == "1000000020"
    assert claim.rendering(drug).npi == "1000000038"
    assert claim.provider("DQ", drug).npi == ""
    assert claim.provider("DQ") is None


def test_the_other_payers(claim):
    assert [(one.responsibility, one.payer.filing, one.payer.id, one.paid) for one in claim.other_payers] == [
        ("P", "CI", "TESTCI", Decimal(117)),
        ("T", "16", "TESTMA", None),
    ]


def test_a_service_line(claim):
    line = claim.lines[0]
    assert (line.number, line.qualifier, line.code, line.description) == ("1", "HC", "99213", "VISIT")
    assert line.modifiers == ("25", "", "59")
    assert (line.charge, line.basis, line.units) == (Decimal(100), "UN", Decimal(1))
    assert (line.place_of_service, line.pointers) == ("22", ("2", "1"))
    assert (line.first_day, line.last_day, line.control_number) == (
        date(2026, 9, 23),
        date(2026, 9, 23),
        "A1L1",
    )
    assert (line.drug, line.providers) == (None, ())
    assert [one.code for one in claim.pointed(line)] == ["I10", "D510"]
    spots = [line.modifier_spot(n) for n in range(4)]
    assert [BATCH[spot.start : spot.end] for spot in spots] == [b"25", b"", b"59", b""]
    assert spots[2].place == "2400/SV101-05"


def test_a_drug_line(claim):
    line = claim.lines[1]
    assert (line.units, line.place_of_service) == (Decimal("0.5"), "11")
    assert (line.first_day, line.last_day) == (date(2026, 9, 23), date(2026, 9, 24))
    assert line.control_number == "A1L2"
    assert [one.raw for one in line.all("REF", "G1")] == [b"REF*G1*AUTH"]
    drug = line.drug
    assert (drug.qualifier, drug.ndc, drug.quantity, drug.unit) == ("N4", "00143961901", Decimal(1), "ML")
    assert [one.raw for one in drug.references] == [b"REF*XZ*RX1"]
    assert [(one.role, one.loop, one.taxonomy) for one in line.providers] == [
        ("82", "2420A", "163W00000X"),
        ("DQ", "2420D", ""),
    ]


def test_a_line_without_sv1_says_nothing_of_a_service(claim):
    line = claim.lines[2]
    assert line.sv1 is line.lx
    assert (line.qualifier, line.code, line.modifiers, line.charge, line.units) == ("", "", (), None, None)
    assert (line.pointers, line.first_day, line.place_of_service) == ((), None, "22")


@pytest.mark.parametrize("pointer", ["0", "3", "13", "-1", "A", "", "9" * 5000, "\u0661", "1.0"])
def test_a_pointer_to_nothing_is_passed_over(pointer):
    data = BATCH.replace(b"***2:1~", b"***" + pointer.encode() + b":1~")
    with loops.read(data) as batch:
        claim = batch.claim(0)
        assert [one.code for one in claim.pointed(claim.lines[0])] == ["D510"]


def test_claims_of_one_patient_share_who_it_is_and_others_do_not():
    again = whole(3).replace(b"DOE*JANE3****MI*TEST0003", b"DOE*JANE1****MI*TEST0001")
    with loops.read(again) as batch:
        persons = [claim.person for claim in batch.claims()]
    assert persons[0] == persons[2] != persons[1]
    assert 0 not in persons


def test_dependents_of_one_subscriber_are_told_by_name_and_birth():
    start, end = BATCH.index(b"HL*3"), BATCH.index(b"SE*99")
    child = BATCH[start:end]
    sister = child.replace(b"CHILD", b"OTHER").replace(b"A-", b"B-")
    twin = child.replace(b"20150601", b"20150602").replace(b"A-", b"C-")
    with loops.read(BATCH[:end] + sister + twin + child + BATCH[end:]) as batch:
        persons = [claim.person for claim in batch.claims()]
    assert persons == [persons[n] for n in (0, 0, 2, 2, 4, 4, 0, 0)]
    assert len(set(persons)) == 3


def test_a_claim_under_nobody_still_stands():
    data = (
        ISA + b"GS*HC*A*B*20261102*1200*1*X*005010X222A1~ST*837*1*005010X222A1~CLM*1*5~LX*1~SV1*HC:96372*5~"
    )
    with loops.read(data) as batch:
        claim = batch.claim(0)
    assert (claim.billing, claim.subscriber, claim.patient, claim.person) == (None, None, None, 0)
    assert (claim.lines[0].code, claim.envelope.made_on) == ("96372", None)
    assert claim.rendering(claim.lines[0]) is None


def test_a_subscriber_does_not_hand_down_the_dependent_before_it():
    with loops.read(BATCH[: BATCH.index(b"SE*99")] + whole(1)[len(ISA + HEAD) :]) as batch:
        last = list(batch.claims())[-1]
    assert last.patient is last.subscriber.party
    assert last.subscriber.member_id == "TEST0001"


def segments_of(claim: loops.Claim) -> list[loops.Segment]:
    found = list(claim.segments)
    for view in (*claim.providers, *claim.other_payers, *claim.lines):
        found += view.segments
    return sorted(found, key=lambda segment: segment.start)


def check_segments(batch: loops.Batch) -> int:
    """No segment of a claim is lost or told twice, and each stands where the walk of the whole file puts it."""
    data = bytes(batch.source.data)
    walked = {
        end: step.loop_id
        for _, stretch in batch.walk()
        for end, step in zip(stretch.ends, stretch.steps, strict=True)
    }
    compared = 0
    for number, claim in enumerate(batch.claims()):
        found = segments_of(claim)
        assert Counter(segment.start for segment in found).most_common(1)[0][1] == 1
        leading = walker(batch.isa(number).delimiters).leading
        terminator = batch.isa(number).delimiters.terminator
        between, position = [], batch.index.claim_start[number]
        for segment in found:
            assert data[segment.start : segment.end] == segment.raw
            between.append(data[position : segment.start])
            position = segment.end
        assert b"".join(between).strip(leading + terminator) == b""
        if walked.get(claim.clm.end) == "2300":
            assert [segment.loop for segment in found] == [walked.get(segment.end, "") for segment in found]
            compared += 1
    return compared


def test_every_segment_of_a_fixtures_claims_is_in_one_view(fixture_file):
    try:
        batch = loops.read(fixture_file)
    except loops.NotX12Error:
        batch = None
    if batch is None:
        assert fixture_file.name.startswith("broken-")
        return
    with batch:
        assert check_segments(batch) or fixture_file.name.startswith("broken-")


@pytest.mark.shared
def test_every_segment_of_public_claims_is_in_one_view(shared):
    compared = 0
    for file in sorted((shared / "corpus" / "837p").iterdir()):
        with loops.read(file) as batch:
            compared += check_segments(batch)
    assert compared > 110


def test_a_segment_says_what_it_is_without_its_data(claim):
    assert (
        repr(claim.subscriber.segments[2]) == f"<NM1 in 2010BA at byte {claim.subscriber.segments[2].start}>"
    )
