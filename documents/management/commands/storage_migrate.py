"""Move every file from a disk to a bucket, or back."""

import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents import evidence, moving
from documents.backends import StorageFailed
from documents.moving import Counts

EVERY = 100


class Command(BaseCommand):
    help = (
        "Copie tous les fichiers d’un stockage vers un autre, et relit chaque copie. Peut être interrompue et relancée : "
        "ce qui est déjà arrivé entier n’est pas copié de nouveau. Rien n’est effacé à la source."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        place = "un dossier, une adresse s3://… écrite comme STORAGE_URL, ou « actuel » pour le stockage configuré"
        parser.add_argument("--from", dest="source", required=True, metavar="STOCKAGE", help=place)
        parser.add_argument("--to", dest="target", required=True, metavar="STOCKAGE", help=place)
        parser.add_argument("--dry-run", action="store_true", help="compte ce qui serait copié, sans rien écrire")

    def handle(self, *args: object, source: str, target: str, dry_run: bool, **options: Any) -> None:
        try:
            counts = moving.move(
                moving.place(source), moving.place(target), dry_run=dry_run, fail=self._fail, progress=self._progress
            )
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        except StorageFailed as error:
            raise CommandError(f"La liste des fichiers n’a pas pu être lue jusqu’au bout : {error.detail}") from error
        if not dry_run:
            evidence.forget_locks()
        verb = "à copier" if dry_run else "copiés"
        self.stdout.write(
            f"{counts.copied} objets {verb} ({_megabytes(counts)} Mo), {counts.already} déjà en place, {counts.failed} en échec."
        )
        if counts.failed:
            sys.exit(1)

    def _fail(self, key: str, detail: str) -> None:
        self.stderr.write(f"{key} : {detail}")

    def _progress(self, counts: Counts) -> None:
        if counts.seen % EVERY == 0:
            self.stdout.write(f"… {counts.seen} objets vus, {counts.copied} copiés ({_megabytes(counts)} Mo)")
            self.stdout.flush()


def _megabytes(counts: Counts) -> str:
    return f"{counts.size / 1_000_000:.1f}".replace(".", ",")
