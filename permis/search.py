"""The cases that answer a question, among those a person may see: the most recent first, by their keys.

Two ways, whose cost does not depend on what other authorities hold, nor on what the planner guesses of a word:

- a word that many cases bear is found by looking at the most recent ones of each authority, in their order;
- any other by the index of words, where each word bears the key of its authority.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from permis import scope, words
from permis.enums import State
from permis.models import Application, CaseIndex, WordVariant
from permis.words import Question
from territories.text import fold

# Recent cases looked at first: of all the authorities of the person, and at least of each.
RECENT, RECENT_OF_EACH = 2_000, 40
# A key above all others, for a first page.
_TOP = 2**62
# Written once an authority, with its key in the text: only so does the planner know a large one, and read it in its order.
_RECENT = """
    SELECT {key} AS authority, recent.application_id, recent.document @@ %s::tsquery AND {state} AS is_hit
    FROM (
        SELECT application_id, document FROM permis_caseindex
        WHERE authority_id = {key} AND (application_id * -1) > -{before} ORDER BY (application_id * -1) LIMIT {window}
    ) AS recent {join}
"""
_AMONG_RECENT = """
    SELECT count(*), min(application_id), array_agg(application_id) FILTER (WHERE is_hit)
    FROM ({recent}) AS looked_at GROUP BY authority
"""
# An array of questions: the planner sees no word, and always takes the index of words.
_IN_THE_INDEX = """
    SELECT found.application_id, count(*) OVER ()
    FROM unnest(%s::tsquery[]) AS asked(question)
    JOIN permis_caseindex AS found ON found.document @@ asked.question {join}
    WHERE found.application_id < %s AND {state}
    ORDER BY found.application_id DESC LIMIT %s
"""
_WITH_STATE = "JOIN permis_application AS filed ON filed.id = {table}.application_id"


@dataclass(frozen=True)
class Found:
    """Keys of cases, the most recent first; ``total`` is None where nobody counted them: they are many."""

    keys: tuple[int, ...] = ()
    total: int | None = 0

    def __add__(self, other: Found) -> Found:
        """Those of both; the total is known where all are here."""
        keys = tuple(sorted({*self.keys, *other.keys}, reverse=True))
        is_whole = self.total == len(self.keys) and other.total == len(other.keys)
        return Found(keys, len(keys) if is_whole else None)


def search_text(application: Application) -> str:
    """The folded text of a case that lists kept apart are narrowed by: « apml 033473 26 00042 12 rue de la gare saint savin duprat »."""
    dwelling = getattr(application, "dwelling", None)
    agent = getattr(application, "agent", None)
    parts = [application.number or "", application.commune.name, application.commune.insee]
    if dwelling is not None:
        parts += [dwelling.street_line, dwelling.postcode]
    parts += [f"{lessor.name} {lessor.email}" for lessor in application.lessors.all()]
    if agent is not None:
        parts.append(agent.name)
    return fold(" ".join(parts))


def find(question: Question, user: User, *, limit: int, before: int | None = None, states: Collection[str] = ()) -> Found:
    """At most ``limit`` cases that answer, of keys under ``before``, in one of these states or in any."""
    if question.is_empty:
        return Found()
    read = _of_authorities(question, scope.reading(user), limit, before or _TOP, states)
    own = _own(question, user, limit, before or _TOP, states)
    both = read + own if own.keys else read
    return Found(both.keys[:limit], both.total)


def with_errors(question: Question) -> Question | None:
    """The question where each word of letters may have one letter wrong; None where no word looks like those typed."""
    near = near_words(question.typed)
    return question.with_errors(near) if any(near.values()) else None


def near_words(typed: Collection[str]) -> dict[str, set[str]]:
    """For each word, those of the vocabulary that are one letter away."""
    wanted = {word: words.deletions(word) for word in typed}
    variants = {variant for each in wanted.values() for variant in each}
    if not variants:
        return {}
    known = set(WordVariant.objects.filter(variant__in=variants).values_list("word", flat=True))
    return {word: {other for other in known if other != word and words.is_near(word, other)} for word in wanted}


def _of_authorities(question: Question, authorities: set[int], limit: int, before: int, states: Collection[str]) -> Found:
    if not authorities:
        return Found()
    keys = sorted(authorities)
    window, questions = max(RECENT // len(keys), RECENT_OF_EACH), [question.for_authority(key) for key in keys]
    join = _WITH_STATE if states else ""
    # Keys come from our own rows, states from an enum: what was typed travels apart, as parameters.
    among = {"before": before, "window": window, "join": join.format(table="recent"), "state": _in(states)}
    recent_of_each = " UNION ALL ".join(_RECENT.format(key=int(key), **among) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute(_AMONG_RECENT.format(recent=recent_of_each), questions)
        windows = cursor.fetchall()
        # Under the oldest case looked at of an authority that has more, others may answer too.
        floor = max((oldest for count, oldest, _ in windows if count == window), default=0)
        recent = sorted((key for _, _, hits in windows for key in hits or () if key >= floor), reverse=True)
        if floor == 0:
            return Found(tuple(recent[:limit]), len(recent))
        if len(recent) >= limit:
            return Found(tuple(recent[:limit]), None)
        cursor.execute(_IN_THE_INDEX.format(state=_in(states), join=join.format(table="found")), [questions, before, limit])
        rows = cursor.fetchall()
    return Found(tuple(key for key, _ in rows), rows[0][1] if rows else 0)


def _in(states: Collection[str]) -> str:
    return f"filed.state IN ({', '.join(repr(str(State(state))) for state in states)})" if states else "TRUE"


def _own(question: Question, user: User, limit: int, before: int, states: Collection[str]) -> Found:
    """Those a person filed, for themselves or for an agency, and those whose dwelling they visit from outside."""
    cases = Application.objects.filter(scope.own(user) | scope.entrusted_to(user)).exclude(state=State.DRAFT)
    authorities = set(cases.values_list("authority", flat=True).distinct())
    if not authorities:
        return Found()
    if states:
        cases = cases.filter(state__in=states)
    found = _index(question, authorities).filter(pk__lt=before, application__in=cases)
    keys = tuple(found.order_by("-pk").values_list("pk", flat=True)[: limit + 1])
    return Found(keys[:limit], len(keys) if len(keys) <= limit else None)


def _index(question: Question, authorities: Iterable[int]) -> QuerySet[CaseIndex]:
    asked = " | ".join(f"({question.for_authority(key)})" for key in sorted(authorities))
    return CaseIndex.objects.filter(document__answers=asked) if asked and not question.is_empty else CaseIndex.objects.none()
