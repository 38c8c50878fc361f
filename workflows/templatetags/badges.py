"""The badge of the state of a case or of a piece, the same word and icon everywhere."""

from typing import Any

from django import template

from inspections.enums import Severity
from permis.models import Application
from workflows.dossier import Line
from workflows.presentation import Badge

register = template.Library()


@register.inclusion_tag("components/_badge.html")
def state_badge(state: str, *, for_landlord: bool = False) -> dict[str, Any]:
    """`{% state_badge case.state for_landlord=True %}`."""
    return {"badge": Badge.of(state, for_landlord=for_landlord)}


@register.inclusion_tag("components/_badge.html")
def case_badge(case: Application, *, for_landlord: bool = False) -> dict[str, Any]:
    """`{% case_badge case for_landlord=True %}`: where the regime says more than the state alone."""
    return {"badge": Badge.of_case(case, for_landlord=for_landlord)}


@register.inclusion_tag("components/_badge.html")
def piece_badge(line: Line, *, for_landlord: bool = False) -> dict[str, Any]:
    """`{% piece_badge line for_landlord=True %}`."""
    return {"badge": Badge.of_piece(line, for_landlord=for_landlord)}


@register.inclusion_tag("components/_badge.html")
def severity_badge(severity: str) -> dict[str, Any]:
    """`{% severity_badge item.severity %}`: how serious a defect is."""
    return {"badge": Badge.of_severity(Severity(severity))}
