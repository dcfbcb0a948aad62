"""Keep what lives as long as the server out of the garbage collector's way.

Streamlit collects all garbage after each run of a page, which walks every living object of the process. Most of them
are modules and finished parts of pages that never die: walking them took 60 to 100 ms of a rerun's processor time, as
much as everything else together, and twenty visitors share one processor.
"""

import gc
import sys

_PARTS_A_STEP = 25
_MOST_STEPS = 60  # a cycle that is alive at a step is never collected afterwards, so their number is bounded

_known: tuple[int, int] = (0, 0)
_steps = 0


def rest_heap(parts: int) -> None:
    """Set aside what is alive when modules were imported or many parts built since the last time.

    Args:
        parts: how many parts of pages this process has built.
    """
    global _known, _steps
    now = (len(sys.modules), parts // _PARTS_A_STEP)
    if now == _known or _steps >= _MOST_STEPS:
        return
    _known, _steps = now, _steps + 1
    gc.collect()
    gc.freeze()
