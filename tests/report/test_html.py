"""The page of findings: every finding of the claims it shows, before and after of a fix, nothing that data could run."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from commands import FAULTY, run
from fixing import INJECTION, rule_of, text
from lxml import etree, html
from rulecases import SUBJECTS, TABLES

import loops
from scrubber.checker import Checked, Checker
from scrubber.engine import Engine
from scrubber.finding import Edit, Fix, Outcome, Safety, Severity
from scrubber.report import Tally
from scrubber.report.form import Look
from scrubber.report.html import Html, _stylesheet
from scrubber.report.xml import write_tree
from scrubber.rule import Hit, Rule
from scrubber.tables import Citation

MASKED, SHOWN = Look(), Look(mask=False)
EVIL = "<script>alert(1)</script>"


def page_of(checker: Checker, source: Path | bytes, look: Look = MASKED, most: int = 500) -> html.HtmlElement:
    """The page of one batch, parsed."""
    report, tally, items, out = Html(look, most), Tally(files=1), io.BytesIO(), io.BytesIO()
    with checker.read(source) as batch:
        for checked in checker.run(batch):
            tally.count(checked.findings)
            items.writelines(item.encode() for item in report.items(batch, checked))
    report.compose(items, tally, out)
    return html.fromstring(out.getvalue().decode())


def page_by(rule: Rule, data: bytes, look: Look = SHOWN) -> html.HtmlElement:
    """The page of what one rule says of a batch."""
    report, tally, items, out = Html(look), Tally(files=1), io.BytesIO(), io.BytesIO()
    with loops.read(data, name="a.837", codes=SUBJECTS) as batch:
        for judged in Engine(batch, (rule,), TABLES).run():
            tally.count(judged.findings)
            checked = Checked(judged.claim, judged.findings)
            items.writelines(item.encode() for item in report.items(batch, checked))
        report.compose(items, tally, out)
    return html.fromstring(out.getvalue().decode())


def said(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def check_file(checker: Checker, path: Path) -> int:
    """Assert that the page tells what was found, each finding in the article of its claim; how many it shows."""
    try:
        with checker.read(path) as batch:
            groups = [
                [one for one in checked.findings if one.outcome is Outcome.FAIL]
                for checked in checker.run(batch)
            ]
            groups = [group for group in groups if group]
    except loops.NotX12Error:
        return 0
    page = page_of(checker, path)
    articles = page.xpath("//article")
    assert len(articles) == len(groups)
    for article, group in zip(articles, groups, strict=True):
        told = article.xpath(".//div[starts-with(@class, 'finding')]")
        assert sorted(said(one.xpath("./p[@class='says']")[0]) for one in told) == sorted(
            " ".join(one.message.split()) for one in group
        )
        for one in told:
            lines = one.xpath("ancestor::tbody/tr[1]/th")
            assert not lines or said(lines[0]) in {finding.line or said(lines[0]) for finding in group}
    check_links(page)
    return len(articles)


def check_links(page: html.HtmlElement) -> None:
    """Every place that a link names is there, once; every address is one of the web."""
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for link in page.xpath("//a/@href"):
        assert link.removeprefix("#") in ids or link.startswith(("https://", "http://"))
    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//@*[starts-with(name(), 'on')] | //@src | //@style")


def test_every_fixture_has_its_page(fixture_file):
    check_file(Checker(), fixture_file)


@pytest.mark.shared
def test_every_corpus_file_has_its_page(shared):
    checker = Checker()
    files = [path for path in sorted((shared / "corpus").glob("*/*")) if path.is_file()]
    assert sum(check_file(checker, path) for path in files) > 100


def test_a_claim_is_read_from_its_segments():
    page = page_by(
        always(), text(f"NM1*82*1*DOC*SAMPLE****XX*1245319590\n{INJECTION}\nLIN**N4*00517312525\nCTP****1*ML")
    )
    (article,) = page.xpath("//article")
    facts = {said(one): said(one.getnext()) for one in article.xpath("./dl/dt")}
    assert facts["Payer"] == "EXAMPLE PAYER, id 99999, filing CI"
    assert facts["Billing provider"].startswith("EXAMPLE CLINIC, NPI 1234567893")
    assert facts["Rendering provider"] == "DOC, SAMPLE, NPI 1245319590"
    assert facts["Patient"] == "DOE, JANE, member id TEST0001, born 1980-01-01"
    assert facts["Charge"] == "$30.00"
    assert facts["Dates of service"] == "2026-03-02"
    assert facts["Diagnoses"] == "1 E53.8"
    row = article.xpath(".//table/tbody/tr[1]/*")
    cells = {one.get("data-label"): said(one) for one in row}
    assert cells == {
        "Line": "1", "Service": "96372", "Modifiers": "", "Units": "30 UN" if "*30*UN*30" in INJECTION else "1 UN",
        "Charge": "$30.00", "Place": "11", "Diagnoses": "1 E53.8", "Date of service": "2026-03-02",
        "Drug": "00517312525, 1 ML",
    }  # fmt: skip


def test_persons_are_hidden_unless_asked_for():
    data = text(INJECTION)
    hidden, shown = (page_by(always(), data, Look(mask=mask)).text_content() for mask in (True, False))
    for word in ("DOE", "JANE", "TEST0001,", "1980-01-01"):
        assert word not in hidden
    assert "DOE, JANE" in shown


def always(where=lambda claim: claim.lines[0].sv1.spot(1), **more) -> Rule:
    """A rule that finds a fault on every claim."""

    def check(claim):
        yield Hit(where(claim), "line 1: always", claim.lines[:1], **more)

    return rule_of("INJ-T01", check)


def test_markup_in_a_claim_is_text():
    data = (
        text(INJECTION)
        .replace(b"DOE", EVIL.encode())
        .replace(b"EXAMPLE PAYER", b'"><img src=x onerror=alert(1)>')
    )
    page = page_by(always(), data)
    check_links(page)
    assert EVIL in page.text_content()
    assert not page.xpath("//img")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " https://x"]
)
def test_an_authority_leads_to_the_web_or_nowhere(url):
    page = page_by(replace(always(), citations=(Citation("A title", "s. 1", url, None),)), text(INJECTION))
    check_links(page)
    assert "A title, s. 1" in said(page)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        (b"96372", b"96401", ["96372"], ["96401"]),
        (b"HC:96372", b"HC:96372:59", [], ["59"]),
        (b"*UN*1*", b"*UN*1.0*", ["1"], ["1.0"]),
        (b"SV1*HC:96372*30*UN*1***1~", b"", ["SV1*HC:96372*30*UN*1***1"], []),
        (b"~DTP*472", b"~PS1*1*2~DTP*472", [], ["PS1*1*2"]),
    ],
)
def test_a_fix_is_shown_before_and_after(old, new, before, after):
    data = text(INJECTION)

    def check(claim):
        start = data.index(old, claim.start)
        fix = Fix(Safety.SUGGESTED, "an example", (Edit(start, start + len(old), old, new),))
        yield Hit(claim.lines[0].sv1.spot(1), "line 1: mend it", claim.lines[:1], fix=fix)

    page = page_by(rule_of("INJ-T01", check), data)
    assert [said(one) for one in page.xpath("//del")] == before
    assert [said(one) for one in page.xpath("//ins")] == after
    assert "a person must approve it" in said(page)


def test_what_a_fix_changes_in_data_of_persons_stays_hidden():
    data = text(INJECTION)

    def check(claim):
        start = data.index(b"JANE")
        fix = Fix(Safety.FORMAT, "an example", (Edit(start, start + 4, b"JANE", b"JANET"),))
        yield Hit(claim.lines[0].sv1.spot(1), "mend it", claim.lines[:1], fix=fix)

    page = page_by(rule_of("INJ-T01", check), data, Look())
    assert "JANE" not in page.text_content()
    assert [said(one) for one in page.xpath("//ins")] == ["xxxxx"]


def test_a_finding_stands_with_its_line_wherever_its_segment_stands():
    data = text(f"{INJECTION}\n{INJECTION}")

    def check(claim):
        yield Hit(claim.billing.name.spot(9), "the provider of line 2", claim.lines[1:2])
        yield Hit(claim.billing.name.spot(9), "the provider", ())
        yield Hit(claim.lines[0].sv1.spot(1), "line 1 itself", claim.lines[:1])

    page = page_by(rule_of("INJ-T01", check), data)
    by_line = {
        said(body.xpath("./tr[1]/th")[0]): [said(one) for one in body.xpath(".//p[@class='says']")]
        for body in page.xpath("//table[contains(@class, 'lines')]/tbody")
    }
    assert by_line == {"1": ["line 1 itself"], "2": ["the provider of line 2"]}
    assert [said(one) for one in page.xpath("//article/div/p[@class='says']")] == ["the provider"]


def test_lines_of_one_number_tell_a_finding_once():
    data = text(f"{INJECTION}\n{INJECTION}").replace(b"LX*2", b"LX*1")

    def check(claim):
        yield Hit(claim.billing.name.spot(9), "the provider", claim.lines[:1])
        yield Hit(claim.lines[1].sv1.spot(1), "the second", claim.lines[1:2])

    page = page_by(rule_of("INJ-T01", check), data)
    bodies = page.xpath("//table[contains(@class, 'lines')]/tbody")
    assert [[said(one) for one in body.xpath(".//p[@class='says']")] for body in bodies] == [
        ["the provider"],
        ["the second"],
    ]


def by_number(worst: dict[int, Severity]) -> Rule:
    """A rule that finds a fault of some severity on each claim, by the ordinal of the claim."""

    def check(claim):
        yield Hit(claim.clm.spot(1), f"claim {claim.index}", claim.lines[:1], severity=worst[claim.index])

    return rule_of("INJ-T01", check)


def test_a_page_shows_the_worst_claims_and_counts_the_others():
    worst = [
        Severity.ADVISE,
        Severity.ADVISE,
        Severity.REJECT,
        Severity.DENY,
        Severity.ADVISE,
        Severity.REJECT,
    ]
    data = text("\n".join(f"=== TEST{n:04}\n{INJECTION}" for n in range(1, 7)).removeprefix("=== TEST0001\n"))
    rule = by_number(dict(enumerate(worst, 1)))
    report, tally, items = Html(Look(), most=2), Tally(files=1), io.BytesIO()
    with loops.read(data, name="a.837", codes=SUBJECTS) as batch:
        for judged in Engine(batch, (rule,), TABLES).run():
            tally.count(judged.findings)
            items.writelines(i.encode() for i in report.items(batch, Checked(judged.claim, judged.findings)))
    rows = [json.loads(line) for line in items.getvalue().splitlines()]
    # A tree is kept only as long as it could be among the worst.
    assert ["tree" in row for row in rows] == [True, True, True, True, False, True]
    out = io.BytesIO()
    report.compose(items, tally, out)
    page = html.fromstring(out.getvalue().decode())
    assert [said(one) for one in page.xpath("//article//p[@class='says']")] == ["claim 3", "claim 6"]
    assert "4 of 6 claims with findings are not on this page" in said(page)
    rows = {
        said(tr.xpath("./td[1]")[0]): said(tr.xpath("./td[5]")[0]) for tr in page.xpath("//nav//tbody/tr")
    }
    assert rows == {"reject": "2", "deny": "1", "advise": "3"}
    check_links(page)


def test_what_is_no_fault_is_shown_when_asked_for():
    data = text(INJECTION)
    quiet = page_by(always(outcome=Outcome.NO_DATA), data)
    assert not quiet.xpath("//article")
    assert "Not shown: 1 that could not be judged" in said(quiet)
    asked = page_by(always(outcome=Outcome.NO_DATA), data, Look(all_outcomes=True))
    assert [said(one) for one in asked.xpath("//article//span[starts-with(@class, 'badge')]")] == ["no data"]


def test_a_claim_of_megabytes_makes_a_page_that_opens():
    data = text("\n".join([INJECTION] * 20_000))
    assert len(data) > 1 << 20
    page = page_by(always(), data)
    assert len(html.tostring(page)) < 1 << 20
    assert "Not shown: the rest of a claim of" in said(page)


def test_many_claims_of_megabytes_make_one_too(monkeypatch):
    monkeypatch.setattr("scrubber.report.html._BYTES", 50_000)
    data = text("\n".join([INJECTION] + [f"=== TEST{n:04}\n{INJECTION}" for n in range(2, 40)]))
    page = page_by(always(), data)
    shown = len(page.xpath("//article"))
    assert 1 < shown < 39
    assert f"{39 - shown} of 39 claims with findings are not on this page" in said(page)


def test_of_thousands_of_findings_on_a_claim_the_worst_are_shown():
    data = text("\n".join([INJECTION] * 300))

    def check(claim):
        for line in claim.lines:
            worst = Severity.REJECT if line.number == "299" else Severity.ADVISE
            yield Hit(line.sv1.spot(1), f"line {line.number}", (line,), severity=worst)

    page = page_by(rule_of("INJ-T01", check), data)
    told = [said(one) for one in page.xpath("//p[@class='says']")]
    assert len(told) == 100
    assert "line 299" in told
    assert "200 more findings on this claim are not shown" in said(page)


def test_what_stands_outside_the_claims_has_a_place(fixtures):
    page = page_of(Checker(), fixtures / "broken-short-isa.837")
    assert "Outside the claims" in [said(one) for one in page.xpath("//article/h3")]


def test_the_stylesheet_reads_a_whole_tree_too():
    data = text(f"{INJECTION}\n=== TEST0002\n{INJECTION}")
    with loops.read(data, name="a.837", codes=SUBJECTS) as batch:
        found = [one for judged in Engine(batch, (always(),), TABLES).run() for one in judged.findings]
        out = io.BytesIO()
        write_tree(batch, out, found)
    made = html.fragments_fromstring(str(_stylesheet()(etree.fromstring(out.getvalue()))))
    assert [one.get("id") for one in made] == ["claim-1", "claim-2"]
    assert [len(one.xpath(".//p[@class='says']")) for one in made] == [1, 1]


def test_several_workers_make_the_same_page(tmp_path):
    files = [tmp_path / f"{n}.837" for n in range(3)]
    for path in files:
        path.write_bytes(FAULTY)
    one, two = (run("check", *files, "--format", "html", "--jobs", jobs) for jobs in (1, 2))
    assert one.out == two.out
    assert one.code == two.code == 1
    files_told = [said(note).split(" · ")[0] for note in html.fromstring(one.text).xpath("//article/p[1]")]
    assert files_told == [f"No. {n} in {path.name}" for path in files for n in (1, 2)]


def test_annotate_writes_the_page_whole_or_not_at_all(tmp_path):
    path, out = tmp_path / "a.837", tmp_path / "a.html"
    path.write_bytes(FAULTY)
    assert run("annotate", path, "--as", "html", "-o", out).code == 1
    assert html.fromstring(out.read_text(encoding="utf-8")).findtext(".//h1") == "Findings in a.837"
    assert run("annotate", tmp_path / "none.837", "--as", "html", "-o", tmp_path / "none.html").code == 3
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.837", "a.html"]
    (tmp_path / "in").mkdir()
    path.rename(tmp_path / "in" / "a.837")
    assert (
        run("annotate", tmp_path / "in", "--as", "html", "-o", tmp_path / "out", "--fail-on", "never").code
        == 0
    )
    assert (tmp_path / "out" / "a.837.html").read_bytes() == out.read_bytes()
