"""The never-list against every rule: whoever offers it, whoever approves it, what only the record can tell is refused."""

from dataclasses import replace

import pytest
from fixing import approving, settled, smallest, text

from scrubber.finding import Edit, Fix, Safety
from scrubber.registry import all_rules
from scrubber.rewrite.refuse import NEVER_MODIFIERS
from scrubber.rule import Hit

ASKED = frozenset("25 59 XE XS XP XU 76 77 JW JZ EA EB EC JA JB".split())
CLAIM = """
    HI*ABK:E538*ABF:I10
    SV1*HC:99213*100*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
    LIN**N4*00517-3125-25
    CTP****1*ML
    SV1*HC:J1885:kx:kx*9*UN*2***1:2:1
    LIN**N4*0409-3795-01
    CTP****1*ML
"""
LINES = """
    SV1*HC:99211*20*UN*1***1
    SV1*HC:96372*30*UN*1***1
    SV1*HC:J3420*5*UN*1***1
"""
LINE = b"LX*%d~SV1*HC:%s*%d*UN*1***1~DTP*472*D8*20260302~"


def moved(modifier, origin, to, *, second="DTP*472*D8*20260302"):
    """A modifier that stands on one code and would stand on another, as a claim and edits."""
    claim = (
        f"SV1*HC:{origin}:{modifier}*30*UN*1***1\nSV1*HC:{to}*5*UN*1***1\n{second}\nSV1*HC:96372*3*UN*1***1"
    )
    return claim, [(f":{modifier}*".encode(), b"*"), (f":{to}*".encode(), f":{to}:{modifier}*".encode())]


