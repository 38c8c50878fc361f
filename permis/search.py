"""The cases that answer a question, among those a person may see: the most recent first, by their keys.

Two ways, whose cost does not depend on what other authorities hold, nor on what the planner guesses of a word:

- a word that many cases bear is found by looking at the most recent ones of each authority, in their order;
- any other by the index of words, where each word bears the key of its authority.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from permis import scope, words
from permis.enums import State
from permis.models import Application, CaseIndex, WordVariant
from permis.words import Question

# Recent cases looked at first: of all the authorities of the person, and at least of each.
RECENT, RECENT_OF_EACH = 600, 40
# A key above all others, for a first page.
_TOP = 2**62
_AMONG_RECENT = """
    SELECT count(*), min(recent.application_id),
           array_agg(recent.application_id) FILTER (WHERE recent.document @@ asked.question AND {state})
    FROM unnest(%(authorities)s::bigint[], %(questions)s::tsquery[]) AS asked(authority, question)
    CROSS JOIN LATERAL (
        SELECT application_id, document FROM permis_caseindex
        WHERE authority_id = asked.authority AND application_id < %(before)s ORDER BY application_id DESC LIMIT %(window)s
    ) AS recent {join}
    GROUP BY asked.authority
"""
# An array of questions: the planner sees no word, and always takes the index of words.
_IN_THE_INDEX = """
    SELECT found.application_id, count(*) OVER ()
    FROM unnest(%(questions)s::tsquery[]) AS asked(question)
    JOIN permis_caseindex AS found ON found.document @@ asked.question {join}
    WHERE found.application_id < %(before)s AND {state}
    ORDER BY found.application_id DESC LIMIT %(limit)s
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


def holding(text: str, user: User) -> QuerySet[CaseIndex, Any]:
    """What narrows a list by ``application__in``: the cases of the authorities a person reads that hold every word of ``text``."""
    return _index(Question.of(text), scope.reading(user)).values("application")


def _of_authorities(question: Question, authorities: set[int], limit: int, before: int, states: Collection[str]) -> Found:
    if not authorities:
        return Found()
    keys = sorted(authorities)
    asked: dict[str, Any] = {
        "authorities": keys,
        "questions": [question.for_authority(key) for key in keys],
        "before": before,
        "window": max(RECENT // len(keys), RECENT_OF_EACH),
        "limit": limit,
        "states": list(states),
    }
    state = "filed.state = ANY(%(states)s)" if states else "TRUE"
    join = _WITH_STATE if states else ""
    with connection.cursor() as cursor:
        cursor.execute(_AMONG_RECENT.format(state=state, join=join.format(table="recent")), asked)
        windows = cursor.fetchall()
        # Under the oldest case looked at of an authority that has more, others may answer too.
        floor = max((oldest for count, oldest, _ in windows if count == asked["window"]), default=0)
        recent = sorted((key for _, _, hits in windows for key in hits or () if key >= floor), reverse=True)
        if floor == 0:
            return Found(tuple(recent[:limit]), len(recent))
        if len(recent) >= limit:
            return Found(tuple(recent[:limit]), None)
        cursor.execute(_IN_THE_INDEX.format(state=state, join=join.format(table="found")), asked)
        rows = cursor.fetchall()
    return Found(tuple(key for key, _ in rows), rows[0][1] if rows else 0)


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
