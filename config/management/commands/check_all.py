"""Every check of the project, one after the other, as the continuous integration runs them."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

PRODUCTION_LIKE = {
    "DATABASE_URL": "postgresql://permis@localhost/permis",
    "SECRET_KEY": "a-long-value-for-this-check-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "permis.example.fr",
    "BASE_URL": "https://permis.example.fr",
    "EMAIL_URL": "smtps://permis:secret@mail.example.fr:465",
    "SEAL_PKCS12": "/etc/permis/cachet.p12",
    "LOG_LEVEL": "WARNING",
}
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
# In the order of their speed: the first mistake is known soon.
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("ruff check", ["ruff", "check", "."], {}),
    ("ruff format", ["ruff", "format", "--check", "."], {}),
    ("lint-imports", ["lint-imports"], {}),
    ("djlint", ["djlint", "--lint", "--quiet", "."], {}),
    ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION_LIKE),
    ("makemigrations --check", [*MANAGE, "makemigrations", "--check", "--dry-run"], {"PERMIS_TEST": "1"}),
    ("mypy", ["mypy", "."], {}),
    ("pytest", [sys.executable, "-m", "pytest"], {"PERMIS_TEST": "1"}),
]


class Command(BaseCommand):
    help = "Lance toutes les vérifications : style, types, imports, gabarits, migrations, réglages, tests."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-tests", action="store_true", help="ne lance pas pytest")

    def handle(self, *args: object, **options: bool) -> None:
        checks = [check for check in CHECKS if not (options["without_tests"] and check[0] == "pytest")]
        failed = [name for name, command, environment in checks if not self._passes(name, command, environment)]
        if failed:
            raise CommandError(f"À corriger : {', '.join(failed)}.")
        self.stdout.write("Toutes les vérifications passent.")

    def _passes(self, name: str, command: list[str], environment: dict[str, str]) -> bool:
        """Run one check; its output is shown in full, for it is short when all is well."""
        self.stdout.write(f"-- {name}")
        self.stdout.flush()
        started = time.monotonic()
        bin_dir = Path(sys.executable).parent
        path = f"{bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env={**os.environ, "PATH": path, "PERMIS_NO_BOOTSTRAP": "1", **environment}
        )
        if done.returncode:
            self.stdout.write(f"   {name} échoue (code {done.returncode}).")
        else:
            self.stdout.write(f"   {time.monotonic() - started:.1f} s")
        return done.returncode == 0