# What it is, the claim, what stands there and would stand there, the reason.
KINDS = [
    *(
        (
            f"{modifier} on {code}",
            CLAIM,
            [(f"{code}*".encode(), f"{code}:{modifier}*".encode())],
            f"modifier {modifier} ",
        )
        for modifier in sorted(NEVER_MODIFIERS)
        for code in ("99213", "96372", "J3420")
    ),
    ("JZ in small letters", CLAIM, [(b"J3420*", b"J3420:jz*")], "modifier JZ "),
    ("59 in the place of another", CLAIM, [(b":kx:kx", b":kx:59")], "modifier 59 "),
    ("a harmless modifier", CLAIM, [(b"96372*", b"96372:GC*")], "modifier GC "),
    ("25 moved to a drug", *moved("25", "96372", "J3420"), "modifier 25 to J3420"),
    ("25 moved from visit to visit", *moved("25", "99213", "99396"), "modifier 25 to 99396"),
    (
        "25 moved to another day",
        *moved("25", "96372", "99213", second="DTP*472*D8*20260303"),
        "modifier 25 to 99213",
    ),
    ("59 moved to a drug", *moved("59", "96372", "J3420"), "modifier 59 to J3420"),
    ("59 moved from a visit", *moved("59", "99213", "96372"), "modifier 59 to 96372"),
    ("76 moved to an injection", *moved("76", "96374", "96372"), "modifier 76 to 96372"),
    ("JZ moved to another drug", *moved("JZ", "J1885", "J3420"), "modifier JZ to J3420"),
    (
        "59 taken along to another code",
        "SV1*HC:96372:59*30*UN*1***1",
        [(b"96372", b"90471")],
        "modifier 59 to 90471",
    ),
    (
        "25 of a line that is left out",
        "SV1*HC:99211:25*20*UN*1***1\nSV1*HC:99213*5*UN*1***1\nSV1*HC:96372*3*UN*1***1",
        [
            (b"LX*1~SV1*HC:99211:25*20*UN*1***1~DTP*472*D8*20260302~", b""),
            (b"LX*2", b"LX*1"),
            (b"99213*", b"99213:25*"),
            (b"*28*", b"*8*"),
            (b"LX*3", b"LX*2"),
        ],
        "modifier 25 to 99213",
    ),
    ("a diagnosis", CLAIM, [(b"ABF:I10", b"ABF:I10*ABF:Z23")], "add a diagnosis"),
    ("another diagnosis", CLAIM, [(b"ABF:I10", b"ABF:I11")], "add a diagnosis"),
    ("the order of the diagnoses", CLAIM, [(b"E538*ABF:I10", b"I10*ABF:E538")], "order of the diagnoses"),
    (
        "a pointer to another diagnosis",
        CLAIM,
        [(b"96372*30*UN*1***1", b"96372*30*UN*1***1:2")],
        "another diagnosis",
    ),
    ("the order of the pointers", CLAIM, [(b"2***1:2:1", b"2***2:1")], "another diagnosis"),
    ("a drug code", CLAIM, [(b"J3420", b"J3301")], "add the code J3301"),
    ("a drug code for an injection", CLAIM, [(b"96372", b"J3301")], "add the code J3301"),
    ("an injection for a drug code", CLAIM, [(b"J3420", b"96372")], "add the code 96372"),
    ("an injection for a visit", CLAIM, [(b"99213", b"96372")], "add the code 96372"),
    ("a higher visit", CLAIM, [(b"99213", b"99214")], "add the code 99214"),
    ("chemotherapy administration", CLAIM, [(b"96372", b"96401")], "add the code 96401"),
    ("hormonal chemotherapy administration", CLAIM, [(b"96372", b"96402")], "add the code 96402"),
    ("an infusion", CLAIM, [(b"96372", b"96365")], "add the code 96365"),
    ("a vaccination with counselling", CLAIM, [(b"96372", b"90460")], "add the code 90460"),
    ("a drug line", CLAIM, [(b"LX*3~", LINE % (9, b"J3301", 1) + b"LX*3~")], "add line 9"),
    ("a drug line at the end", CLAIM, [(b"1:2:1~", b"1:2:1~" + LINE % (5, b"J3301", 1))], "add line 5"),
    ("another injection", CLAIM, [(b"LX*3~", LINE % (9, b"96372", 1) + b"LX*3~")], "add line 9"),
    ("units", CLAIM, [(b"kx*9*UN*2", b"kx*9*UN*3")], "units or the dose of line 4"),
    ("fewer units", CLAIM, [(b"kx*9*UN*2", b"kx*9*UN*1")], "units or the dose of line 4"),
    ("minutes", CLAIM, [(b"96372*30*UN", b"96372*30*MJ")], "unit basis of line 2"),
    ("a unit basis of a drug", CLAIM, [(b"J3420*5*UN", b"J3420*5*ME")], "unit basis of line 3"),
    ("a dose", CLAIM, [(b"CTP****1*ML", b"CTP****2*ML")], "units or the dose of line 3"),
    ("the unit of a dose", CLAIM, [(b"CTP****1*ML", b"CTP****1*UN")], "units or the dose of line 3"),
    ("a dose dropped", CLAIM, [(b"CTP****1*ML~", b"")], "units or the dose of line 3"),
    ("a test result", CLAIM, [(b"LX*4~", b"MEA*TR*R1*9~LX*4~")], "units or the dose of line 3"),
    ("an NDC", CLAIM, [(b"00517-3125-25", b"00517-3125-26")], "NDC"),
    ("an NDC guessed from ten digits", CLAIM, [(b"0409-3795-01", b"04093795010")], "NDC"),
    ("an NDC where none was", LINES, [(b"LX*3~", b"LIN**N4*00517312525~LX*3~")], "NDC"),
    ("an NDC dropped", CLAIM, [(b"LIN**N4*00517-3125-25~", b"")], "NDC"),
    ("a description", CLAIM, [(b"HC:J3420*", b"HC:J3420:::::VITAMIN B12*")], "description"),
    ("a note on a line", CLAIM, [(b"LX*3~", b"NTE*ADD*LEFT DELTOID~LX*3~")], "note on line 2"),
    ("a note on the claim", CLAIM, [(b"HI*ABK", b"NTE*ADD*LEFT DELTOID~HI*ABK")], "write a note"),
    ("a place", CLAIM, [(b"11:B:1", b"22:B:1")], "above the lines"),
    ("a place on a line", CLAIM, [(b"J3420*5*UN*1***1", b"J3420*5*UN*1*22**1")], "SV1 of line 3"),
    (
        "a day",
        CLAIM,
        [(b"96372*30*UN*1***1~DTP*472*D8*20260302", b"96372*30*UN*1***1~DTP*472*D8*20260303")],
        "DTP of line 2",
    ),
    ("a rendering provider", CLAIM, [(b"1245319599", b"1003000126")], "above the lines"),
    (
        "a supervising provider",
        CLAIM,
        [(b"LX*1~", b"NM1*DQ*1*SAMPLE*PAT****XX*1245319599~LX*1~")],
        "above the lines",
    ),
    ("a frequency code", CLAIM, [(b"11:B:1", b"11:B:7")], "above the lines"),
    ("an authorisation", CLAIM, [(b"LX*3~", b"REF*G1*EXAMPLE~LX*3~")], "line 2, which is not"),
    (
        "an attachment",
        CLAIM,
        [(b"DTP*472*D8*20260302~LX*3~", b"PWK*OZ*BM***AC*1~DTP*472*D8*20260302~LX*3~")],
        "line 2, which is not",
    ),
    ("a charge", CLAIM, [(b"96372*30*", b"96372*31*")], "charge of line 2"),
    (
        "a charge and the total",
        CLAIM,
        [(b"*144*", b"*145*"), (b"96372*30*", b"96372*31*")],
        "charge of line 2",
    ),
    ("the total", CLAIM, [(b"*144*", b"*145*")], "total by another amount"),
    (
        "a cent for an injection",
        LINES.replace("*30*", "*0*"),
        [(b"*25*", b"*25.01*"), (b"96372*0*", b"96372*0.01*")],
        "charge of line 2",
    ),
    (
        "two cents for a drug",
        LINES.replace("*5*", "*0*"),
        [(b"*50*", b"*50.02*"), (b"J3420*0*", b"J3420*0.02*")],
        "charge of line 3",
    ),
    ("a drug left out", LINES, [(b"*55*", b"*50*"), (LINE % (3, b"J3420", 5), b"")], "remove line 3 (J3420)"),
    (
        "an injection left out",
        LINES,
        [(b"*55*", b"*25*"), (LINE % (2, b"96372", 30), b""), (b"LX*3", b"LX*2")],
        "remove line 2 (96372)",
    ),
    (
        "a line left out, not the total",
        LINES,
        [(LINE % (1, b"99211", 20), b""), (b"LX*2", b"LX*1"), (b"LX*3", b"LX*2")],
        "total by another amount",
    ),
    (
        "a line left out, not the numbers",
        LINES,
        [(b"*55*", b"*35*"), (LINE % (1, b"99211", 20), b"")],
        "number the lines otherwise",
    ),
    ("lines numbered otherwise", LINES, [(b"LX*2", b"LX*4")], "number the lines otherwise"),
    (
        "a total that a payer adjudicated",
        LINES + "SVD*TESTMB*5*HC:J3420**1\n",
        [(b"*55*", b"*35*"), (LINE % (1, b"99211", 20), b""), (b"LX*2", b"LX*1"), (b"LX*3", b"LX*2")],
        "on which other amounts",
    ),
    (
        "the only line",
        "SV1*HC:90772*20*UN*1***1",
        [(b"*20*", b"*0*"), (LINE % (1, b"90772", 20), b"")],
        "remove every line",
    ),
]
BATCH = text("\n".join(f"=== TEST{n:04}\n{claim}" for n, (_, claim, *_) in enumerate(KINDS, 1)))


