"""The badge of a state, the same word and icon everywhere."""

from typing import Any

from django import template

from workflows.presentation import Badge

register = template.Library()


@register.inclusion_tag("components/_badge.html")
def state_badge(state: str, *, for_landlord: bool = False) -> dict[str, Any]:
    """`{% state_badge case.state for_landlord=True %}`."""
    return {"badge": Badge.of(state, for_landlord=for_landlord)}
