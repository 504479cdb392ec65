import pytest
from rulecases import bad, batch, check_case, findings, good
from table_files import PTP_HEAD, Site, tsv

import loops
from scrubber.engine import Engine
from scrubber.registry import find_rule

DRUG = "SV1*HC:96372*30*UN*1***1\nSV1*HC:J3420*5*UN*1***1\n"
OPEN = DRUG.replace("96372", "96372:59")


def line(code):
    return f"SV1*HC:{code}*60*UN*1***1\n"


def payer(filing):
    return f"SBR*P*18*******{filing}\n"


COLUMN1 = "94060 92511 97597 97605 95165 95115 91065 93015 C8924 G0127 G0268 0213T".split()

CASES = [
    *(bad(f"{one}", line(one) + DRUG, severity="deny", line="2", place="2400/SV101") for one in COLUMN1),
    *(bad(f"{one} with 59", line(one) + OPEN, outcome="bypassed") for one in COLUMN1),
    *(
        bad(f"payer {one}", payer(one) + line("94060") + DRUG, severity="deny")
        for one in ("MB", "MC", "CI", "ZZ")
    ),
    *(
        bad(f"{one} is denied itself", line(one) + DRUG, severity="deny", line="1")
        for one in ("0543T", "0655T")
    ),
    bad("it carries 59", line("0543T:59") + DRUG, outcome="bypassed", line="1"),
    bad("59 on the other line", line("94060:59") + DRUG, outcome="bypassed"),
    bad("25 opens nothing there", line("94060") + DRUG.replace("96372", "96372:25"), severity="deny"),
    bad("a side of column 1 says nothing of the injection", line("94060:RT") + DRUG, severity="deny"),
    bad("service on another claim", DRUG + "---\n" + line("94060"), severity="advise", line="1"),
    bad("allergen beside a drug", line("95115") + DRUG, severity="deny"),
    bad(
        "other pairs of the table: two pushes",
        line("96374") + line("96365") + DRUG,
        severity="deny",
        line="1",
    ),
    bad("the same with 59", line("96374:59") + line("96365") + DRUG, outcome="bypassed", line="1"),
    bad("59 on its column 1", line("96374") + line("96365:59") + DRUG, outcome="bypassed", line="1"),
    good("allergen without a drug is INJ-B05", line("95115") + "SV1*HC:96372*30*UN*1***1\n"),
    *(
        good(f"{one} has a rule of its own", line(one) + DRUG)
        for one in "99211 99213 99284 96365 36591 11042 59400 00400 90460 90935".split()
    ),
    good("a visit without 25 is told once", line("99213") + line("96365") + DRUG),
    *(
        good(f"{one} has no row", line(one) + DRUG)
        for one in "36415 93000 94640 97110 90834 87880 G0438".split()
    ),
    good("no injection", line("94060") + line("90471") + "SV1*HC:J3420*5*UN*1***1\n"),
    good("service of another day", line("94060") + "DTP*472*D8*20260301\n" + DRUG),
    good(
        "service of another group and specialty",
        line("94060") + "NM1*82*1*TESTCASE*LEE****XX*1003000126\nPRV*PE*PXC*207RC0000X\n" + DRUG,
    ),
    bad("first day of the table", line("94060") + DRUG, day="20240701"),
    bad("day before", line("94060") + DRUG, day="20240630", outcome="no_data"),
    good("a drug before the table asks nothing", DRUG, day="20240630"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_p01(case):
    check_case("INJ-P01", case)


# Invented pairs, as in a file of CMS: column 1, column 2, first and last day, indicator.
MEDICARE = """
    96372 99213 20200101 * 1
    96372 96523 20200101 * 0
    20610 99213 20000101 * 1
    20610 76942 20100101 * 1
    20610 20550 20150101 * 1
    93000 93005 20000101 20260331 1
    93000 93005 20260401 * 0
    93000 93010 20000101 * 9
    94060 96372 20100101 20251231 1
    94640 96372 20260101 * 1
    11111 22222 19960101 * 1
"""
MEDICAID = """
    97110 96372 20200101 * 1
    20610 20550 20150101 * 0
    11111 22222 19960101 * 1
"""


def rows(text):
    cells = [row.split() for row in text.split("\n") if row.strip()]
    return tsv(
        [*PTP_HEAD, *([one, two, "", begin, end, mark, "why"] for one, two, begin, end, mark in cells)]
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    site.load(("v322r0.txt", rows(MEDICARE)), ("medicaid-ptp-2026q3.txt", rows(MEDICAID)))
    return site.tables


def told(tables, text, day="20260302", rules=("INJ-P01",)):
    data = batch(text, day).encode()
    chosen = tuple(find_rule(code) for code in rules)
    with loops.read(data, name="case.837", codes=frozenset({"96372"})) as read:
        found = [f for judged in Engine(read, chosen, tables).run() for f in judged.findings]
    return [(f.rule[4:], str(f.outcome), str(f.severity), f.line) for f in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line("20610") + line("76942"), [("P01", "fail", "deny", "2")]),
        (line("20610") + line("76942:59"), [("P01", "bypassed", "deny", "2")]),
        (line("20610:RT") + line("20550"), [("P01", "bypassed", "deny", "2")]),
        (line("20610") + line("99213:25"), []),
        (line("93000") + line("93010"), []),
        (line("11111") + line("22222") + "DTP*472*D8*20260301\n", []),
        (
            line("11111") + "DTP*472*D8*20260301\n" + line("22222") + "DTP*472*D8*20260301\n",
            [("P01", "fail", "deny", "2")],
        ),
        (line("94640"), [("P01", "fail", "deny", "2")]),
        (line("94060"), []),
        (line("99213") + line("20610"), []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_pair_of_a_loaded_file_counts_on_a_claim_with_an_injection(tables, text, expected):
    assert told(tables, payer("MB") + text + DRUG) == expected


def test_without_an_injection_nothing_is_told(tables):
    assert told(tables, payer("MB") + line("20610") + line("76942") + line("96374")) == []


def test_a_change_of_the_quarter_counts_from_its_day(tables):
    text = payer("MB") + line("93000") + line("93005:59") + DRUG
    assert told(tables, text, "20260331") == [("P01", "bypassed", "deny", "2")]
    assert told(tables, text, "20260401") == [("P01", "fail", "reject", "2")]


def test_column_1_may_carry_59_from_the_day_of_the_change_request(tables):
    text = payer("MB") + line("20610:59") + line("76942") + DRUG
    assert told(tables, text, "20190630") == [("P01", "fail", "deny", "2")]
    assert told(tables, text, "20190701") == [("P01", "bypassed", "deny", "2")]


def test_medicaid_has_its_own_file(tables):
    therapy, joint = line("97110") + DRUG, line("20610") + line("20550:59") + DRUG
    assert told(tables, payer("MC") + therapy) == [("P01", "fail", "deny", "2")]
    assert told(tables, payer("MB") + therapy) == []
    assert told(tables, payer("CI") + therapy) == []
    assert told(tables, payer("MC") + joint) == [("P01", "fail", "reject", "2")]
    assert told(tables, payer("MB") + joint) == [("P01", "bypassed", "deny", "2")]


def test_a_visit_follows_the_loaded_quarter_too(tables):
    text = payer("MB") + line("99213") + DRUG
    assert told(tables, text, rules=("INJ-E01", "INJ-E02", "INJ-P01")) == [("E02", "fail", "deny", "1")]


def test_the_finding_names_the_program_and_the_file(tables):
    data = batch(payer("MB") + line("20610") + line("76942") + DRUG, "20260302").encode()
    with loops.read(data, name="case.837", codes=frozenset({"96372"})) as read:
        (judged,) = Engine(read, (find_rule("INJ-P01"),), tables).run()
    (found,) = judged.findings
    assert found.evidence["program"] == "medicare"
    assert found.evidence["column1"] == ["20610"]
    assert any("2026Q3" in vintage for name, vintage in found.tables if name == "ptp")


def test_where_no_medicaid_file_is_loaded_the_edits_of_medicare_stand_for_it():
    (found,) = findings(find_rule("INJ-P01"), payer("MC") + line("94060") + DRUG)
    assert found.evidence["program"] == "medicare"
