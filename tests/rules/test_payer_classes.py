"""The same claim to Medicare (MB), a commercial payer (CI) and Medicaid (MC): severities differ only where stated.

The claim is the rule's own bad example. Rules that are not in the table must
say the same to all three.
"""

import pytest
from rulecases import findings

from scrubber.registry import all_rules, find_rule

# Medicare, commercial, Medicaid: the worst severity, "" for silence; and why they differ.
DIFFER = {
    "INJ-A10": ("deny", "advise", "deny", "a year by federal rule; contracts differ"),
    "INJ-A09": ("reject", "reject", "reject", "Medicare takes no 7: advised beside the missing number"),
    "INJ-B06": ("deny", "advise", "advise", "96401 is Medicare's reading; many payers take 96372"),
    "INJ-B09": ("deny", "", "", "G0012 is Medicare's code"),
    "INJ-B20": ("deny", "", "", "the weekly bundle is Medicare's"),
    "INJ-C07": ("", "advise", "", "told by INJ-D01 where the drug must stand on the same claim"),
    "INJ-C08": ("advise", "", "", "hospice marks GV and GW are Medicare's"),
    "INJ-D01": ("deny", "advise", "advise", "NGS denies the injection without its drug; others by profile"),
    "INJ-D04": (
        "",
        "advise",
        "reject",
        "Medicaid must have the NDC; Medicare does not ask; others by profile",
    ),
    "INJ-D11": ("reject", "deny", "deny", "SV101-7 is a front-end edit of Medicare"),
    "INJ-D13": ("reject", "", "", "S and C codes are not for Medicare"),
    "INJ-D14": ("reject", "", "", "JW and JZ are Medicare's; others by profile"),
    "INJ-D16": ("deny", "", "", "the lists of self-administered drugs are the contractors'"),
    "INJ-D17": ("reject", "", "", "EA, EB, EC are Medicare's"),
    "INJ-E01": ("reject", "deny", "reject", "indicator 0 of NCCI, which Medicare and Medicaid adjudicate"),
    "INJ-E09": ("", "", "advise", "a visit for the injection alone: state programs"),
    "INJ-N02": ("deny", "advise", "advise", "the LCD on B12 is Medicare's"),
    "INJ-N06": ("advise", "advise", "deny", "age and sex edits of Medicaid programs"),
    "INJ-P03": ("reject", "deny", "reject", "indicator 0 of NCCI"),
    "INJ-P05": ("reject", "deny", "reject", "indicator 0 of NCCI"),
    "INJ-P10": ("", "advise", "advise", "Medicare reads 59 on either column since 2019-07-01"),
    "INJ-R01": ("reject", "advise", "advise", "a group names who rendered: a front-end edit of Medicare"),
    "INJ-R03": ("deny", "advise", "advise", "Medicare's scope of chiropractors; states differ"),
    "INJ-R04": ("advise", "", "", "incident to is Medicare's"),
    "INJ-R07": ("", "", "reject", "Medicaid programs ask for the taxonomy"),
    "INJ-S05": ("deny", "", "advise", "clinics are paid by the visit"),
}
RANK = ["", "advise", "deny", "reject"]


def worst(rule, filing):
    rows = [row for row in rule.bad[0].splitlines() if not row.startswith("SBR")]
    text = "\n".join([f"SBR*P*18*******{filing}", *rows])
    told = [f.severity.value for f in findings(rule, text) if f.outcome == "fail"]
    return max(told, key=RANK.index, default="")


@pytest.mark.parametrize("code", [rule.code for rule in all_rules() if rule.default])
def test_severities_differ_by_payer_class_only_where_stated(code):
    told = tuple(worst(find_rule(code), filing) for filing in ("MB", "CI", "MC"))
    if code in DIFFER:
        assert told == DIFFER[code][:3]
    else:
        assert len(set(told)) == 1, told
