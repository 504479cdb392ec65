"""INJ-B13: a product for a joint, the eye or another site under 96372."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loops import Claim, ServiceLine
from scrubber.context import Context, Service
from scrubber.finding import Expected, Severity
from scrubber.rule import Hit, cite, rule
from scrubber.rules.gates import INJECTED, rows
from scrubber.rules.given import procedures
from scrubber.rules.instead import instead

CODES: Final = {
    "intra-articular": "20610 or 20611 (the joint injection)",
    "intralesional": "11900, 20527 or 54200 (the lesion or cord injection)",
    "intravitreal": "67028 (the eye injection)",
    "ophthalmic": "the eye procedure",
    "intrathecal": "the spinal procedure",
    "epidural": "the epidural procedure",
    "intravesical": "51720 (the bladder instillation)",
    "intracavernosal": "54235 (the injection of that site)",
    "dermal-filler": "11950 to 11954 (the filler injection)",
    "infiltration": "the procedure that it numbs, which includes it",
}
KINDS: Final = (
    "joint",
    "tendon",
    "collagenase",
    "lesion",
    "intravitreal",
    "epidural",
    "intrathecal",
    "bladder",
)


@rule(
    code="INJ-B13",
    name="other-site-under-injection",
    severity=Severity.DENY,
    cites=(
        cite(
            "CMS A56157, intra-articular hyaluronan",
            "hyaluronans go with the joint injection",
            "https://cms.gov/medicare-coverage-database/view/article.aspx?articleid=56157",
        ),
    ),
    expected=Expected(status=(), carc=("97", "16"), rarc=("N56", "M51")),
    when=INJECTED.beside(*rows("drugs", "admin", *CODES)),
)
def check(claim: Claim, ctx: Context) -> Iterator[Hit]:
    """The only drug of the day goes into a joint, the eye, a lesion or another site that is no muscle.

    Why: 96372 is an injection under the skin or into muscle. Hyaluronans and
    extended-release triamcinolone go into a joint (20610, 20611), aflibercept and its like into the eye
    (67028), collagenase into a cord (20527, 54200): their procedure gives them, and 96372 has no
    drug of its own.

    Bad:
        SV1*HC:96372*30*UN*1***1
        SV1*HC:J7325*900*UN*48***1

    Good:
        SV1*HC:20610*120*UN*1***1
        SV1*HC:J7325*900*UN*48***1
    """
    yield from instead(ctx, CODES, "does not go under the skin or into muscle", _gives)


def _gives(ctx: Context, line: ServiceLine) -> list[Service]:
    return procedures(ctx, line, *KINDS)