def offering_all(rule, safety):
    """`rule`, offering in the n-th claim the n-th of the forbidden kinds."""

    def check(claim, _):
        _, _, changes, _ = KINDS[claim.index - 1]
        edits, at = [], claim.start
        for old, new in changes:
            at = BATCH.index(old, claim.start)
            assert at + len(old) <= claim.end + 1, old
            edits.append(smallest(Edit(at, at + len(old), old, new)))
        fix = Fix(safety, "forbidden", tuple(sorted(edits, key=lambda edit: edit.start)))
        yield Hit(claim.clm.spot(1), "always", claim.lines[:1], fix=fix)

    return replace(rule, check=check, when=None)


def test_all_that_was_asked_for_is_on_the_list():
    assert ASKED <= NEVER_MODIFIERS
    assert {title.split()[0] for title, *_ in KINDS} >= ASKED


@pytest.mark.parametrize("safety", Safety)
@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_no_rule_gets_what_is_forbidden_even_when_it_is_approved(rule, safety):
    outcome, out = settled(BATCH, offering_all(rule, safety), approvals=approving(rule.code))
    assert out == BATCH
    assert not outcome.changes
    reasons = {one.claim_index: one.reason for one in outcome.put_off}
    assert len(reasons) == len(KINDS)
    for number, (title, _, _, why) in enumerate(KINDS, 1):
        assert reasons[number].startswith("refused: it would"), title
        if safety is Safety.SUGGESTED:
            assert why in reasons[number], f"{title}: {reasons[number]}"
