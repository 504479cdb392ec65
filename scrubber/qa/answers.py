"""Goes through files of answers, finds the claims they are about, and notes what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Final, NamedTuple

from loops.answers import read
from loops.answers.kinds import (
    BatchStatus,
    ClaimPayment,
    ClaimStatus,
    GroupAck,
    InterchangeAck,
    Problem,
    ProviderStatus,
    TransactionAck,
)
from loops.errors import LoopsError
from scrubber.ledger.kept import control
from scrubber.ledger.keyed import member_key
from scrubber.qa.book import Book, Case, Said
from scrubber.qa.codes import Codes
from scrubber.qa.judge import Word, of_payment, of_status
from scrubber.qa.match import Asked, Found, Matcher
from scrubber.qa.result import AnswerFile, TotalRow, Unmatched
from scrubber.qa.sets import Sets
from scrubber.qa.times import answered_on, cents_of

_CUT: Final = ("X12-CUT", "X12-LONG", "X12-TERMINATOR", "X12-SE-MISSING", "X12-GE-MISSING", "X12-IEA-MISSING")
"""Problems of a file of which a part may not have been read."""
_FINAL: Final = ("rejected", "denied", "paid", "reversed")
_NO_ANSWER: Final = "status answers other than the 277CA are passed over: they answer an inquiry, not a batch"
_UNFINISHED: Final = {"acknowledged": 1, "forwarded": 2, "returned": 3}


class Named(NamedTuple):
    """A file to read, and what to call it."""

    path: Path
    name: str


class _Late(NamedTuple):
    """An answer whose claim was not found yet."""

    answer: ClaimStatus | ClaimPayment
    asked: Asked
    file: str
    order: tuple[int, str, int]
    reason: str


@dataclass(slots=True)
class Gathered:
    """What was read beside what stands in the cases: files, counts, what belongs to no claim, totals."""

    files: list[AnswerFile] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    matched: int = 0
    unmatched: list[Unmatched] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    totals_compared: int = 0


class Gatherer:
    """Reads answers to the claims of a book; `key` is that of the book's keyed hashes."""

    def __init__(self, book: Book, codes: Codes, key: bytes) -> None:
        self.gathered = Gathered()
        self.matcher = Matcher(book)
        self._codes = codes
        self._key = key
        self._late: list[_Late] = []
        self._sets = Sets(book, codes, self.gathered)

    def read(self, files: Iterable[Named], told: Callable[[AnswerFile], None] = lambda _: None) -> Gathered:
        """Read all files; `told` hears of each when it was read. A file that cannot be read says why."""
        for named, copy_of in _copies(files):
            file = self._file(named, copy_of)
            self.gathered.files.append(file)
            told(file)
        self._settle()
        self.gathered.files.sort(key=lambda one: one.name)
        self.gathered.unmatched.sort(key=lambda one: (one.file, one.kind, one.claim or "", one.reason))
        self.gathered.totals.sort(key=lambda one: (one.file, one.trace))
        return self.gathered

    def _file(self, named: Named, copy_of: str) -> AnswerFile:
        if copy_of:
            return AnswerFile(named.name, {}, copy_of=copy_of)
        counts: Counter[str] = Counter()
        problems: list[Problem] = []
        fault = ""
        try:
            self._read(named, _digest(named), counts, problems)
            fault = next((one.message for one in problems if one.code in _CUT), "")
        except LoopsError as error:
            fault = str(error)
        except OSError as error:
            fault = (error.strerror or type(error).__name__).lower()
        self.gathered.answers += counts
        told = tuple(dict.fromkeys(one.message for one in problems if one.message != fault))
        return AnswerFile(named.name, dict(counts), told, fault=fault)

    def _read(self, named: Named, digest: str, counts: Counter[str], problems: list[Problem]) -> None:
        self._sets.begin(named.name, digest)
        for answer in read(named.path, named.name):
            match answer:
                case ClaimStatus() | ClaimPayment():
                    kind = answer.origin.kind
                    if kind not in ("277CA", "835"):
                        problems.append(Problem("QA-KIND", _NO_ANSWER, answer.start, answer.start))
                        continue
                    counts[kind] += 1
                    self._claim(answer, named.name, digest)
                case TransactionAck() | GroupAck() | InterchangeAck():
                    self._sets.acknowledge(answer)
                case BatchStatus() | ProviderStatus():
                    self._sets.batch(answer)
                case Problem():
                    problems.append(answer)
        self._sets.end()

    def _claim(self, answer: ClaimStatus | ClaimPayment, file: str, digest: str) -> None:
        asked = self._asked(answer)
        order = (2 if isinstance(answer, ClaimPayment) else 1, digest, answer.start)
        found = self.matcher.find(asked)
        if isinstance(found, Found):
            self._take(answer, found, asked, file, order)
        else:
            self._late.append(_Late(answer, asked, file, order, found))

    def _take(
        self,
        answer: ClaimStatus | ClaimPayment,
        found: Found,
        asked: Asked,
        file: str,
        order: tuple[int, str, int],
    ) -> None:
        case, how = found
        self.gathered.matched += 1
        if asked.number:
            self.matcher.learn(asked.number, case)
        if isinstance(answer, ClaimPayment):
            word, paid = of_payment(answer, case, self._codes, asked.day), cents_of(answer.paid) or 0
        else:
            word, paid = of_status(answer, case, self._codes, asked.day), 0
        kind = answer.origin.kind
        for code in word.unfound:
            self._unmatched(file, kind, asked.claim, f"it has no line like the one with {code or 'no code'}")
        if word.state in _FINAL:
            said = Said(asked.day, kind, word.state, order, file, how, asked.number, paid, word.causes)
            case.said.append(said)
        else:
            note(case, asked.day, word)
        if word.edits:
            case.edits |= frozenset(word.edits)

    def _settle(self) -> None:
        """Ask for what was not found again, as long as that finds claims: each may tell a payer's number."""
        late, self._late = sorted(self._late, key=lambda one: one.order), []
        while late:
            found = [(one, self.matcher.find_late(one.asked, one.reason)) for one in late]
            for one, case in found:
                if isinstance(case, Found):
                    self._take(one.answer, case, one.asked, one.file, one.order)
            rest = [one._replace(reason=why) for one, why in found if isinstance(why, str)]
            if len(rest) == len(late):
                break
            late = rest
        for one in late:
            self._unmatched(one.file, one.answer.origin.kind, one.asked.claim, one.reason)

    def _unmatched(self, file: str, kind: str, claim: str, reason: str) -> None:
        self.gathered.unmatched.append(Unmatched(file, kind, control(claim) or None, reason))

    def _asked(self, answer: ClaimStatus | ClaimPayment) -> Asked:
        if isinstance(answer, ClaimPayment):
            npi = answer.remittance.payee_npi or answer.provider
            charge, trace = answer.charge, ""
            first, last = answer.first_day, answer.last_day
            if first is None:
                days = [line.first_day for line in answer.lines if line.first_day]
                first, last = min(days, default=None), max(days, default=None)
        else:
            npi = answer.provider.npi if answer.provider else ""
            charge = next((one.charge for one in answer.notes if one.charge is not None), None)
            trace, first, last = answer.intermediary, answer.first_day, answer.last_day
        cents = cents_of(charge)
        return Asked(
            claim=answer.claim,
            cents=None if cents is None else abs(cents),
            first_day=first,
            last_day=last,
            member=member_key(self._key, answer.member_id),
            npi=npi if len(npi) == 10 else "",
            trace=trace,
            number=answer.payer_control,
            day=answered_on(answer),
        )


def _copies(files: Iterable[Named]) -> list[tuple[Named, str]]:
    """The files, each with the name of the one that is read instead of it: the shortest name of its bytes."""
    found = [(named, _digest(named)) for named in files]
    first: dict[str, str] = {}
    for named, digest in sorted(found, key=lambda one: (len(one[0].name), one[0].name)):
        first.setdefault(digest, named.name)
    return [(one, "" if not digest or first[digest] == one.name else first[digest]) for one, digest in found]


def _digest(named: Named) -> str:
    """SHA-256 in hex; empty for a file that cannot be opened, which is told when it is read."""
    try:
        with named.path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def note(case: Case, day: date, word: Word) -> None:
    """Remember the latest answer that is not final."""
    told = (day, _UNFINISHED[word.state], word.state)
    if case.waiting is None or told > case.waiting:
        case.waiting = told
