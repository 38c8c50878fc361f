"""What the columns of an export are made of: expressions of the database, so that a hundred thousand rows cost no object each.

The written ones neutralise what a spreadsheet would run: a cell that begins with such a sign is given an apostrophe; a phone
number keeps its « + », inside brackets.
"""

from __future__ import annotations

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from notifications.exports import FORMULA

Expression = Combinable | str
# Of a class of POSIX expressions; « - » comes last, where it is a sign like another.
_SIGNS = "".join(sign for sign in FORMULA if sign != "-") + "-"
_PHONES = r"^\+?\d[\d .()/-]*(, \+?\d[\d .()/-]*)*$"


def expression(value: Expression) -> Combinable:
    """The field of that name, or the expression itself."""
    return F(value) if isinstance(value, str) else value


def filled(value: Expression) -> NullIf:
    """A text, or nothing where it is empty."""
    return NullIf(expression(value), Value(""), output_field=TextField())


def neutral(value: Expression) -> Func:
    """A text that no spreadsheet takes for a formula."""
    return _replaced(expression(value), f"^([{_SIGNS}])", r"'\1")


def written_phone(value: Expression) -> Case:
    """« +33 6 12 34 56 78 » becomes « (+33) 6 12 34 56 78 », which no spreadsheet adds up; what is no number is a text."""
    phone = expression(value)
    return Case(
        When(_Matches(phone, Value(_PHONES)), then=_replaced(phone, r"(^|, )\+(\d+)", r"\1(+\2)", "g")),
        default=neutral(phone),
        output_field=TextField(),
    )


def written_number(value: Expression) -> Func:
    """A number with the comma of a French spreadsheet."""
    return Func(
        Func(expression(value), template="(%(expressions)s)::text", output_field=TextField()),
        Value("."), Value(","), function="replace", output_field=TextField(),
    )  # fmt: skip


def label(field: str, choices: type[models.TextChoices]) -> Case:
    """The French word of a choice."""
    return Case(
        *(When(**{field: choice.value}, then=Value(str(choice.label))) for choice in choices),
        default=filled(field),
        output_field=TextField(),
    )


def labels(field: str, choices: type[models.TextChoices]) -> Func:
    """The words of an array of choices, in the order of the law."""
    words = (Case(When(**{f"{field}__contains": [choice.value]}, then=Value(str(choice.label)))) for choice in choices)
    return filled(Func(Value(" | "), *words, function="concat_ws", output_field=TextField()))


def yes_no(condition: str | Q) -> Case:
    """« oui », « non », or nothing where it is not known."""
    if isinstance(condition, Q):
        return Case(When(condition, then=Value("oui")), default=Value("non"), output_field=TextField())
    return Case(
        When(**{condition: True}, then=Value("oui")), When(**{condition: False}, then=Value("non")), output_field=TextField()
    )


def joined(separator: str, *parts: Expression) -> Func:
    """What there is among these, in one text; nothing where there is nothing."""
    return filled(Func(Value(separator), *map(filled, parts), function="concat_ws", output_field=TextField()))


def prefixed(word: str, field: str) -> Func:
    """« escalier B », or nothing where there is none."""
    return Func(Value(f"{word} "), filled(field), template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())


def days_between(start: str, end: str) -> Func:
    """Whole days from one date to another."""
    return Func(F(end), F(start), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def local_day(moment: str, *, time_zone: Expression) -> Func:
    """The day of a moment on the clocks of the authority, overseas too."""
    return Func(expression(time_zone), F(moment), template="(timezone(%(expressions)s))::date", output_field=DateField())


def listed(rows: QuerySet, value: Expression, *, by: str, ordering: str) -> Subquery:
    """The values of the rows of a case, in order, in one text; ``by`` is their key of the case."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Subquery(mine.annotate(found=StringAgg(value, ", ", order_by=ordering)).values("found"), output_field=TextField())


def counted(rows: QuerySet, *, by: str) -> Coalesce:
    """How many rows a case has."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(mine.annotate(found=Count("pk")).values("found"), output_field=IntegerField()), Value(0))


def first_of(rows: QuerySet, value: Expression, *, by: str, ordering: str) -> Subquery:
    """The value of the first row of a case in this order."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by(ordering)
    return Subquery(mine.annotate(found=expression(value)).values("found")[:1])


class _Matches(Func):
    """Whether a text matches a POSIX expression."""

    template = "(%(expressions)s)"
    arg_joiner = " ~ "
    output_field = models.BooleanField()


def _replaced(value: Combinable, pattern: str, by: str, flags: str = "") -> Func:
    told = [Value(flags)] if flags else []
    return Func(value, Value(pattern), Value(by), *told, function="regexp_replace", output_field=TextField())
