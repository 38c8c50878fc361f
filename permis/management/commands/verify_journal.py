"""Check every chain of the journal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from permis import journal
from permis.models import Application


class Command(BaseCommand):
    help = "Vérifie que le journal de chaque dossier est entier : aucune ligne changée, ôtée ou ajoutée."

    def handle(self, *args: object, **options: Any) -> None:
        cases = lines = broken = 0
        for application in Application.objects.filter(journal__isnull=False).distinct().order_by("pk").iterator():
            faults = list(journal.faults(application))
            for fault in faults:
                self.stderr.write(fault)
            cases, broken, lines = cases + 1, broken + bool(faults), lines + application.journal.count()
        self.stdout.write(f"{cases} dossiers, {lines} lignes, {broken} journaux altérés.")
        if broken:
            raise CommandError("Le journal a été altéré.")
