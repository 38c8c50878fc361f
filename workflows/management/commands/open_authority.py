"""Open an authority with its first administrator: everything else is then done on the screens of the settings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from territories.enums import AuthorityKind
from territories.models import Authority
from workflows.actions import administration

# Option, field, what it is; the administrator completes the rest.
FACTS = (
    ("name", "nom, par exemple « Latitude Nord Gironde »"),
    ("kind-label", "nature en toutes lettres, par exemple « Communauté de communes »"),
    ("department", "code du département : 33, 2A, 974"),
    ("postal-address", "adresse imprimée sur chaque acte"),
    ("city", "lieu de signature des actes"),
    ("head-title", "titre de l’exécutif, par exemple « Le Maire »"),
    ("court-name", "tribunal compétent"),
    ("court-address", "adresse du tribunal"),
)


class Command(BaseCommand):
    help = "Ouvre une collectivité et invite son administrateur ; si elle existe déjà, lui donne cet administrateur sans rien changer d’autre."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("siren", help="SIREN de la collectivité")
        parser.add_argument("--email", required=True, help="adresse de l’administrateur, qui reçoit l’invitation")
        parser.add_argument("--first-name", required=True, help="son prénom")
        parser.add_argument("--family-name", required=True, help="son nom")
        parser.add_argument("--kind", choices=AuthorityKind.values, default=AuthorityKind.EPCI, help="epci ou commune (epci)")
        parser.add_argument("--time-zone", default="Europe/Paris", help="fuseau horaire (Europe/Paris)")
        for option, what in FACTS:
            parser.add_argument(f"--{option}", default="", help=what)

    def handle(self, *args: object, **options: Any) -> None:
        authority = Authority.objects.filter(siren=options["siren"]).first() or self._described(options)
        email = options["email"].strip().lower()
        try:
            validate_email(email)
            authority.full_clean()
        except ValidationError as error:
            raise CommandError(_sentences(error)) from None
        administration.open_authority(authority, email=email, first_name=options["first_name"], last_name=options["family_name"])
        self.stdout.write(f"{authority.kind_label} {authority.name} : {email} en est administrateur.")

    def _described(self, options: dict[str, Any]) -> Authority:
        fields = {option.replace("-", "_"): options[option.replace("-", "_")] for option, _ in FACTS}
        return Authority(siren=options["siren"], kind=options["kind"], time_zone=options["time_zone"], **fields)


def _sentences(error: ValidationError) -> str:
    """One line a fault, under the option that would mend it."""
    if not hasattr(error, "error_dict"):
        return "\n".join(error.messages)
    return "\n".join(f"--{name.replace('_', '-')} : {' '.join(messages)}" for name, messages in error.message_dict.items())
