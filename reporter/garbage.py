"""How often Python looks for circles of objects that nothing else refers to.

Left to itself it looks hundreds of times while modules load and again in the middle of every case, where nearly all
objects are in use; each look goes through them all.
"""

import gc
from typing import Final

_BETWEEN_LOOKS: Final = 1_000_000
"""Objects; those of some dozen cases, if all of them stayed."""


def collect_seldom() -> None:
    """Look for circles seldom: a case leaves few, and most of its objects live as long as it does."""
    gc.set_threshold(_BETWEEN_LOOKS, *gc.get_threshold()[1:])


def collect_no_more() -> None:
    """Look for none at the end of the process, through all that goes with it: a tenth of a second after a batch."""
    gc.disable()
    gc.freeze()
