"""What becomes of a claim with a finding: by rule, severity and payer, as the configuration says.

Without configuration a fault of severity ``reject`` or ``deny`` meets the policy of the run, and ``advise``
passes as what is no fault does. A fault of the guide (X12- codes, severity ``reject``) is held under any
policy, unless a rule is named: for one such claim a receiver refuses the whole transaction. In
``scrubber.toml``, actions being hold, annotate, rewrite, release::

    [batch]
    policy = "hold"                 # for all faults of severity reject and deny
    severities.advise = "annotate"  # also: reject, deny, no_data
    rules.INJ-E = "release"         # by the longest beginning of a code
    [batch.payers.medicare]         # a payer class, or the name of a payer profile
    policy = "rewrite"              # and severities, rules; goes before what is said for all
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from scrubber.errors import ConfigError, near
from scrubber.finding import Finding, Outcome, Severity

_GUIDE: Final = "X12-"
_SEVERITIES: Final = (*(one.value for one in Severity), Outcome.NO_DATA.value)
_KEYS: Final = ("policy", "severities", "rules")


class Action(StrEnum):
    """Hold the claim, release it with a note, mend it (else hold it), or release it."""

    HOLD = "hold"
    ANNOTATE = "annotate"
    REWRITE = "rewrite"
    RELEASE = "release"


POLICIES: Final = (Action.HOLD, Action.ANNOTATE, Action.REWRITE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wished, of all payers or of one: for all, by severity, by the beginning of a rule's code."""

    policy: Action | None = None
    severities: Mapping[str, Action] = field(default_factory=dict)
    rules: Mapping[str, Action] = field(default_factory=dict)

    def of_rule(self, code: str) -> Action | None:
        """The action for a rule: that of the longest beginning of its code."""
        found = max((one for one in self.rules if code.startswith(one)), key=len, default=None)
        return None if found is None else self.rules[found]


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of a run: `wishes` of all payers, `payers` those by payer class or name of a payer profile.

    What is named for the payer decides before what is named for all; a rule before a severity.
    """

    wishes: Wishes = Wishes(Action.HOLD)
    payers: Mapping[str, Wishes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The policy for those of whom nothing else is said."""
        return (self.wishes.policy or Action.HOLD).value

    def action(self, finding: Finding, profile: str = "") -> Action:
        """What is done for a finding on a claim of that payer profile (empty: unknown)."""
        wishes = [one for name in (profile, finding.payer_class) if (one := self.payers.get(name))]
        wishes.append(self.wishes)
        for one in wishes:
            if (action := one.of_rule(finding.rule)) is not None:
                return action
        failed = finding.outcome is Outcome.FAIL
        if failed and finding.severity is Severity.REJECT and finding.rule.startswith(_GUIDE):
            return Action.HOLD
        kind = finding.severity.value if failed else finding.outcome.value
        harmless = not failed or finding.severity is Severity.ADVISE
        for one in wishes:
            action = one.severities.get(kind) or (None if harmless else one.policy)
            if action is not None:
                return action
        return Action.RELEASE

    @property
    def rewrites(self) -> bool:
        """Whether anything may be mended."""
        return self._knows(Action.REWRITE)

    @property
    def annotates(self) -> bool:
        """Whether anything may get a note."""
        return self._knows(Action.ANNOTATE)

    def _knows(self, action: Action) -> bool:
        return any(
            action in (one.policy, *one.severities.values(), *one.rules.values())
            for one in (self.wishes, *self.payers.values())
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON data, in the form of the configuration."""
        payers = {name: _as_dict(one) for name, one in sorted(self.payers.items())}
        return _as_dict(self.wishes) | ({"payers": payers} if payers else {})


def read_policy(
    table: Mapping[str, Any], policy: str | None, codes: Iterable[str], payers: Iterable[str]
) -> Policy:
    """The policy that the table ``[batch]`` of the configuration tells, with `policy` before the one there.

    `codes` are those of all rules, `payers` the payer classes and names of profiles. Raises ConfigError
    that names what is wrong, and the nearest right word.
    """
    names = _Names(tuple(codes), frozenset(payers))
    common = {key: value for key, value in table.items() if key in _KEYS}
    wishes = names.wishes(common | ({"policy": policy} if policy else {}), "batch")
    if wishes.policy is None:
        wishes = Wishes(Action.HOLD, wishes.severities, wishes.rules)
    own = {}
    for name, value in _table(table.get("payers", {}), "batch.payers").items():
        if name not in names.payers:
            raise ConfigError(f'batch.payers: payer "{name}" is unknown{near(name, names.payers)}')
        where = f"batch.payers.{name}"
        wished = _table(value, where)
        for key in wished.keys() - set(_KEYS):
            raise ConfigError(f'{where}: key "{key}" is unknown: the keys are {", ".join(_KEYS)}')
        own[name] = names.wishes(wished, where)
    return Policy(wishes, own)


@dataclass(frozen=True, slots=True)
class _Names:
    """The words that may stand in a policy."""

    codes: tuple[str, ...]
    payers: frozenset[str]

    def wishes(self, table: Mapping[str, Any], where: str) -> Wishes:
        policy = table.get("policy")
        severities = _table(table.get("severities", {}), f"{where}.severities")
        rules = _table(table.get("rules", {}), f"{where}.rules")
        for name in severities:
            if name not in _SEVERITIES:
                raise ConfigError(f'{where}.severities: "{name}" is none{near(name, _SEVERITIES)}')
        for code in rules:
            if not any(one.startswith(code) for one in self.codes):
                raise ConfigError(f'{where}.rules: no rule begins with "{code}"{near(code, self.codes)}')
        return Wishes(
            _action(policy, f"{where}.policy", POLICIES) if policy is not None else None,
            {name: _action(value, f"{where}.severities.{name}") for name, value in severities.items()},
            {code: _action(value, f"{where}.rules.{code}") for code, value in rules.items()},
        )


def _action(value: Any, where: str, among: Iterable[Action] = tuple(Action)) -> Action:
    words = [one.value for one in among]
    if value not in words:
        raise ConfigError(f"{where} must be one of {', '.join(words)}{near(str(value), words)}")
    return Action(value)


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be a table")
    return value


def _as_dict(wishes: Wishes) -> dict[str, Any]:
    data: dict[str, Any] = {"policy": wishes.policy.value} if wishes.policy else {}
    for key, table in (("severities", wishes.severities), ("rules", wishes.rules)):
        if table:
            data[key] = {name: action.value for name, action in sorted(table.items())}
    return data
