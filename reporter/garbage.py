"""How often Python looks for circles of objects that nothing else refers to.

Left to itself it looks hundreds of times while modules load and again in the middle of every case, where nearly all
objects are in use; each look goes through them all.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

_BETWEEN_LOOKS: Final = 200_000
"""Objects; those of a few cases."""


@contextmanager
def collected_seldom() -> Generator[None]:
    """Look for circles seldom: a case leaves few, and most of its objects live as long as it does."""
    before = gc.get_threshold()
    gc.set_threshold(_BETWEEN_LOOKS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
