"""What may be said of small counts in public: nothing under five, nor what would give it back by subtraction. Pure.

A count that stands alone is told from five on. The parts of a whole that is told itself (the months of a quarter, the communes
of an authority) are a matter of subtraction: were one part masked alone, the whole less the others would be that part. So as
soon as one part is masked, parts of five or more are masked with it, the first ones in an order that does not depend on the
counts, until what is masked is worth at least four more than five for each of those: each small part may then be anything from 0
to 4. The next smallest part would hide less, and betray itself: it is known to be no larger than the smallest part that is shown.

What is masked carries one word, whether it was small or hides another; and whoever knows this rule by heart, and every total,
still finds two values at least for each small part (`tests/workflows/test_masking.py` tries every table).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflows.exports.anonymity import FEWEST

_SMALLEST_SECRET = FEWEST - 1


def alone(count: int) -> int | None:
    """A count that no other one is a part of, nor the sum of; None where it is masked."""
    return count if count >= FEWEST else None


def parts(counts: Sequence[int]) -> list[int | None]:
    """The parts of a whole that is told; the first ones are masked first, where some must be. Masked, all of them, with the whole."""
    if sum(counts) < FEWEST:
        return [None] * len(counts)
    masked = {rank for rank, count in enumerate(counts) if count < FEWEST}
    hiding = 0
    for rank, count in enumerate(counts) if masked else ():
        if count < FEWEST:
            continue
        if hiding and sum(counts[each] for each in masked) - FEWEST * hiding >= _SMALLEST_SECRET:
            break
        masked.add(rank)
        hiding += 1
    return [None if rank in masked else count for rank, count in enumerate(counts)]


def named_parts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The same, of counts that have names."""
    return dict(zip(counts, parts(list(counts.values())), strict=True))
