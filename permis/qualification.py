"""Which lettings need a permit (CCH R.635-1): leases of title I or I bis of the law of 6 July 1989, newly concluded."""

from permis.enums import LeaseKind

IN_SCOPE = frozenset({
    LeaseKind.UNFURNISHED,
    LeaseKind.FURNISHED,
    LeaseKind.STUDENT,
    LeaseKind.COLOCATION,
    LeaseKind.ANAH_INTERMEDIATE,
})  # fmt: skip


def is_in_scope(kind: LeaseKind) -> bool:
    """Si ce bail demande une autorisation. A mobility lease does not, by the letter of the text: the officer may override."""
    return kind in IN_SCOPE
