"""A synthetic month, compared: every count is what the simulated payers meant."""

from __future__ import annotations

from collections import Counter

from scrubber.qa.json import summary
from scrubber.qa.result import COUNTED


def test_every_count_is_the_truth_in_claims_and_dollars(sample):
    told = summary(sample.result)
    for key in (*COUNTED, "answers"):
        assert told[key] == sample.truth[key], key
    assert told["dollars"] == sample.truth["dollars"]
    assert sample.truth["caught"] > 50
    assert sample.truth["missed"] > 20


def test_the_match_rate_and_what_matches_nothing(sample):
    told, truth = summary(sample.result), sample.truth
    assert told["match_rate"] == truth["match_rate"]

    def places(unmatched):
        return Counter((one["file"], one["kind"], one["claim"]) for one in unmatched)

    assert places(told["unmatched"]) == places(truth["unmatched"])
    assert all(one["reason"] for one in told["unmatched"])
    matchable = sum(truth["answers"].values()) - sum(one["kind"] != "999" for one in truth["unmatched"])
    assert told["matched"] / matchable >= 0.995


def test_each_claim_has_its_state_scope_answer_and_alarms(sample):
    fates = {fate.claim.control: fate.as_dict() for fate in sample.month.truth.fates}
    assert len(sample.result.claims) == len(fates)
    for row in sample.result.claims:
        fate = fates[row.claim]
        assert (row.state, row.in_scope) == (fate["state"], fate["in_scope"]), fate
        assert sorted(row.rules) == sorted(fate["alarms"]), fate
        assert (row.payer, row.provider, row.times_sent) == (
            fate["payer"],
            fate["provider"],
            len(fate["sent"]),
        )
        assert row.service_date.isoformat() == fate["service_date"]
        if row.state != "open":
            assert (row.answered_by, row.answered_on.isoformat()) == (
                fate["answered_by"],
                fate["answered_on"],
            )
        assert row.file in {one["file"] for one in fate["sent"]}


def test_each_claim_has_its_causes_at_their_lines(sample):
    fates = {fate.claim.control: fate.as_dict() for fate in sample.month.truth.fates}
    seen = Counter()
    for row in sample.result.claims:
        whole_claim = row.payer == "TESTMC"  # that payer denies at the claim what is about the whole

        def told(line, code, group, remarks, scope, whole=whole_claim):
            return code, group or "", tuple(remarks), scope, None if whole else line

        wanted = {
            told(one["line"], one["code"], one["group"], one["remarks"], one["in_scope"])
            for one in fates[row.claim]["causes"]
        }
        found = {
            told(one.line or None, one.code, one.group, one.remarks, one.scope == "coding")
            for one in row.causes
        }
        if any(line is None and code[0] not in "AI" for code, *_, line in wanted) and not whole_claim:
            # What is about the whole claim, an 835 says at each of its lines.
            found = {(*one[:-1], None) for one in found}
        assert found == wanted, fates[row.claim]
        seen.update(bool(one.line) for one in row.causes)
    assert seen[True] > 100
    assert seen[False] > 10


def test_by_rule_payer_provider_and_cause(sample):
    told, truth = summary(sample.result), sample.truth
    rules = {one["rule"]: one for one in told["by_rule"]}
    assert set(rules) == {one["rule"] for one in truth["by_rule"]}
    for one in truth["by_rule"]:
        assert {key: rules[one["rule"]][key] for key in one} == one
        assert rules[one["rule"]]["agreed"] <= one["caught"]
    for name in ("payer", "provider"):
        groups = {one[name]: one for one in told[f"by_{name}"]}
        assert groups == {one[name]: one for one in truth[f"by_{name}"]}

    def causes(found):
        keys = ("kind", "code", "group", "remarks", "in_scope", "claims", "dollars")
        return sorted(str([one[key] for key in keys]) for one in found)

    assert causes(told["by_cause"]) == causes(truth["by_cause"])


def test_groups_add_up(sample):
    result = sample.result
    for groups in (
        result.by_payer,
        result.by_payer_class,
        result.by_provider,
        result.by_week,
        result.by_month,
    ):
        for key in COUNTED:
            assert sum(one.counts.claims[key] for one in groups) == result.counts.claims[key]
            assert sum(one.counts.cents[key] for one in groups) == result.counts.cents[key]
    assert [one.key for one in result.by_week] == sorted(one.key for one in result.by_week)
    assert [one.key for one in result.by_month] == ["2026-09"]


def test_corrections_are_those_that_were_made(sample):
    rows = sample.result.claims
    mends = {fate.claim.control: fate.claim.mends for fate in sample.month.truth.fates if fate.claim.mends}
    assert {
        rows[one.after - 1].claim: rows[one.before - 1].claim for one in sample.result.corrections
    } == mends
    assert {one.how for one in sample.result.corrections} == {"payer-number", "patient"}
    assert all(one.compared and one.changes for one in sample.result.corrections)
    taken = [rule for one in sample.result.corrections for rule in one.taken]
    assert taken
    for one in sample.result.corrections:
        assert set(one.taken) <= set(one.suggested)
        assert rows[one.before - 1].corrected_by == one.after
        assert rows[one.after - 1].corrects == one.before
    made = {(one.place, one.before, one.after): one.corrections for one in sample.result.changes}
    assert made["2400/SV101-03", None, "25"] > 5


def test_what_no_rule_knows_is_the_next_rule_to_write(sample):
    groups = sample.result.missed_groups
    assert groups[0].codes[:2] == ("36415", "99214")  # a policy of one payer: a blood draw beside a visit
    assert (groups[0].cause, groups[0].remarks, groups[0].payers) == ("CO-97", ("N20",), ("TESTBL",))
    rows = sample.result.claims
    for group in groups:
        assert group.claims == len(group.rows) <= group.alike
        assert group.cents == sum(rows[number - 1].cents for number in group.rows)
        assert {rows[number - 1].verdict for number in group.rows} == {"missed"}
    missed = {row.number for row in rows if row.verdict == "missed"}
    assert {number for group in groups for number in group.rows} == missed


def test_rules_that_payers_do_not_follow_are_the_next_to_relax(sample):
    assert "INJ-S01" in {one.rule for one in sample.result.relax}
    assert all(one.false_alarms > one.caught for one in sample.result.relax)


def test_totals_of_the_clearinghouse_are_those_sent(sample):
    assert sample.result.totals_compared > 50
    assert list(sample.result.totals) == []


def test_how_answers_were_found(sample):
    how = Counter(row.matched for row in sample.result.claims)
    assert {"trace", "claim", "short", "payer-number", "set"} <= set(how)
    waiting = Counter(row.waiting for row in sample.result.claims)
    assert {"acknowledged", "forwarded", "reversed"} <= set(waiting)
    assert sum(bool(row.edits) for row in sample.result.claims) > 2
