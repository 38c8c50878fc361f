"""Check every chain of the journals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from permis import journal
from permis.models import Application, Sanction


class Command(BaseCommand):
    help = "Vérifie que le journal de chaque dossier et de chaque sanction est entier : aucune ligne changée, ôtée ou ajoutée."

    def handle(self, *args: object, **options: Any) -> None:
        cases, lines, broken = self._verified(Application)
        sanctions, more, damaged = self._verified(Sanction)
        self.stdout.write(f"{cases} dossiers, {sanctions} sanctions, {lines + more} lignes, {broken + damaged} journaux altérés.")
        if broken or damaged:
            raise CommandError("Le journal a été altéré.")

    def _verified(self, owners: type[Application | Sanction]) -> tuple[int, int, int]:
        """How many have a journal, how many lines they hold, and how many are broken."""
        count = lines = broken = 0
        for owner in owners._base_manager.filter(journal__isnull=False).distinct().order_by("pk").iterator():
            faults = list(journal.faults(owner))
            for fault in faults:
                self.stderr.write(fault)
            count, broken, lines = count + 1, broken + bool(faults), lines + owner.journal.count()
        return count, lines, broken
