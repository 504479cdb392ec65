"""The dashboard of QA: its numbers are those of the result, and in Chromium each leads to its claims."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from scrubber.qa import dashboard, dashboard_claims, measure
from scrubber.qa.dashboard_charts import code_bars, days, rule_bars, weeks
from scrubber.qa.dashboard_claims import chosen
from scrubber.qa.result import COUNTED, ClaimRow, Correction, Result
from scrubber.report.form import Look

EVIL = "<script>alert(1); fetch('https://example.invalid/a')</script>"
FORMULA = "=HYPERLINK(1)"
WIDTHS = pytest.mark.parametrize("width", [400, 1400])
LINKS = "#claims"


def rendered(result: Result, look: Look = Look()) -> bytes:  # noqa: B008 - frozen
    out = io.BytesIO()
    dashboard.write(out, result, look)
    return out.getvalue()


@pytest.fixture(scope="session")
def path(sample, tmp_path_factory) -> Path:
    """The page of the month with all of its claims on it."""
    path = tmp_path_factory.mktemp("dashboard") / "qa.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dashboard, "chosen", lambda rows: chosen(rows, len(rows)))
        path.write_bytes(rendered(sample.result))
    return path


@pytest.fixture(scope="session")
def tree(path):
    return html.fromstring(path.read_bytes())


def table(tree, name: str) -> list[dict[str, str]]:
    """The rows of a table by the labels of their cells."""
    rows = tree.xpath(f"//table[@id='{name}']/tbody/tr")
    return [
        {cell.get("data-label"): " ".join(" ".join(cell.itertext()).split()) for cell in row} for row in rows
    ]


def with_claims(result: Result, rows: list[ClaimRow]) -> Result:
    """The result over other claims, without what leads to their numbers."""
    return replace(
        result,
        claims=rows,
        counts=measure.counts(rows),
        by_rule=measure.by_rule(rows, {}),
        by_payer=measure.by(rows, lambda one: one.payer),
        by_payer_class=measure.by(rows, lambda one: one.payer_class),
        by_provider=measure.by(rows, lambda one: one.provider),
        by_week=measure.by(rows, lambda one: one.week, in_time=True),
        by_cause=measure.by_cause(rows),
        by_code=measure.by_code(rows, lambda *_: "coding"),
        overridden=measure.overridden(rows),
        relax=[],
        missed_groups=[],
        corrections=[],
        changes=[],
    )


# --- what it says ---


def test_the_headline_is_that_of_the_result(sample, tree):
    tiles = {
        tile.find_class("name")[0].text: (
            tile.find_class("figure")[0].text_content(),
            tile.find_class("note"),
        )
        for tile in tree.find_class("tile")
    }
    counts = sample.result.counts
    names = ["Submitted", "Answered", "Open: no final answer", "Rejected (999, 277CA)", "Denied (835)"]
    names += ["Refused for coding", "Caught: foreseen", "Missed", "False alarms: paid", "Clean paid"]
    for name, key in zip(names, [key for key in COUNTED if key != "held"], strict=True):
        figure, (note,) = tiles.pop(name)
        assert figure == f"{counts.claims[key]:,}", name
        assert note.text == f"${counts.cents[key] / 100:,.2f}", name
    assert list(tiles) == ["Precision", "Recall", "Answers matched"]  # none was held
    share = sample.result.precision
    assert tiles["Precision"][0] == f"{100 * share.value:.1f} %"
    assert tiles["Precision"][1][0].text == f"{100 * share.low:.1f} to {100 * share.high:.1f} %"
    assert tiles["Answers matched"][0] == f"{100 * sample.result.match_rate:.2f} %"


def test_the_confusion_adds_up_to_what_was_sent(sample, tree):
    cells = [cell for row in table(tree, "confusion") for label, cell in row.items() if label]
    numbers = [int(cell.split(" $")[0].replace(",", "")) for cell in cells]
    assert len(numbers) == 8
    assert sum(numbers) == sample.result.counts.claims["submitted"]


def test_the_tables_hold_every_row_of_the_result(sample, tree):
    result = sample.result
    sizes = {
        "by-rule": result.by_rule,
        "by-relax": result.relax,
        "overridden": result.overridden,
        "to-write": result.missed_groups,
        "by-cause": result.by_cause,
        "by-code": result.by_code,
        "by-class": result.by_payer_class,
        "by-payer": result.by_payer,
        "by-provider": result.by_provider,
        "by-week": result.by_week,
        "corrections": result.corrections,
        "changes": result.changes,
        "no-claim": result.unmatched,
        "claims": result.claims,
    }
    for name, rows in sizes.items():
        assert len(rows) > 0, name
        assert len(table(tree, name)) == len(rows), name
    for one, row in zip(result.by_rule, table(tree, "by-rule"), strict=True):
        assert (row["Rule"], row["Caught"], row["False alarms"]) == (
            one.rule,
            f"{one.caught:,}",
            f"{one.false_alarms:,}",
        )
        assert row["Charges"] == f"${one.cents / 100:,.2f}"
    missed = [one["Claim"].split()[0] for one in table(tree, "claims") if one["Verdict"] == "missed"]
    assert sorted(missed) == sorted(row.claim for row in result.claims if row.verdict == "missed")


def test_the_charts_are_those_of_the_numbers(sample):
    result = sample.result
    for one in rule_bars(result.by_rule):
        caught = sum(shape.size for shape in one.shapes if shape.colour == "blue")
        false = sum(shape.size for shape in one.shapes if shape.colour == "amber")
        assert caught * one.rule.false_alarms == pytest.approx(false * one.rule.caught)
        assert f"{one.rule.caught:,} caught, {one.rule.false_alarms:,} false alarms" in one.says
    bars = code_bars(result)
    assert bars[0].code.cents == max(one.cents for one in result.by_code if one.list != "rarc")
    assert sum(shape.size for shape in bars[0].shapes) == pytest.approx(100)
    columns = weeks(result).columns
    assert [int(one.total) for one in columns] == [one.counts.claims["in_scope"] for one in result.by_week]
    refused = [row for row in result.claims if row.state in ("rejected", "denied") and row.days is not None]
    told = days(result.claims).columns
    assert sum(int(one.total) for one in told) == len(refused) > 100
    states = Counter(row.state for row in refused)
    sums = [sum(one.values[n] for one in told) for n in (0, 1)]
    assert sums == [states["rejected"], states["denied"]]


def test_a_week_without_claims_is_a_column_without_height(sample):
    late = [
        replace(row, sent_on=row.sent_on + timedelta(weeks=8), week="2026-W53")
        for row in sample.result.claims
        if row.week == "2026-W40"
    ]
    early = [row for row in sample.result.claims if row.week == "2026-W39"]
    columns = weeks(with_claims(sample.result, early + late)).columns
    assert len(columns) == 53 - 39 + 1
    assert [one.total for one in columns[1:-1]] == ["0"] * 13
    assert columns[-1].label == "Dec 28"
    assert not columns[1].shapes


@pytest.mark.parametrize("longest", [0, 1, 19, 20, 400, 5000])
def test_days_are_told_in_a_score_of_columns(sample, longest):
    row = next(row for row in sample.result.claims if row.state == "denied")
    told = days([replace(row, days=0), replace(row, days=longest)]).columns
    assert len(told) <= 21
    assert sum(int(one.total) for one in told) == 2


def test_without_claims_and_answers_it_says_so(sample):
    empty = with_claims(sample.result, [])
    empty = replace(
        empty,
        **dict.fromkeys(["unmatched", "by_week", "by_month", "totals", "times", "files"], ()),
        answers={},
        matched=0,
        match_rate=None,
        precision=measure.precision(empty.counts),
        recall=measure.recall(empty.counts),
    )
    text = html.fromstring(rendered(empty)).text_content()
    for said in (
        "No alarm has had an answer yet.",
        "Nothing was refused.",
        "No claim has a day of sending.",
        "No refusal has both days.",
        "No rule raised an alarm.",
        "No claim was missed.",
        "No refused claim came again changed.",
        "No answer was read.",
    ):
        assert said in text, said
    assert "None" not in text


def test_data_of_persons_are_told_of(sample):
    assert b"with data of persons" in rendered(sample.result, Look(mask=False))
    assert b"with data of persons" not in rendered(sample.result)


# --- what is left out ---


def test_a_page_has_a_limit_and_says_what_is_left_out(sample):
    rows, counts = sample.result.claims, sample.result.counts.claims
    some = len(rows) - counts["clean_paid"] // 2
    for limit in (3300, some, len(rows) - 1, len(rows)):
        shown, left = chosen(rows, limit)
        assert len(shown) <= limit
        assert len({row.number for row in shown}) == len(shown)
        assert len(shown) + sum(one.claims for one in left) == len(rows)
        assert {row.verdict for row in shown} == {row.verdict for row in rows}
    shown, left = chosen(rows, some)
    assert [one.name for one in left] == ["clean paid"], "what matters least is left out first"
    assert Counter(row.verdict for row in shown)["missed"] == counts["missed"]
    assert len(chosen(rows)[0]) == min(len(rows), dashboard_claims.LIMIT)


def test_what_is_left_out_is_told_above_the_claims(sample, monkeypatch):
    clean = sample.result.counts.claims["clean_paid"]
    some = len(sample.result.claims) - clean // 2
    monkeypatch.setattr(dashboard, "chosen", lambda rows: chosen(rows, some))
    tree = html.fromstring(rendered(sample.result))
    (told,) = tree.xpath("//h2[@id='every']/following-sibling::p/strong")
    assert len(table(tree, "claims")) == some
    assert told.text == f"{clean // 2:,} of {len(sample.result.claims):,} claims are not on this page:"
    assert f"{clean // 2:,} of {clean:,} clean paid" in told.tail


# --- in the browser ---


def fitting(page) -> int:
    """How many claims fit, as the page says above them."""
    said = page.js("document.querySelector('form[data-for=claims] output').textContent")
    found = re.match(r"(?:first [\d,]+ of )?([\d,]+)", said)
    return int(found[1].replace(",", ""))


@pytest.mark.browser
@WIDTHS
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_opens_at_any_width(browser, path, width, dark):
    page = browser.open(path, width=width, dark=dark)
    page.check()
    page.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.check()
    assert len(page.texts("#claims tbody tr")) == 100


@pytest.mark.browser
@WIDTHS
def test_charts_are_drawn(browser, sample, path, width):
    page = browser.open(path, width=width)
    boxes = page.js("""Array.from(document.querySelectorAll("svg.columns, svg.stacked"), svg => ({
      name: svg.querySelector("title").textContent, role: svg.getAttribute("role"),
      width: svg.getBoundingClientRect().width, fills: new Set(Array.from(svg.querySelectorAll("rect:not(.hit)"),
        one => getComputedStyle(one).fill)).size,
      marks: Array.from(svg.querySelectorAll("rect:not(.hit)"), one => one.getBoundingClientRect())
        .map(box => [box.width, box.height])}))""")
    rules, codes = rule_bars(sample.result.by_rule), code_bars(sample.result)
    assert len(boxes) == len(rules) + len(codes) + 2
    drawn = {one["name"]: one for one in boxes}
    for one in boxes:
        assert one["role"] == "img"
        assert one["marks"], one["name"]
        assert all(width > 0 and height > 0 for width, height in one["marks"]), one["name"]
    for one in (*rules, *codes):
        assert [width for width, _ in drawn[one.says]["marks"]] == pytest.approx(
            [shape.size / 100 * drawn[one.says]["width"] for shape in one.shapes], abs=0.5
        )
    by_week = sample.result.by_week
    heights = [height for _, height in drawn["Refused for coding, by week of sending"]["marks"]]
    figures = [
        count
        for one in by_week
        for count in (one.counts.claims["caught"], one.counts.claims["missed"])
        if count
    ]
    assert heights == pytest.approx([max(heights) / max(figures) * count for count in figures], abs=0.5)
    assert drawn["Refused for coding, by week of sending"]["fills"] == 2
    assert drawn["Days from sending to the refusal"]["fills"] == 2


@pytest.mark.browser
@WIDTHS
def test_no_text_of_a_chart_lies_on_another(browser, path, width):
    page = browser.open(path, width=width)
    overlaps = page.js("""Array.from(document.querySelectorAll("svg.columns")).flatMap(svg => {
      const texts = Array.from(svg.querySelectorAll("text")).filter(one => one.checkVisibility());
      const boxes = texts.map(one => one.getBoundingClientRect()), found = [];
      boxes.forEach((a, i) => boxes.forEach((b, j) => {
        if (i < j && a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
          found.push([texts[i].textContent, texts[j].textContent]); }));
      return found; })""")
    assert overlaps == []


@pytest.mark.browser
def test_every_number_leads_to_as_many_claims(browser, path):
    page = browser.open(path)
    page.js("document.body.style.display = 'none'")  # nothing to lay out a thousand times
    links = page.js("""Array.from(document.querySelectorAll("a[data-fill]"), link => {
      follow(link.hash);  // a click does it too; of so many clicks the browser leaves some out
      return [link.textContent, link.dataset.fill, document.querySelector("form[data-for=claims] output").textContent,
        Array.from(document.querySelectorAll("#claims tbody tr")).filter(row => !row.hidden).length]; })""")
    assert len(links) > 300
    for text, fill, said, shown in links:
        if not re.fullmatch(r"[\d,]+", text):
            continue  # the name of a rule or code
        number = int(text.replace(",", ""))
        if fill.startswith("pair="):
            assert shown == 2, fill
            continue
        assert shown == min(number, 100), (fill, said)
        assert f"{number:,} of " in said or f"of {number:,} shown" in said, (fill, said)
    assert page.complaints == []


@pytest.mark.browser
@WIDTHS
def test_a_number_is_followed_and_the_way_back_is_there(browser, sample, path, width):
    page = browser.open(path, width=width)
    missed = sample.result.counts.claims["missed"]
    page.js("document.querySelector('.tile.reject a').focus()")
    page.press("Enter")
    assert page.js("location.hash") == "#claims?counted=missed"
    browser.until(lambda: fitting(page) == missed, "the page hearing of it, and narrowing its claims")
    assert set(page.texts("#claims td:nth-child(3)")) == {"missed"}
    assert page.js("document.activeElement.textContent") == "Claims"
    assert abs(page.js("document.activeElement.getBoundingClientRect().top")) < 200
    page.check()
    page.js("history.back()")
    page.js("new Promise(done => setTimeout(done, 200))")
    assert page.js("location.hash") == ""
    page.js("history.replaceState(null, '', '#claims?counted=caught')")
    page._loaded = False
    page.call("Page.reload")
    browser.until(lambda: page._loaded, "loading it again")
    assert fitting(page) == sample.result.counts.claims["caught"], "a link can be kept, or opened in a tab"


@pytest.mark.browser
def test_claims_are_narrowed_by_hand_and_all_are_shown_again(browser, sample, path):
    page = browser.open(path)
    whole = len(sample.result.claims)
    row = sample.result.claims[7]
    page.js(f"""(() => {{ const form = document.querySelector("form[data-for=claims]");
      form.elements.text.value = "{row.claim.lower()}";
      form.dispatchEvent(new Event("input")); }})()""")
    assert fitting(page) < 20
    assert any(row.claim in one for one in page.texts("#claims tbody th"))
    page.click("form[data-for=claims] [type=reset]")
    page.js("new Promise(done => setTimeout(done, 50))")
    assert fitting(page) == whole
    more = "Array.from(document.querySelectorAll('button.more')).at(-1)"
    assert page.js(f"{more}.textContent") == "Show 1,000 more"
    page.js(f"{more}.click()")
    assert (
        len(page.js("Array.from(document.querySelectorAll('#claims tbody tr:not([hidden])'), one => 1)"))
        == 1100
    )


@pytest.mark.browser
@pytest.mark.parametrize("how", ["click", "Enter", " "])
def test_tables_sort(browser, sample, path, how):
    page = browser.open(path)

    def sort(column: int) -> list[str]:
        head = f"#by-rule th:nth-child({column}) button"
        if how == "click":
            page.click(head)
        else:
            page.js(f"document.querySelector({head!r}).focus()")
            page.press(how)
        return page.texts("#by-rule tbody th")

    rules = sample.result.by_rule
    by_caught = sorted(one.caught for one in rules)
    caught = {one.rule: one.caught for one in rules}
    assert [caught[rule] for rule in sort(4)] == by_caught[:10]
    assert [caught[rule] for rule in sort(4)] == by_caught[::-1][:10]
    assert page.js("document.querySelector('#by-rule th:nth-child(4)').ariaSort") == "descending"
    cents = {one.rule: one.cents for one in rules}
    sort(10)
    assert [cents[rule] for rule in sort(10)] == sorted(cents.values())[::-1][:10]


@pytest.mark.browser
@WIDTHS
def test_markup_in_data_is_text(browser, sample, tmp_path, width):
    rows = [
        replace(
            row,
            claim=EVIL,
            payer=EVIL,
            provider=FORMULA,
            file=EVIL,
            procedures=(EVIL,),
            week="",
            sent_on=None,
        )
        for row in sample.result.claims[:200]
    ]
    missed = next(n for n, row in enumerate(rows) if row.causes)
    cause = replace(rows[missed].causes[0], code=EVIL, remarks=(EVIL, '" onload="x'), procedure=EVIL)
    rows[missed] = replace(rows[missed], causes=(cause,))
    result = with_claims(sample.result, rows)
    change = sample.result.changes[0]
    result = replace(
        result,
        about=replace(result.about, claims=EVIL),
        corrections=[Correction(1, 2, "claim", compared=True, changes=(), suggested=(EVIL,), taken=(EVIL,))],
        changes=[replace(change, before=EVIL, after=EVIL)],
        unmatched=[replace(result.unmatched[0], claim=EVIL, reason=EVIL)],
    )
    path = tmp_path / "qa.html"
    path.write_bytes(rendered(result))
    page = browser.open(path, width=width)
    page.check()
    assert page.js("document.scripts.length") == 1
    assert page.js("document.querySelectorAll('[onload]').length") == 0
    assert page.text.count(EVIL) > 200
    assert FORMULA in page.text
    page.js("""document.querySelector('#by-payer a[data-fill*="counted=submitted"]').click()""")
    page.js("new Promise(done => setTimeout(done, 50))")
    assert fitting(page) == result.counts.claims["submitted"]
    page.check()


@pytest.mark.browser
def test_it_can_be_read_without_script(browser, sample, path):
    page = browser.open(path)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.load()
    assert page.js("document.querySelectorAll('#claims tbody tr[hidden]').length") == 0
    assert page.texts("form") == []
    assert page.texts("button") == []
    page.call("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.browser
def test_twenty_thousand_claims_open(browser, sample, tmp_path):
    rows = [
        replace(row, number=n * len(sample.result.claims) + row.number)
        for n in range(20_000 // len(sample.result.claims) + 1)
        for row in sample.result.claims
    ]
    assert len(rows) >= 20_000
    data = rendered(with_claims(sample.result, rows))
    assert len(data) < 8_000_000
    path = tmp_path / "qa.html"
    path.write_bytes(data)
    page = browser.open(path, width=400)
    assert page.requests == page.complaints == page.too_wide() == []
    assert page.js("document.querySelectorAll('#claims tbody tr').length") == dashboard_claims.LIMIT
    assert "are not on this page" in page.text
