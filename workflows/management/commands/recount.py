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

    def handle(self, *, mend: bool, **options: Any) -> None:
        if mend:
            cases = recount.mend(told=self._told)
            self.stdout.write(f"{cases} dossiers recomptés, chiffres réécrits.")
            return
        tally.fold()
        with recount.one_snapshot():
            found = recount.recount(told=self._told)
        self.stdout.write(f"{found.cases} dossiers recomptés, {len(found.wrong)} écarts.")
        for (_, commune, regime, measure, day, key), (kept, right) in sorted(found.wrong.items())[:SHOWN]:
            self.stderr.write(f"{commune} {regime} {measure} {day.isoformat()} {key or '–'} : {kept} au lieu de {right}")
        if not found.is_right:
            raise CommandError("Les chiffres ne sont pas ceux des dossiers : relancez avec --mend pour les réécrire.")

    def _told(self, cases: int) -> None:
        if self.verbosity_is_high:
            self.stdout.write(f"  {cases} dossiers")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.verbosity_is_high = options.get("verbosity", 1) > 1
        return super().execute(*args, **options)
