"""Whose administration list counts: that of the contractor that the payer names, else of the state."""

import pytest
from payercases import failed

NATIONAL, LISTED = {"name": "NATIONAL GOVERNMENT SERVICES", "filing": "MB"}, "96401"
CLAIM = f"SV1*HC:{LISTED}*60*UN*1***1\nSV1*HC:J0897*60*UN*60***1"
DAY = "20230614"


@pytest.mark.parametrize(
    ("payer", "state", "expected"),
    [
        (NATIONAL, "NY", ["deny"]),
        (NATIONAL, "FL", ["deny"]),  # a contractor with the claims of a provider of elsewhere
        ({"name": "FIRST COAST", "id_": "09102", "filing": "MB"}, "NY", []),
        ({"name": "MEDICARE", "filing": "MB"}, "NY", ["deny"]),
        ({"name": "MEDICARE", "filing": "MB"}, "FL", []),
    ],
    ids=str,
)
def test_the_contractor_that_the_payer_names_goes_before_the_state(payer, state, expected):
    found = failed("INJ-B08", text=CLAIM, day=DAY, practice=state, **payer)
    assert [one for one in found if one == "deny"] == expected
