"""`manage.py test` is pytest, in the environment that `manage.py` made."""

import os
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Lance les tests. Tout argument va à pytest : « test tests/permis -k délai -x »."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every argument over as it is: pytest knows its own options."""
        self.handle(pytest_arguments=argv[2:])

    def handle(self, *args: object, **options: list[str]) -> None:
        """Take the place of this process, whose settings were read for the demo and not for the tests."""
        environment = {**os.environ, "PERMIS_TEST": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "pytest", *options["pytest_arguments"]], environment)
