"""Prove that the figures of the dashboards are what the cases say, or write them anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.statistics import recount, tally

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Recompte les chiffres des tableaux de bord à partir des dossiers et liste les écarts. "
        "Avec --mend, les réécrit : les actions attendent la fin, les tableaux de bord restent lisibles."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="réécrit les chiffres à partir des dossiers")

    def handle(self, *, mend: bool, verbosity: int, **options: Any) -> None:
        told = self._tell if verbosity > 1 else lambda _: None
        if mend:
            cases = recount.mend(told=told)
            self.stdout.write(f"{cases} dossiers recomptés, chiffres réécrits.")
            return
        tally.fold()
        with recount.one_snapshot():
            found = recount.recount(told=told)
        self.stdout.write(f"{found.cases} dossiers recomptés, {len(found.wrong)} écarts.")
        for (_, commune, regime, measure, day, key), (kept, right) in sorted(found.wrong.items())[:SHOWN]:
            self.stderr.write(f"{commune} {regime} {measure} {day.isoformat()} {key or '–'} : {kept} au lieu de {right}")
        if not found.is_right:
            raise CommandError("Les chiffres ne sont pas ceux des dossiers : relancez avec --mend pour les réécrire.")

    def _tell(self, cases: int) -> None:
        self.stdout.write(f"  {cases} dossiers")
