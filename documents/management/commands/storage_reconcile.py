"""Compare the rows with the objects of the storage, now."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from documents import reconciling
from documents.enums import Discrepancy
from documents.models import Reconciliation


class Command(BaseCommand):
    help = (
        "Compare les dossiers et le stockage : fichiers absents, changés, inconnus, restes de quarantaine. "
        "Ne touche jamais à un fichier rangé ; ôte les restes de quarantaine de plus de deux jours."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="relit tous les contenus, et non la part de cette nuit")
        parser.add_argument("--dry-run", action="store_true", help="n’efface et n’enregistre rien")

    def handle(self, *args: object, **options: Any) -> None:
        found = reconciling.reconcile(now=timezone.now(), everything=options["all"], sweeps=not options["dry_run"])
        for each in found.discrepancies:
            self.stdout.write(_line(each))
        if (rest := sum(found.counts.values()) - len(found.discrepancies)) > 0:
            self.stdout.write(f"… et {rest} autres écarts.")
        self._summary(found, dry_run=options["dry_run"])
        if not found.is_sound:
            sys.exit(1)

    def _summary(self, found: Reconciliation, *, dry_run: bool) -> None:
        for label, count in found.lines:
            self.stdout.write(f"{label} : {count}")
        if found.problem:
            raise CommandError(f"Rapprochement interrompu, le stockage ne répond pas : {found.problem}")
        verdict = "tout concorde" if found.is_sound else "des fichiers demandent votre attention"
        remains = sum(found.counts.get(kind, 0) for kind in Discrepancy.mended())
        self.stdout.write(
            f"{found.objects_seen} objets, {found.rows_seen} fichiers et actes attendus, {found.hashed} contenus relus, "
            f"{remains} restes {'à ôter' if dry_run else 'ôtés'} : {verdict}."
        )


def _line(each: dict[str, Any]) -> str:
    whose = "".join(f", {name} {each[key]}" for key, name in (("file", "fichier"), ("act", "acte")) if each.get(key))
    restorable = " ; une version antérieure peut être rétablie" if each.get("restorable") else ""
    return f"{Discrepancy(each['kind']).label} : {each['key']}{whose}{restorable}"
