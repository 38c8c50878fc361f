"""A database as large as the country's could be, on which the measures of `manage.py bench` are made."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from bench.million import loading
from config.usage import FrenchUsage


class Command(FrenchUsage):
    help = (
        "Remplit une base à part de dossiers tirés au sort, toujours les mêmes pour une même graine et un même jour. "
        "Jamais celle de la démonstration, ni celle de DATABASE_URL sans --database-url."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=1_000_000, help="nombre de dossiers (1000000)")
        parser.add_argument("--communes", type=int, default=600, help="nombre de communes (600)")
        parser.add_argument("--seed", type=int, default=2026, help="graine du tirage (2026)")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processus qui écrivent")
        parser.add_argument("--data-dir", type=Path, default=settings.BASE_DIR / ".bench", help="dossier des données (.bench)")
        parser.add_argument("--database-url", action="store_true", help="remplit la base, vide, que désigne DATABASE_URL")
        parser.add_argument("--reset", action="store_true", help="efface d’abord la base embarquée de ce dossier")

    def handle(self, *args: object, **options: Any) -> None:
        data_dir, given = options["data_dir"].absolute(), bool(settings.DATABASE_URL)
        if given != options["database_url"] or data_dir != settings.DATA_DIR:
            if not given and options["database_url"]:
                raise CommandError("DATABASE_URL n’est pas définie.")
            _start_again(data_dir, keep_url=options["database_url"])
        if options["cases"] < 1 or not 1 <= options["communes"] <= 3000:
            raise CommandError("Donnez un nombre de dossiers, et de 1 à 3000 communes.")
        if options["reset"] and not given:
            settings.CLUSTER.remove()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        try:
            loading.load(
                cases=options["cases"],
                communes=options["communes"],
                seed=options["seed"],
                workers=options["workers"],
                today=timezone.localdate(),
                say=self._say,
            )
        except loading.NotEmpty as refusal:
            raise CommandError(str(refusal)) from None
        # What autovacuum does in a base that lives: an index alone then answers, without the rows.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _start_again(data_dir: Path, *, keep_url: bool) -> None:
    """The settings read the environment once, before the arguments: begin again with what these say."""
    environment = {**os.environ, "PERMIS_DATA_DIR": str(data_dir), "PERMIS_NO_BOOTSTRAP": "1"}
    if not keep_url:
        environment.pop("DATABASE_URL", None)
    os.execve(sys.executable, [sys.executable, *sys.argv], environment)
