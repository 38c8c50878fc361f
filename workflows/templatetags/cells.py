"""The cells of the rows of a worklist, drawn without a template: theirs was a fifth of the time of the page."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workflows.presentation import Badge, ClockChip
from workflows.worklists import columns
from workflows.worklists.rows import Row

register = template.Library()

_NOTHING = mark_safe('<td role="cell"></td>')
_CHANGED = ' <span class="pl-dot" role="img" aria-label="modifié depuis votre dernière visite"></span>'


@register.simple_tag
def cells(row: Row, shown: Collection[str], can_assign: bool) -> SafeString:
    """`{% cells row shown can_assign %}`: those of the columns shown, in their order, after the box that chooses the row."""
    drawn = [_CELLS[column.key](row) for column in columns.ALL if column.key in shown]
    return mark_safe("".join([_choice(row), *drawn] if can_assign else drawn))  # noqa: S308 (each cell escapes what it shows)


def _choice(row: Row) -> str:
    return (
        f'<td role="cell"><input class="form-check-input" type="checkbox" name="dossier" value="{row.application_id}"'
        f' aria-label="Choisir {escape(row.number)}"></td>'
    )


def _case(row: Row) -> str:
    return (
        f'<th role="rowheader" scope="row"><a class="pl-link pl-num" href="{row.url}">{escape(row.number)}</a>'
        f'{_CHANGED if row.is_changed else ""}<span class="pl-place">{escape(row.place)}, '
        f'<span class="text-nowrap">{escape(row.commune)}</span></span></th>'
    )


def _follower(row: Row) -> str:
    stands_in = f'<span class="d-block pl-meta">remplace {escape(row.stands_in_for)}</span>' if row.stands_in_for else ""
    return f'<td role="cell">{escape(row.follower)}{stands_in}</td>'


def _words(said: str) -> str:
    return f'<td role="cell">{escape(said)}</td>'


@lru_cache(maxsize=2048)
def _drawn(component: str, **shown: Badge | ClockChip | None) -> SafeString:
    """The same values always give the same cell, and a list repeats a few of them on every row; `drawings` drew their icons once."""
    if None in shown.values():
        return _NOTHING
    return format_html('<td role="cell">{}</td>', render_to_string(component, {**shown, "drawn": True}))


# Each writes its own HTML, and escapes what people wrote.
_CELLS: Mapping[str, Callable[[Row], str]] = {
    "echeance": lambda row: _drawn("components/_chip.html", chip=row.chip),
    "dossier": _case,
    "bailleur": lambda row: _words(row.lessor),
    "etat": lambda row: _drawn("components/_badge.html", badge=row.badge),
    "a-faire": lambda row: f'<td role="cell" class="pl-todo">{escape(row.label)}</td>',
    "suivi": _follower,
    "recu": lambda row: f'<td role="cell"><span class="d-lg-none">Reçu le </span>{row.received_on:%d/%m/%Y}</td>',
    "perimetre": lambda row: _words(row.zone),
    "regime": lambda row: _words(row.regime),
    "gravite": lambda row: _drawn("components/_badge.html", badge=row.severity),
}
