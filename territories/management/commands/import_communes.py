"""Import the communes of France."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from territories import imports

PACKAGE = settings.NODE_MODULES / "@etalab" / "decoupage-administratif" / "data"


class Command(BaseCommand):
    help = "Importe les communes, arrondissements, communes déléguées et associées ; peut être relancé sans doublon."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="fichier CSV national ; sans lui, le paquet npm installé")

    def handle(self, *args: object, **options: Any) -> None:
        file = options["file"]
        try:
            counts = imports.save(imports.read_csv(file) if file else imports.read_package(PACKAGE))
        except imports.UnreadableFile as error:
            raise CommandError(str(error)) from error
        if counts.vanished:
            self.stderr.write(
                f"{counts.vanished} communes connues ne sont plus dans la liste : elles sont gardées, vérifiez-les."
            )
        self.stdout.write(f"{counts.communes} communes, {counts.places} lieux.")
