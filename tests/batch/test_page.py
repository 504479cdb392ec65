"""The page of a run: its figures are those of the manifest, and it is read with ease in Chromium."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest
from batches import RIGHT, Heard, claims, go
from commands import run
from lxml import html

from scrubber.batch.page import run_page
from scrubber.checker import Checker
from scrubber.payers import open_payers

EVIL = "<script>alert(1); fetch('https://example.invalid/a')</script>"
WIDTHS = pytest.mark.parametrize("width", [400, 1400])
PROFILE = """
title = "Example Blue"
class = "commercial"
checked_on = 2026-11-20
[recognise]
ids = ["TESTBL"]
[[habit]]
key = "timely_days"
value = "90"
source = "Example Blue manual"
url = "https://example.invalid/timely"
quality = "payer"
"""


@pytest.fixture(scope="session")
def outbox(tmp_path_factory) -> Path:
    """What a run makes of 300 claims, some with a limit of timely filing."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "in").mkdir()
    (folder / "blue.toml").write_text(PROFILE, encoding="ascii")
    run("sample", "-n", 300, "--seed", 4, "-o", folder / "sample.837")
    (folder / "sample.837").rename(folder / "in/month 1.837")
    (folder / "in/right.837").write_bytes(claims(RIGHT, control=2))

    def make() -> Checker:
        return Checker(open_payers(folder / "blue.toml"))

    log = Heard()
    go(folder / "in", folder / "out", make=make, log=log)
    assert not log.lines
    return folder / "out"


@pytest.fixture(scope="session")
def manifest(outbox):
    return json.loads((outbox / "reports/month 1.837.run.json").read_bytes())


@pytest.fixture(scope="session")
def path(outbox) -> Path:
    return outbox / "reports/month 1.837.html"


def rows(tree, name: str) -> list[dict[str, str]]:
    """The rows of a table by the labels of their cells."""
    return [
        {cell.get("data-label", ""): " ".join(" ".join(cell.itertext()).split()) for cell in row}
        for row in tree.xpath(f"//table[@id='{name}']/tbody/tr")
    ]


def usd(amount: str) -> str:
    return f"${float(amount):,.2f}"


def test_the_totals_are_those_of_the_manifest(manifest, path):
    tree = html.fromstring(path.read_bytes())
    told = {row[""]: row for row in rows(tree, "totals")}
    for name, of in manifest["totals"].items():
        row = told[name.capitalize()]
        assert (row["Claims"], row["Service lines"], row["Charges"]) == (
            f"{of['claims']:,}",
            f"{of['lines']:,}",
            usd(of["charges"]),
        )
    tiles = {
        one.find_class("name")[0].text: one.find_class("figure")[0].text for one in tree.find_class("tile")
    }
    assert tiles["Held"] == str(manifest["totals"]["held"]["claims"])
    found = manifest["findings"]["by_rule"]
    assert tiles["Deny"] == str(sum(one["findings"] for one in found if one["severity"] == "deny"))


def test_each_rule_tells_what_it_found_and_what_it_holds(manifest, path):
    told = rows(html.fromstring(path.read_bytes()), "rules")
    assert [(one["Rule"], one["Severity"]) for one in told] == sorted(
        ((one["rule"], one["severity"]) for one in manifest["findings"]["by_rule"]),
        key=lambda one: ("reject deny advise".index(one[1]), one[0]),
    )
    held = {one["rule"]: one for one in manifest["held"]["by_rule"]}
    assert held
    shown = {one["Rule"]: one for one in told if one.get("Held claims")}
    assert set(shown) == set(held)
    for rule, one in shown.items():
        assert one["Held claims"] == str(held[rule]["claims"])
        assert one["Held charges"] == usd(held[rule]["charges"])


def test_what_holds_claims_without_a_finding_that_failed_is_told_too(manifest):
    other = deepcopy(manifest)
    other["held"]["by_rule"].append({"rule": "ENG-03", "claims": 2, "charges": "70.00"})
    last = rows(html.fromstring(run_page(other)), "rules")[-1]
    assert (last["Rule"], last["Held claims"], last["Held charges"]) == ("ENG-03", "2", "$70.00")


def test_the_oldest_services_and_the_next_limits_stand_first(manifest, path):
    tree = html.fromstring(path.read_bytes())
    oldest, due = rows(tree, "oldest"), rows(tree, "due")
    assert len(oldest) == 20
    assert [one["Service"] for one in oldest] == sorted(one["Service"] for one in oldest)
    assert {one["Days since"] for one in oldest if one["Service"] == "2026-09-08"} == {"73"}
    assert 0 < len(due) <= 20
    assert [one["Send by"] for one in due] == sorted(one["Send by"] for one in due)
    for one in due:
        assert one["Payer class"] == "commercial"
        assert int(one["Days left"]) + int(one["Days since"]) == 90


