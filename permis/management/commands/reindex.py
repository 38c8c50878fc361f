"""Compare the index of the cases, and the vocabulary of the typing errors, with the cases; mend what differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max, Min

from permis import indexing
from permis.models import Application, CaseIndex

BATCH, TOLD_EVERY = 500, 10_000


class Command(BaseCommand):
    help = "Compare l’index de recherche avec les dossiers et le répare ; sans danger, à volonté, pendant que le site sert."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="compare sans rien écrire ; sort en erreur s’il y a une différence"
        )
        parser.add_argument(
            "--from",
            type=int,
            default=0,
            dest="first",
            metavar="CLÉ",
            help="reprend à ce dossier, celui que la dernière ligne nomme",
        )

    def handle(self, *args: object, check: bool, first: int, **options: Any) -> None:
        start, last = _bounds()
        start = max(start, first)
        found, told = indexing.Compared(), 0
        for place in range(start, last + 1, BATCH):
            try:
                found += indexing.compare(place, min(place + BATCH - 1, last), mend=not check)
            except KeyboardInterrupt:
                raise CommandError(f"Interrompu. Reprenez par --from {place}.") from None
            if found.cases - told >= TOLD_EVERY:
                told = found.cases
                self.stdout.write(f"{found.cases} dossiers lus ; pour reprendre ensuite : --from {place + BATCH}")
        gone = len(indexing.words_gone()) if check else indexing.forget_words()
        self.stdout.write(
            f"{found.cases} dossiers lus, {found.wrong} différents, {found.words} mots manquants, {gone} mots que nul ne porte plus"
            f"{'' if check else ' : réparé'}."
        )
        if check and (found.wrong or found.words or gone):
            raise CommandError("L’index diffère des dossiers : lancez « manage.py reindex ».")


def _bounds() -> tuple[int, int]:
    """First and last key of a case, or of what the index holds."""
    edges = [model.objects.aggregate(first=Min("pk"), last=Max("pk")) for model in (Application, CaseIndex)]
    known = [edge for edge in edges if edge["last"] is not None]
    return min((edge["first"] for edge in known), default=1), max((edge["last"] for edge in known), default=0)
