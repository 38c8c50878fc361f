"""Days left beside a date: messages give both, never one alone."""

from datetime import date

from django import template

register = template.Library()


@register.filter
def countdown(day: date | None, on: date) -> str:
    """`{{ day|longue }}{{ day|countdown:on }}`: « (dans 12 jours) », nothing once it is past."""
    if day is None or day < on:
        return ""
    days = (day - on).days
    words = {0: "aujourd’hui", 1: "demain"}.get(days, f"dans {days}\N{NO-BREAK SPACE}jours")
    return f" ({words})"
