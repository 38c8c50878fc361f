"""The search of a town among all the cases of France: what the box costs at each letter, and with one letter wrong.

    .venv/bin/python -m bench.search [--rows 1000000] [--folder DOSSIER]

Makes its own scratch database: 600 authorities of power-law size, streets and owners drawn from words whose frequency follows
the same law, written by COPY, each with the index that the actions would write. With ``--folder`` the database stays there
and is taken up again; without it nothing is left behind. A million rows take some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import atexit
import os
import random
import shutil
import string
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User

AUTHORITIES, LAW = 600, 0.935  # the largest holds 118,000 of a million
STREETS, NAMES, FIRST_NAMES = 20_000, 120_000, 600
QUESTIONS, ROUNDS = 300, 3
CHUNK, KINDS = (
    20_000,
    ("rue",) * 12 + ("avenue", "avenue", "boulevard", "place", "chemin", "route", "impasse", "allée", "cours", "quai"),
)
SYLLABLES = [
    first + vowel
    for first in ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "ch", "br", "gr", "pl", "tr")
    for vowel in ("a", "e", "i", "o", "u", "ou", "an", "eu")
]
COMMON = [
    "gare",
    "église",
    "république",
    "victor hugo",
    "jean jaurès",
    "général leclerc",
    "saint-jean",
    "mairie",
    "école",
    "moulin",
]


@dataclass
class Drawn:
    """Words drawn by Zipf's law: the first ones everywhere, the last ones hardly ever."""

    words: Sequence[str]

    def __post_init__(self) -> None:
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def draw(self, chance: random.Random) -> str:
        return self.words[bisect(self.weights, chance.random() * self.weights[-1])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="permis-bench-"))
    if options.folder is None:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # root runs the database as `nobody`
    os.environ |= {"PERMIS_NO_BOOTSTRAP": "1", "DJANGO_SETTINGS_MODULE": "bench.settings", "PERMIS_DATA_DIR": str(folder)}
    import django

    django.setup()
    from permis.models import CaseIndex

    prepare(options.rows)
    people = [reader(0), reader(AUTHORITIES // 10)]
    print(f"\n{CaseIndex.objects.count():,} dossiers, {AUTHORITIES} collectivités ; {sizes()}".replace(",", " "))
    for person in people:
        measure(person)


def prepare(rows: int) -> None:
    """The tables, the cases, their index, the vocabulary; what is there already is not made again."""
    from django.core.management import call_command
    from django.db import connection

    from permis.models import Application, CaseIndex

    call_command("migrate", verbosity=0)
    known = Application.objects.count()
    if known >= rows:
        return
    started = time.perf_counter()
    by_words = next(index for index in CaseIndex._meta.indexes if index.name == "case_words")
    with connection.cursor() as cursor:
        # A load that nobody else writes meanwhile: the rows come in their order, the index of words at the end.
        cursor.execute(
            "DROP INDEX IF EXISTS case_words; SET maintenance_work_mem = '512MB'; SET session_replication_role = replica"
        )
    load(rows, after=known)
    print(f"{rows - known} dossiers écrits en {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    with connection.schema_editor() as editor:
        editor.add_index(CaseIndex, by_words)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    print(f"index des mots fait en {time.perf_counter() - started:.0f} s")


def load(rows: int, *, after: int) -> None:
    """Filed cases with their dwelling, their owner and their index, by COPY: every column as the models would write it."""
    from permis import indexing, words
    from permis.enums import State
    from permis.models import Application, CaseIndex, Dwelling, Lessor, WordVariant
    from permis.numbering import commune_code
    from territories.models import Commune

    chance, letters = random.Random(after), random.Random(1)
    drawn = [
        "".join(letters.choice(SYLLABLES) for _ in range(letters.choice((2, 2, 3, 3, 4))))
        for _ in range(STREETS + NAMES + FIRST_NAMES)
    ]
    streets = Drawn([*COMMON, *drawn[:STREETS]])
    names, first_names = Drawn(drawn[STREETS:-FIRST_NAMES]), Drawn(drawn[-FIRST_NAMES:])
    towns, communes = territory(), Commune.objects.in_bulk()
    share = list(accumulate(1 / rank**LAW for rank in range(1, len(towns) + 1)))
    learnt = set(WordVariant.objects.values_list("word", flat=True).distinct())

    def case(key: int) -> tuple[Application, Dwelling, Lessor, CaseIndex]:
        authority, commune = towns[bisect(share, chance.random() * share[-1])]
        received = date(2018, 1, 1) + timedelta(days=key * 2_900 // rows)
        number = f"APML {commune_code(commune)} {received:%y} {key % 100_000:05d}{key // 100_000}"
        filed = Application(
            pk=key,
            authority_id=authority,
            commune=communes[commune],
            number=number,
            received_on=received,
            ended_on=received,
            state=State.WITHDRAWN,
        )
        address = f"{chance.randint(1, 160)} {chance.choice(KINDS)} {streets.draw(chance)}"
        dwelling = Dwelling(
            application=filed,
            address=address,
            postcode=f"33{chance.randint(1, 99):02d}0",
            address_key=f"{commune}_{key // 3}_1",
            dpe_number=f"2433E{key:07d}K",
        )
        first, last = first_names.draw(chance), names.draw(chance)
        lessor = Lessor(
            application=filed,
            first_name=first,
            last_name=last,
            email=f"{first}.{last}@exemple.fr",
            phone=f"06{chance.randint(0, 99_999_999):08d}",
            address="1 rue A",
            postcode="33000",
            city="Bordeaux",
        )
        filed._prefetched_objects_cache = {"lessors": [lessor], "transfers": []}
        return filed, dwelling, lessor, indexing.row_of(filed)

    for start in range(after + 1, rows + 1, CHUNK):
        made = [case(key) for key in range(start, min(start + CHUNK, rows + 1))]
        for column in zip(*made, strict=True):
            copy(column)
        held = {part.strip("'").partition("/")[2] for *_, index in made for part in index.document.split()}
        new = sorted(words.for_errors(held) - learnt)
        learnt.update(new)
        copy([WordVariant(variant=variant, word=word) for word in new for variant in words.deletions(word)])


def copy(rows: Sequence[Any]) -> None:
    from django.db import connection
    from django.utils import timezone

    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if field.attname != "id" or model.__name__ == "Application"]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    plain = {field.attname: field.get_db_prep_save(getattr(rows[0], field.attname), connection) for field in fields}
    plain |= {"created_at": timezone.now()} if "created_at" in plain else {}
    vary = {name for name in plain if any(getattr(row, name) != getattr(rows[0], name) for row in rows)}
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as out:
        for row in rows:
            out.write_row([getattr(row, name) if name in vary else value for name, value in plain.items()])


def territory() -> list[tuple[int, str]]:
    """An authority and its commune, the largest first."""
    from territories.models import Authority, Commune

    names = [f"{rank:03d}" for rank in range(AUTHORITIES)]
    if not Authority.objects.exists():
        Authority.objects.bulk_create(
            Authority(kind="epci", name=f"Collectivité {name}", siren=f"200000{name}", department="33") for name in names
        )
        Commune.objects.bulk_create(
            Commune(insee=f"33{name}", name=f"Ville {name}", department="33", epci_siren=f"200000{name}") for name in names
        )
    known = Authority.objects.order_by("siren").values_list("pk", flat=True)
    return [(key, f"33{name}") for key, name in zip(known, names, strict=True)]


def reader(rank: int) -> User:
    """An officer of the authority of this rank."""
    from accounts.enums import Role
    from accounts.models import Membership, User

    user, _ = User.objects.get_or_create(email=f"instruction{rank}@exemple.fr", defaults={"first_name": "A", "last_name": "B"})
    Membership.objects.get_or_create(user=user, role=Role.OFFICER, authority_id=territory()[rank][0])
    return user


def measure(person: User) -> None:
    """Every letter of what people type, then one letter wrong; each question three times, its median."""
    from permis import search
    from permis.models import Application
    from permis.words import Question
    from workflows import finding

    chance = random.Random(7)
    authority = person.home_authority
    assert authority is not None
    own = list(Application.objects.filter(authority=authority).values_list("pk", flat=True))
    cases = (
        Application.objects.select_related("dwelling")
        .prefetch_related("lessors")
        .in_bulk(chance.sample(own, min(QUESTIONS, len(own))))
    )
    typed, wrong = [], []
    for case in cases.values():
        text = chance.choice(
            [
                case.dwelling.address,
                case.lessors.all()[0].last_name,
                case.lessors.all()[0].phone,
                case.number[5:],
                case.dwelling.address.split(maxsplit=2)[-1],
            ]
        )
        typed.append(text[: chance.randint(2, len(text))])
        words = [word for word in case.lessors.all()[0].last_name.split() if len(word) > 3] or [case.lessors.all()[0].first_name]
        wrong.append(
            (
                case.pk,
                f"{slip(words[0], chance)} {case.dwelling.address.split()[1]}"
                if chance.random() < 0.5
                else slip(words[0], chance),
            )
        )

    def with_errors(text: str) -> Any:
        meant = search.with_errors(Question.of(text))
        return search.find(Question.of(text), person, limit=25), search.find(meant, person, limit=25) if meant else search.Found()

    answers = [(pk, *with_errors(text)) for pk, text in wrong]
    # A page that is full may hide the case further down.
    found = sum(pk in {*one.keys, *other.keys} or 25 in (len(one.keys), len(other.keys)) for pk, one, other in answers)
    rows = [
        ("dossiers, à chaque lettre", times(lambda text: search.find(Question.of(text), person, limit=26), typed)),
        ("suggestions entières, à chaque lettre", times(lambda text: finding.suggestions(text, person), typed)),
        ("dossiers, une lettre fausse", times(with_errors, [text for _, text in wrong])),
        (
            "suggestions entières, une lettre fausse",
            times(lambda text: finding.suggestions(text, person), [text for _, text in wrong]),
        ),
    ]
    print(
        f"\n{authority.name} : {len(own):,} dossiers ; retrouvés malgré une lettre fausse : {found} sur {len(wrong)}".replace(
            ",", " "
        )
    )
    for label, taken in rows:
        print(f"  {label:<42} p50 {median(taken):7.1f} ms   p95 {quantiles(taken, n=20)[-1]:7.1f} ms")


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
            "SELECT pg_total_relation_size('permis_caseindex') / 1048576, pg_relation_size('case_words') / 1048576, pg_total_relation_size('permis_wordvariant') / 1048576, (SELECT count(*) FROM permis_wordvariant WHERE variant = word)"
        )
        index, gin, variants, words = cursor.fetchone()
    return f"index {index} Mo, dont {gin} Mo pour les mots ; vocabulaire de {words:,} mots, {variants} Mo".replace(",", " ")


if __name__ == "__main__":
    main()
