"""What a command answers to words that it does not know, in French where argparse speaks English."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

_FRENCH = (
    (r"unrecognized arguments: (.+)", r"argument inconnu : \1"),
    (r"argument ([^:]+): expected (?:one|at least one) argument", r"\1 attend une valeur"),
    (r"argument ([^:]+): invalid int value: '(.*)'", r"\1 attend un nombre, et non « \2 »"),
    (r"the following arguments are required: (.+)", r"il manque : \1"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 peut vouloir dire \2"),
)


class FrenchParser(CommandParser):
    """argparse's own parser, whose refusals are French."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog} : {in_french(message)}. Les options : {self.prog} --help\n")


class FrenchUsage(BaseCommand):
    """A command that a person types."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = FrenchParser
        return parser


def in_french(message: str) -> str:
    """The same refusal; what argparse says in other cases stays as it is."""
    for english, french in _FRENCH:
        if found := re.fullmatch(english, message):
            return found.expand(french)
    return message
