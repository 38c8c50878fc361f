"""`simulate FILE`: scenarios in, answers out, both JSON; no database is opened."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from permis import simulation


class Command(BaseCommand):
    help = "Dit ce que la loi fait d’un ou plusieurs scénarios (docs/simulateur.md)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="fichier JSON : un scénario ou une liste ; « - » lit l’entrée standard")

    def handle(self, *args: object, **options: Any) -> None:
        data = self._load(options["file"])
        scenarios = data if isinstance(data, list) else [data]
        faults, answers = [], []
        for index, each in enumerate(scenarios):
            try:
                answers.append(simulation.answer(simulation.read(each)))
            except simulation.Faults as found:
                prefix = f"[{index}]." if isinstance(data, list) else ""
                faults += [f"{prefix}{line}" for line in found.lines]
        if faults:
            self._stop(faults)
        json.dump(answers if isinstance(data, list) else answers[0], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")

    def _load(self, name: str) -> Any:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
            return simulation.parse(text)
        except OSError as error:
            self._stop([f"{name}: ce fichier ne peut pas être lu ({error.strerror})."])
        except UnicodeDecodeError:
            self._stop([f"{name}: ce fichier n’est pas en UTF-8."])
        except simulation.Faults as found:
            self._stop([f"{name}: {line}" for line in found.lines])

    def _stop(self, lines: list[str]) -> None:
        for line in lines:
            self.stderr.write(line)
        sys.exit(2)
