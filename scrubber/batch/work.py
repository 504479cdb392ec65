"""One input from its bytes to its outputs: read, judged, parted, written, read back, balanced, answered.

Nothing of it is visible yet when this is done, and nothing stays when it fails.
"""

from __future__ import annotations

import gc
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from loops.errors import LoopsError
from scrubber.batch.bad import refuse
from scrubber.batch.drafts import Drafts
from scrubber.batch.file import Batched
from scrubber.batch.intake import Gone, Opened
from scrubber.batch.outbox import unwritable
from scrubber.batch.task import Done, Order, Task
from scrubber.errors import GuardError, ScrubberError
from scrubber.tables import TableError

if TYPE_CHECKING:
    from scrubber.checker import Checker

_YOUNG: Final = 1  # the generations of objects that were made since
_CHANGED: Final = "changed since it arrived: left for the next run"


def work(task: Task, order: Order, checker: Checker, opened: Opened | None = None) -> Done:
    """Make the outputs of an input; `opened` is it, if it is open already.

    What goes wrong with the input is in the answer. Raises what is no matter of it: ScrubberError where an
    output cannot be written, TableError.
    """
    try:
        return _opened(task, order, checker, opened)
    except Gone as gone:
        return Done(order, trouble=str(gone))
    except GuardError as fault:
        return Done(order, trouble=f"nothing of it is published: {fault}", guard=True)
    except (ScrubberError, TableError):
        raise
    except OSError as fault:
        raise unwritable(task.root, fault) from fault
    except Exception as fault:  # noqa: BLE001 - one bad file must not stop the others; its text may hold data
        return Done(order, trouble=f"internal fault ({type(fault).__name__}): please report it")
    finally:
        # What hangs in circles (a validation, a template's context) holds the bytes of the input. The command
        # collects seldom; to look at what this input left is quick.
        gc.collect(_YOUNG)


def _opened(task: Task, order: Order, checker: Checker, opened: Opened | None) -> Done:
    if opened is not None:
        return _worked(task, order, checker, opened)
    with Opened(order.arrival) as own:
        return _worked(task, order, checker, own)


def _worked(task: Task, order: Order, checker: Checker, opened: Opened) -> Done:
    if opened.sha256 != order.sha256:
        raise Gone(_CHANGED)
    with ExitStack() as stack:
        drafts = stack.enter_context(Drafts(task.disk, task.root, task.token, order.arrival.mode))
        try:
            batch = stack.enter_context(checker.read(opened.source, order.name))
        except LoopsError as fault:
            done = refuse(task, order, drafts, opened, str(fault))
        else:
            done = Batched(task, order, checker, drafts, batch=batch, data=opened.data).run()
        drafts.secure()
        opened.check()
        return done
