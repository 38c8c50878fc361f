"""What the search box costs at each letter among all the cases, and with one letter wrong, in the largest authority and in a middling one.

    manage.py load_bench && manage.py bench search

What is typed is drawn from the cases themselves: an address, a surname, a telephone, a number, in part or whole.
"""

from __future__ import annotations

import argparse
import os
import random
import string
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.measuring import ROOT, Line, at_most, middle, number, publish, quantile

if TYPE_CHECKING:
    from accounts.models import User
    from permis.models import Application

QUESTIONS, ROUNDS = 300, 3
MIDDLING = 60  # the rank, by number of cases, of the second authority


def main() -> None:
    options = _options()
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "PERMIS_DATA_DIR": str(options.data_dir)}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from permis.models import Application

    lines = [Line("dossiers", number(Application.objects.count(), "", 0)), Line("index, vocabulaire", sizes())]
    for rank, of_whom in ((0, "la plus grande collectivité"), (MIDDLING, f"la {MIDDLING + 1}ᵉ")):
        lines += measure(reader(rank), of_whom, is_goal=rank == 0)
    publish("Recherche", "search", lines)


def reader(rank: int) -> User:
    """An officer of the authority of this rank, or of the smallest."""
    from django.db.models import Count

    from accounts.enums import Role
    from accounts.models import User
    from permis.models import Application

    by_size = Application.objects.values("authority").annotate(cases=Count("pk")).order_by("-cases", "authority")
    authority = [row["authority"] for row in by_size[: rank + 1]][-1]
    return User.objects.filter(memberships__role=Role.OFFICER, memberships__authority=authority).order_by("pk")[0]


def measure(person: User, of_whom: str, *, is_goal: bool) -> list[Line]:
    """Every letter of what people type, then one letter wrong; each question three times, its median."""
    from permis import search
    from permis.models import Application
    from permis.words import Question
    from workflows import finding

    chance = random.Random(7)
    own = list(Application.objects.filter(authority=person.home_authority).values_list("pk", flat=True))
    found = Application.objects.select_related("dwelling").prefetch_related("lessors")
    cases = found.in_bulk(chance.sample(own, min(QUESTIONS, len(own)))).values()
    typed, wrong = [_typed(case, chance) for case in cases], [(case.pk, _mistyped(case, chance)) for case in cases]

    def with_errors(text: str) -> Any:
        meant = search.with_errors(Question.of(text))
        return search.find(Question.of(text), person, limit=25), search.find(meant, person, limit=25) if meant else search.Found()

    answers = [(pk, *with_errors(text)) for pk, text in wrong]
    # A page that is full may hide the case further down.
    seen = sum(pk in {*one.keys, *other.keys} or 25 in (len(one.keys), len(other.keys)) for pk, one, other in answers)
    slips = [text for _, text in wrong]
    rows = [
        ("dossiers, à chaque lettre", times(lambda text: search.find(Question.of(text), person, limit=26), typed), 15),
        ("suggestions entières, à chaque lettre", times(lambda text: finding.suggestions(text, person), typed), 0),
        ("dossiers, une lettre fausse", times(with_errors, slips), 60),
        ("suggestions entières, une lettre fausse", times(lambda text: finding.suggestions(text, person), slips), 0),
    ]
    lines = [
        Line(f"{of_whom} : dossiers, retrouvés malgré une lettre fausse", f"{number(len(own), '', 0)}, {seen} sur {len(wrong)}")
    ]
    for label, taken, limit in rows:
        lines.append(Line(f"{of_whom} : {label}, médiane", number(middle(taken), "ms")))
        tail, what = quantile(taken, 0.95), f"{of_whom} : {label}, 95ᵉ centile"
        lines.append(at_most(what, tail, limit, "ms") if limit and is_goal else Line(what, number(tail, "ms")))
    return lines


def _typed(case: Application, chance: random.Random) -> str:
    """The beginning of something by which a person looks for this case."""
    lessor, address = case.lessors.all()[0], case.dwelling.address
    text = chance.choice(
        [address, lessor.last_name or lessor.company, lessor.phone, (case.number or "")[5:], address.split(maxsplit=2)[-1]]
    )
    return text[: chance.randint(2, max(len(text), 2))]


def _mistyped(case: Application, chance: random.Random) -> str:
    """A name with one letter wrong, alone or with a word of the address."""
    lessor = case.lessors.all()[0]
    words = [word for word in f"{lessor.last_name} {lessor.company}".split() if len(word) > 3] or [lessor.first_name]
    text = slip(words[-1], chance)
    return f"{text} {case.dwelling.address.split()[1]}" if chance.random() < 0.5 else text


def times(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question, the median of its rounds; the rounds follow each other, so that none has all the warm pages."""
    taken: list[list[float]] = [[] for _ in questions]
    for _ in range(ROUNDS):
        for place, text in enumerate(questions):
            started = time.perf_counter()
            ask(text)
            taken[place].append((time.perf_counter() - started) * 1000)
    return [median(each) for each in taken]


def slip(word: str, chance: random.Random) -> str:
    place, letter = chance.randrange(len(word)), chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ]
    )


def sizes() -> str:
    """What the index and the vocabulary weigh on the disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('permis_caseindex') / 1048576, pg_relation_size('case_words') / 1048576,"
            " pg_total_relation_size('permis_wordvariant') / 1048576,"
            " (SELECT count(*) FROM permis_wordvariant WHERE variant = word)"
        )
        index, gin, variants, words = cursor.fetchone()
    return f"{number(index, 'Mo', 0)}, dont {number(gin, 'Mo', 0)} pour les mots ; {number(words, 'mots', 0)}, {number(variants, 'Mo', 0)}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench search")
    parser.add_argument("--data-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench")
    return parser.parse_args()


if __name__ == "__main__":
    main()
