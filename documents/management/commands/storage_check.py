"""Say what the configured storage can do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents import capabilities, storage
from documents.backends import ObjectStorage, StorageFailed
from documents.capabilities import Mark


class Command(BaseCommand):
    help = (
        "Dit, ligne par ligne, ce que le stockage configuré sait faire, en l’essayant ; efface ses essais. "
        "« NON » : le logiciel en a besoin. « attention » : à savoir."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set-cors", action="store_true", help="permet d’abord aux pages de BASE_URL d’envoyer au seau")
        parser.add_argument("--set-policy", action="store_true", help="interdit d’abord toute copie vers la quarantaine du seau")

    def handle(self, *args: object, set_cors: bool, set_policy: bool, **options: Any) -> None:
        adapter = storage.adapter()
        try:
            if isinstance(adapter, ObjectStorage):
                if set_cors:
                    capabilities.set_cors(adapter)
                if set_policy:
                    capabilities.set_policy(adapter)
            elif set_cors or set_policy:
                raise CommandError("Ces réglages sont ceux d’un seau S3 ; les fichiers sont ici sur le disque.")
            lines = []
            for line in capabilities.examine(adapter):
                lines.append(line)
                self.stdout.write(f"{line.mark:<10} {line.text}")
        except StorageFailed as error:
            raise CommandError(f"Le stockage ne répond pas : {error.detail}") from error
        lacking = sum(line.mark == Mark.NO for line in lines)
        care = sum(line.mark == Mark.CARE for line in lines)
        self.stdout.write(f"{len(lines)} essais, {lacking} en échec, {care} à savoir.")
        if lacking:
            sys.exit(1)
