"""The cells of the rows of a worklist, drawn without a template: theirs was a fifth of the time of the page."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workflows.presentation import Badge, ClockChip
from workflows.worklists import columns
from workflows.worklists.rows import Row

register = template.Library()

_CELL = '<td role="cell">{}</td>'
_NOTHING = mark_safe('<td role="cell"></td>')
_CHANGED = mark_safe(' <span class="pl-dot" role="img" aria-label="modifié depuis votre dernière visite"></span>')


@register.simple_tag
def cells(row: Row, shown: Collection[str], can_assign: bool) -> SafeString:
    """`{% cells row shown can_assign %}`: those of the columns shown, in their order, after the box that chooses the row."""
    drawn = [_CELLS[column.key](row) for column in columns.ALL if column.key in shown]
    return mark_safe("".join([_choice(row), *drawn] if can_assign else drawn))  # noqa: S308 (each cell is safe)


def _choice(row: Row) -> SafeString:
    return format_html(
        '<td role="cell"><input class="form-check-input" type="checkbox" name="dossier" value="{}" aria-label="Choisir {}"></td>',
        row.application_id,
        row.number,
    )


def _case(row: Row) -> SafeString:
    return format_html(
        '<th role="rowheader" scope="row"><a class="pl-link pl-num" href="{}">{}</a>{}'
        '<span class="pl-place">{}, <span class="text-nowrap">{}</span></span></th>',
        row.url,
        row.number,
        _CHANGED if row.is_changed else "",
        row.place,
        row.commune,
    )


def _follower(row: Row) -> SafeString:
    if not row.stands_in_for:
        return format_html(_CELL, row.follower)
    return format_html('<td role="cell">{}<span class="d-block pl-meta">remplace {}</span></td>', row.follower, row.stands_in_for)


@lru_cache(maxsize=2048)
def _drawn(component: str, **shown: Badge | ClockChip | None) -> SafeString:
    """The same values always give the same cell, and a list repeats a few of them on every row; `drawings` drew their icons once."""
    if None in shown.values():
        return _NOTHING
    return format_html(_CELL, render_to_string(component, {**shown, "drawn": True}))


_CELLS: Mapping[str, Callable[[Row], SafeString]] = {
    "echeance": lambda row: _drawn("components/_chip.html", chip=row.chip),
    "dossier": _case,
    "bailleur": lambda row: format_html(_CELL, row.lessor),
    "etat": lambda row: _drawn("components/_badge.html", badge=row.badge),
    "a-faire": lambda row: format_html('<td role="cell" class="pl-todo">{}</td>', row.label),
    "suivi": _follower,
    "recu": lambda row: format_html(
        '<td role="cell"><span class="d-lg-none">Reçu le </span>{}</td>', f"{row.received_on:%d/%m/%Y}"
    ),
    "perimetre": lambda row: format_html(_CELL, row.zone),
    "regime": lambda row: format_html(_CELL, row.regime),
    "gravite": lambda row: _drawn("components/_badge.html", badge=row.severity),
}
