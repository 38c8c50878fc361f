"""`manage.py bench NAME` runs a measure of the `bench` folder, in a process of its own whose settings it chooses."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

# Modules of the folder that are no measure.
PARTS = {
    "__init__",
    "admin_peer",
    "admin_urls",
    "case_runs",
    "measuring",
    "peer",
    "peer_urls",
    "peers",
    "serving",
    "settings",
    "stock",
    "urls",
    "visitor",
}


class Command(BaseCommand):
    help = "Lance une mesure : « bench worklist », « bench case »… Tout ce qui suit le nom va à la mesure."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every argument over as it is: each measure knows its own options."""
        self.handle(words=argv[2:])

    def handle(self, *args: object, **options: list[str]) -> None:
        names = sorted({file.stem for file in (settings.BASE_DIR / "bench").glob("*.py")} - PARTS)
        name, *rest = options["words"] or [""]
        if name not in names:
            sys.exit(f"Les mesures : {', '.join(names)}.")
        os.chdir(settings.BASE_DIR)
        environment = {**os.environ, "PERMIS_NO_BOOTSTRAP": "1"}
        os.execve(sys.executable, [sys.executable, "-W", "ignore", "-m", f"bench.{name}", *rest], environment)