def test_a_limit_that_is_near_or_over_is_marked(manifest):
    other = deepcopy(manifest)
    first, second, *_ = other["held"]["next_due"]
    first["timely"], second["timely"] = "2026-11-19", "2026-11-30"
    told = rows(html.fromstring(run_page(other)), "due")
    assert [one["Days left"] for one in told[:2]] == ["over", "10"]
    marks = html.fromstring(run_page(other)).xpath(
        "//table[@id='due']//span[contains(@class, 'badge')]/@class"
    )
    assert marks[:2] == ["badge reject", "badge deny"]


def test_the_files_of_the_run_are_there(outbox, path):
    tree = html.fromstring(path.read_bytes())
    links = {one.text: one.get("href") for one in tree.xpath("//p[starts-with(., 'Files of')]/a")}
    assert set(links) >= {"released/month 1.837", "held/month 1.837", "ack/month 1.837.999"}
    for name, link in links.items():
        assert (outbox / name).is_file()
        assert link == "../" + name.replace(" ", "%20")


def test_nothing_held_and_nothing_found_is_said(manifest, outbox):
    bare = deepcopy(manifest)
    bare["totals"]["held"] = {"claims": 0, "lines": 0, "charges": "0.00"}
    bare["held"] = {"by_rule": [], "by_payer": [], "next_due": [], "oldest": []}
    bare["findings"] = {"outcomes": {}, "by_rule": []}
    text = html.fromstring(run_page(bare)).text_content()
    assert "No claim is held." in text
    assert "No rule found a fault." in text
    assert "None" not in text
    right = html.fromstring((outbox / "reports/right.837.html").read_bytes())
    assert "all released" in right.text_content()


def test_fixes_and_what_was_not_applied_are_told(manifest):
    other = deepcopy(manifest)
    other["changes"] = {"fixes": 3, "notes": 1, "billed_claims": 2}
    other["changes"]["put_off"] = [{"rule": "INJ-E02", "reason": "no approval", "count": 1200}]
    other["outcome"] = "released"
    text = " ".join(html.fromstring(run_page(other)).text_content().split())
    assert "3 Fixes 2 claims billed otherwise" in re.sub(r"(\d)(Fixes)(\d)", r"\1 \2 \3", text)
    assert "no approval" in text
    assert "1,200" in text


@pytest.mark.browser
@WIDTHS
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_opens_at_any_width(browser, path, width, dark):
    page = browser.open(path, width=width, dark=dark)
    page.check()
    page.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.check()


@pytest.mark.browser
@WIDTHS
def test_charts_are_drawn(browser, manifest, path, width):
    page = browser.open(path, width=width)
    bars = page.js("""Array.from(document.querySelectorAll("svg.stacked"), svg => ({
      says: svg.getAttribute("aria-label"), role: svg.getAttribute("role"), whole: svg.getBoundingClientRect().width,
      marks: Array.from(svg.querySelectorAll("rect"), one => one.getBoundingClientRect()).map(box => [box.width, box.height])
    }))""")
    share, *held = bars
    totals = manifest["totals"]
    assert all(one["role"] == "img" for one in bars)
    assert all(width > 0 and height > 0 for one in bars for width, height in one["marks"])
    released = float(totals["released"]["charges"]) / float(totals["received"]["charges"])
    assert [width for width, _ in share["marks"]] == pytest.approx(
        [share["whole"] * released, share["whole"] * (1 - released)], abs=0.5
    )
    wanted = [*manifest["held"]["by_rule"][:10], *manifest["held"]["by_payer"]]
    assert len(held) == len(wanted)
    for rows_ in (manifest["held"]["by_rule"][:10], manifest["held"]["by_payer"]):
        most = float(rows_[0]["charges"])
        for row in rows_:
            name = row.get("rule") or row["payer_class"]
            bar = next(one for one in held if one["says"].startswith(f"{name}: "))
            assert usd(row["charges"]) in bar["says"]
            assert bar["marks"][0][0] == pytest.approx(bar["whole"] * float(row["charges"]) / most, abs=0.5)


@pytest.mark.browser
@pytest.mark.parametrize("how", ["click", "Enter"])
def test_tables_sort(browser, manifest, path, how):
    page = browser.open(path)
    head = "#rules th:nth-child(4) button"
    for down in (False, True):
        if how == "click":
            page.click(head)
        else:
            page.js(f"document.querySelector({head!r}).focus()")
            page.press(how)
        counts = [int(text.replace(",", "")) for text in page.texts("#rules tbody td:nth-child(4)")]
        assert counts == sorted((one["findings"] for one in manifest["findings"]["by_rule"]), reverse=down)


@pytest.mark.browser
@WIDTHS
def test_markup_in_data_is_text(browser, manifest, tmp_path, width):
    other = deepcopy(manifest)
    other["name"] = other["software"] = EVIL
    for one in (*other["held"]["oldest"], *other["held"]["next_due"]):
        one["claim"] = one["payer_class"] = EVIL
    other["held"]["by_payer"][0]["payer_class"] = other["transactions"][0]["bht03"] = EVIL
    other["not_837p"] = [EVIL]
    path = tmp_path / "evil.html"
    path.write_bytes(run_page(other, [f"released/{EVIL}"]))
    page = browser.open(path, width=width)
    page.check()
    assert page.js("document.scripts.length") == 1
    assert page.text.count(EVIL) > 40
