"""What every template may use: icons, French dates and typography. No query, no rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from documents import french
from permis import sanctions
from permis.validators import spaced_siret, spaced_tracking_number

register = template.Library()

SELECTED = mark_safe(" selected")
NBSP = "\N{NO-BREAK SPACE}"
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip
_ICON_NAME = re.compile(r"[a-z0-9-]+")
_SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def _shapes(name: str) -> str:
    """The drawing of one icon of bootstrap-icons, without its frame."""
    if not _ICON_NAME.fullmatch(name):
        raise template.TemplateSyntaxError(f"No icon is called {name!r}.")
    text = (settings.NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
    found = _SVG.search(text)
    return " ".join(found[1].split()) if found else ""


@register.simple_tag
@lru_cache(maxsize=1024, typed=True)  # a text that is safe is not one that only looks the same
def icon(name: str, label: str = "") -> SafeString:
    """An icon beside a word is hidden from assistive technology; alone, it carries its label."""
    accessible = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="pl-i" viewBox="0 0 16 16" {}>{}</svg>',
        accessible,
        mark_safe(_shapes(name)),  # noqa: S308 (a file of an installed package)
    )


@register.simple_tag
def glyph(name: str) -> SafeString:
    """An icon beside a word, by the name under which `drawings` drew it once for the page: a list repeats a few of them."""
    return format_html('<svg class="pl-i" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def drawings(names: Iterable[str]) -> SafeString:
    """The icons that `glyph` shows on this page, each drawn once."""
    drawn = format_html_join("", "{}", ((_symbol(name),) for name in sorted(set(names))))
    return format_html('<svg class="d-none" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def options(offered: Mapping[str, str], chosen: str = "") -> SafeString:
    """`{% options communes filters.commune %}`: the choices of a list, key to name, the current one selected."""
    return mark_safe("".join(_option(key, name, key == chosen) for key, name in offered.items()))  # noqa: S308 (each is safe)


@lru_cache(maxsize=4096)
def _option(key: str, name: str, is_chosen: bool) -> SafeString:
    """Every page of a list offers the same colleagues and the same communes."""
    return format_html('<option value="{}"{}>{}</option>', key, SELECTED if is_chosen else "", name)


@cache
def _symbol(name: str) -> SafeString:
    shapes = mark_safe(_shapes(name))  # noqa: S308 (a file of an installed package)
    return format_html('<symbol id="i-{}" viewBox="0 0 16 16">{}</symbol>', name, shapes)


@register.filter
def jour(value: date | datetime | None) -> str:
    """`14/12/2026`, as lists show dates."""
    return f"{_day(value):%d/%m/%Y}" if value else ""


@register.filter
def longue(value: date | datetime | None) -> str:
    """« 14 décembre 2026 », as sentences say them."""
    if not value:
        return ""
    day = _day(value)
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{MONTHS[day.month - 1]} {day.year}"


@register.filter
def heure(value: datetime | None) -> str:
    """« 9 h 30 », in the time zone that is active."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


@register.filter
def taille(size: int) -> str:
    """A size of file in Ko or Mo."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}{NBSP}Ko"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + f"{NBSP}Mo"


@register.filter
def euros(amount: int | None) -> str:
    """« 15 000 € », by the thousands; nothing while there is no amount."""
    return "" if amount is None else sanctions.euros(amount)


@register.filter
def qualite(title: str) -> str:
    """A capacity or a reference inside a sentence: « Le Vice-président » gives « le Vice-président »."""
    return french.in_a_sentence(title)


@register.filter
def typo(text: str) -> str:
    """A sentence of the service with its no-break spaces."""
    return french.typeset(str(text))


@register.filter
def de(name: str) -> str:
    """« de Karim Benali », « d’Odile Pineau »."""
    return french.of_name(name)


@register.filter
def siret(number: str) -> str:
    """« 832 147 856 00012 », as the Insee writes it."""
    return spaced_siret(number)


@register.filter
def recommande(number: str) -> str:
    """`{{ notice.tracking_number|recommande }}`: « 1A 204 873 0614 7 », as it stands on the slip."""
    return spaced_tracking_number(number)


@register.filter
def pluriel(count: int, forms: str) -> str:
    """`{{ n|pluriel:"dossier,dossiers" }}` : zero and one are singular in French."""
    one, many = forms.split(",")
    return french.counted(count, one, many)


@register.filter
def quand(field: BoundField) -> str:
    """Why a field may stay empty: the answer it goes with, where another one makes it needed."""
    return getattr(field.form, "needed_when", {}).get(field.name, "facultatif")


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
