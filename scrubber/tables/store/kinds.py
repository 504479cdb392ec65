"""The tables that can be imported: their columns, and how their files treat time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PROGRAM: Final = "program"
PROGRAMS: Final = ("medicare", "medicaid")


@dataclass(frozen=True, slots=True)
class Kind:
    """One table that a load can fill.

    `key` and `values` are the columns of the table shipped under that name, where there is one;
    ``program`` stands last in the key or not at all. `dated`: each row of the source carries its
    own first and last day, else a row holds from the first day of the quarter of its file until
    the next file loaded. `history`: the source keeps the rows that ended, so it speaks of all
    earlier dates too. `span`: a file whose lowest key is below the first text and whose highest
    reaches the second holds all codes; a narrower one speaks only of the keys between its own.
    No span: every file is whole.
    """

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    title: str
    section: str
    url: str
    about: str
    dated: bool = False
    history: bool = False
    span: tuple[str, str] | None = None

    @property
    def programmed(self) -> bool:
        """Whether Medicare and Medicaid have a table each."""
        return PROGRAM in self.key

    @property
    def stored(self) -> tuple[str, ...]:
        """The key columns that a load keeps for each row: all but the program."""
        return self.key[:-1] if self.programmed else self.key


_NCCI: Final = "https://www.cms.gov/national-correct-coding-initiative-ncci"
_HCPCS: Final = (
    "https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update"
)

_ALL: Final = (
    Kind(
        name="ptp",
        key=("column1", "column2", PROGRAM),
        values=("indicator",),
        title="NCCI procedure-to-procedure edits, practitioner services",
        section="column 1 and column 2, effective and deletion date, modifier indicator",
        url=_NCCI,
        about="NCCI procedure-to-procedure pairs, practitioner services, as loaded.",
        dated=True,
        history=True,
        span=("1", "V"),
    ),
    Kind(
        name="mue",
        key=("code", PROGRAM),
        values=("units", "mai"),
        title="NCCI medically unlikely edits, practitioner services",
        section="units of service and adjudication indicator of the quarter",
        url=_NCCI,
        about="Medically unlikely edits, practitioner services, as loaded.",
        span=("1", "Q"),
    ),
    Kind(
        name="hcpcs",
        key=("code",),
        values=("action",),
        title="HCPCS Level II quarterly update",
        section="add date, termination date and action code",
        url=_HCPCS,
        about="HCPCS Level II codes with their first and last valid day, as loaded.",
        dated=True,
        span=("A1", "V"),
    ),
    Kind(
        name="hcpcs_modifiers",
        key=("modifier",),
        values=("action",),
        title="HCPCS Level II quarterly update",
        section="modifiers: add date, termination date and action code",
        url=_HCPCS,
        about="HCPCS Level II modifiers with their first and last valid day, as loaded.",
        dated=True,
    ),
    Kind(
        name="ndc_hcpcs",
        key=("ndc", "hcpcs"),
        values=("dose", "measure", "size", "containers", "units_container", "units_package"),
        title="ASP NDC-HCPCS crosswalk for Medicare Part B drugs",
        section="NDC, HCPCS code, dose, package size and billing units",
        url="https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
        about="NDC (11 digits, no hyphens) to HCPCS by the CMS crosswalk, as loaded.",
    ),
    Kind(
        name="pfs",
        key=("code", "modifier"),
        values=(
            "status",
            "nonfacility_na",
            "facility_na",
            "pc_tc",
            "global_days",
            "multiple",
            "bilateral",
            "assistant",
            "co_surgeons",
            "team",
        ),
        title="Medicare physician fee schedule relative value file",
        section="status code and payment policy indicators",
        url="https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
        about="Status and payment policy indicators of the Medicare fee schedule, as loaded.",
    ),
    Kind(
        name="icd10cm",
        key=("code",),
        values=("billable",),
        title="ICD-10-CM order file",
        section="codes without the dot; valid for submission, or a header",
        url="https://www.cms.gov/medicare/coding-billing/icd-10-codes",
        about="ICD-10-CM codes without the dot, as loaded; billable no: a header, not valid on a claim.",
        span=("A01", "Z"),
    ),
    Kind(
        name="carc",
        key=("code",),
        values=(),
        title="Claim adjustment reason codes",
        section="codes with start and stop dates",
        url="https://x12.org/codes/claim-adjustment-reason-codes",
        about="Claim adjustment reason codes with their dates, as loaded; no wording.",
        dated=True,
        history=True,
    ),
    Kind(
        name="rarc",
        key=("code",),
        values=(),
        title="Remittance advice remark codes",
        section="codes with start and stop dates",
        url="https://x12.org/codes/remittance-advice-remark-codes",
        about="Remittance advice remark codes with their dates, as loaded; no wording.",
        dated=True,
        history=True,
    ),
    Kind(
        name="taxonomy",
        key=("code",),
        values=("section",),
        title="NUCC health care provider taxonomy",
        section="codes; individual or non-individual",
        url="https://www.nucc.org",
        about="Provider taxonomy codes; section individual or non-individual; as loaded; no wording.",
        dated=True,
    ),
)

KINDS: Final = {kind.name: kind for kind in _ALL}
