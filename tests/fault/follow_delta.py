"""Cases of the fault matrix: a second Delta table follows the first one, while the writers of either are killed."""

import delta
import follow


class Case(follow.Followed, delta.Case):
    """One whose tables are Delta tables; the matrix gives cases of this module such a one."""


def in_delta(case, function, *arguments):
    """A case of follow.py."""
    return function(case, *arguments)


def cases():
    for words, function, arguments in follow.inner(delta.points(None), follow.COMPACT_DELTA):
        yield f"follow in delta: {words}", in_delta, (function, *arguments)
