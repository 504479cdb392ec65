"""A claim of a sample: its segments, and what the simulated payers need to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, Final

from scrubber.sample.fragment import Taker, claim, rows_of
from scrubber.sample.people import PAYERS, Clinic, Payer, address, person
from scrubber.sample.scenarios import PLAIN, RIGHT, WRONG, Scenario

_DEPENDENTS: Final = 0.15
_SHARES: Final = ((PLAIN, 0.55), (RIGHT, 0.27), (WRONG, 0.18))
_COMMERCIAL: Final = ("CI", "BL")


@dataclass(frozen=True, slots=True)
class Line:
    """A service line: LX01, SV101 as sent, charge in cents, units as sent, REF*6R (empty: none)."""

    number: str
    procedure: str
    cents: int
    units: str
    control: str

    @property
    def code(self) -> str:
        """The procedure code alone."""
        return self.procedure.split(":")[1]


@dataclass(frozen=True, slots=True)
class SampleClaim:
    """A claim: its CLM01, the scenario it tells, and the segments from the subscriber on, without HL.

    `subscriber` are the segments of 2000B; `patient` those of 2000C, empty when the subscriber is the
    patient; `body` those of loop 2300. `day` is the date of service, CCYYMMDD, `cents` CLM02, `trace`
    REF*D9 (empty: none). `mends` is the CLM01 of an earlier claim that this one says again, corrected.
    """

    control: str
    scenario: Scenario
    clinic: Clinic
    payer: Payer
    member: str
    patient_name: tuple[str, str]
    day: str
    lines: tuple[Line, ...]
    subscriber: tuple[str, ...]
    patient: tuple[str, ...]
    body: tuple[str, ...]
    trace: str = ""
    mends: str = ""

    @property
    def cents(self) -> int:
        """The charge of the claim, CLM02."""
        return sum(line.cents for line in self.lines)

    @property
    def place(self) -> str:
        """CLM05-1 and CLM05-3: place of service and frequency."""
        return self.body[0].split("*")[5]

    @property
    def alarms(self) -> tuple[str, ...]:
        """The rules that must say reject or deny of it."""
        return () if self.payer.filing in self.scenario.advice else self.scenario.faults

    def as_dict(self) -> dict[str, Any]:
        """As JSON data: ``claim``, ``scenario``, ``faults``."""
        return {
            "claim": self.control,
            "scenario": self.scenario.title,
            "faults": list(self.scenario.faults),
        }


@dataclass(frozen=True, slots=True)
class Habit:
    """How the software of a submitter writes a claim: its CLM01, REF*D9 (empty: none), REF*6R or not."""

    control: str
    trace: str = ""
    numbered: bool = True


def pick(rng: Random) -> Scenario:
    """A scenario, in the proportions of a practice."""
    among = rng.choices([kind for kind, _ in _SHARES], [share for _, share in _SHARES])[0]
    return rng.choices(among, [scenario.weight for scenario in among])[0]


def make(
    rng: Random,
    index: int,
    habit: Habit,
    clinic: Clinic,
    days: Sequence[str],
    *,
    payers: Mapping[str, Sequence[Payer]] = PAYERS,
) -> SampleClaim:
    """Make up a claim of `clinic`, its patient the `index`-th, served on one of `days` (CCYYMMDD)."""
    scenario = pick(rng)
    take = Taker(rows_of(scenario.text))
    filing = rng.choice(scenario.payers)
    payer = payers[filing][index % len(payers[filing])]
    stated = (take("DMG") or "").split("*")
    patient = person(rng, "".join(stated[3:4]))
    born, sex = "".join(stated[2:3]) or patient.born, patient.sex
    own = filing not in _COMMERCIAL or rng.random() >= _DEPENDENTS
    holder = patient if own else person(rng)
    group = f"GRP{rng.randrange(10000):04}" if filing in _COMMERCIAL else ""
    where = address(rng)
    member = f"TEST{index:08}"
    subscriber = (
        f"SBR*P*{'18' if own else ''}*{group}******{filing}",
        f"NM1*IL*1*{holder.last}*{holder.first}****MI*{member}",
        *(where if own else []),
        *([f"DMG*D8*{born}*{sex}"] if own else []),
        f"NM1*PR*2*{payer.name}*****PI*{payer.id}",
    )
    below = ("PAT*19", f"NM1*QC*1*{patient.last}*{patient.first}", *where, f"DMG*D8*{born}*{sex}")
    day = rng.choice(days)
    body, lines = _body(take, habit, clinic, day)
    return SampleClaim(
        control=habit.control,
        scenario=scenario,
        clinic=clinic,
        payer=payer,
        member=member,
        patient_name=(patient.last, patient.first),
        day=day,
        lines=lines,
        subscriber=subscriber,
        patient=() if own else below,
        body=body,
        trace=habit.trace,
    )


def mend(old: SampleClaim, scenario: Scenario, habit: Habit, payer_control: str) -> SampleClaim:
    """The claim `old` corrected: what `scenario` tells, for the same patient and day.

    With `payer_control`, the payer's number of the old one, it replaces it (CLM05-3 = 7, REF*F8);
    without one it is an original claim, as the payer never took the old one in.
    """
    take = Taker(rows_of(scenario.text))
    take("DMG")
    body, lines = _body(take, habit, old.clinic, old.day, payer_control)
    return replace(
        old,
        control=habit.control,
        trace=habit.trace,
        scenario=scenario,
        body=body,
        lines=lines,
        mends=old.control,
    )


def _body(
    take: Taker, habit: Habit, clinic: Clinic, day: str, payer_control: str = ""
) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    if not any(row.startswith("NM1*82") for row in take.rows):
        take.rows.insert(0, f"NM1*82*1*SAMPLE*PAT****XX*{clinic.rendering}")
    if habit.trace:
        take.rows.insert(0, f"REF*D9*{habit.trace}")
    if payer_control:
        take.rows.insert(0, f"REF*F8*{payer_control}")
    rows = claim(habit.control, take.rows, day)
    if payer_control:
        rows[0] = rows[0].replace(":B:1*", ":B:7*")
    return _numbered(rows, habit)


def _numbered(rows: list[str], habit: Habit) -> tuple[tuple[str, ...], tuple[Line, ...]]:
    """The rows with a REF*6R after the date of each line, unless that is not the habit; and the lines."""
    made, lines, number = [], [], ""
    for row in rows:
        made.append(row)
        if row.startswith("LX*"):
            number = row.removeprefix("LX*")
        elif row.startswith("SV1*"):
            _, procedure, charge, _, units, *_ = row.split("*")
            control = f"{habit.control}L{number}" if habit.numbered else ""
            lines.append(Line(number, procedure, int(Decimal(charge) * 100), units, control))
        elif row.startswith("DTP*472") and habit.numbered:
            made.append(f"REF*6R*{habit.control}L{number}")
    return tuple(made), tuple(lines)
