"""What is overseas, by the code of a department or any code that begins with it; each law draws its own line."""

from __future__ import annotations

# The five of article 73 of the Constitution, the only ones that the law names for energy.
_DEPARTMENTS = ("971", "972", "973", "974", "976")


def is_overseas(code: str) -> bool:
    """A department or a collectivity overseas: a month more to seize its court from elsewhere (CJA R.421-7)."""
    return code.startswith(("97", "98"))


def has_own_energy_calendar(code: str) -> bool:
    """Where the classes of energy are forbidden later than in the mainland (loi 89-462, art. 6 ; décret 2023-796)."""
    return code.startswith(_DEPARTMENTS)
