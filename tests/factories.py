"""Records for the tests: what a test depends on is written in the test, the rest is ordinary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Membership, SignaturePower, User
from permis import addresses
from permis.enums import Channel, Housing, InstallationAge, OrderKind, PieceKind, RequestNature, TransferCause
from permis.models import Application, Dwelling, Lessor, OrderImport, PoliceOrder, RuleChange, Transfer
from permis.rules import Rule
from territories.enums import AuthorityKind, Regime
from territories.models import Authority, Commune, Delegation, Zone
from workflows.actions import transfers

# One empty page, which every reader opens.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


class AuthorityFactory(DjangoModelFactory):
    class Meta:
        model = Authority

    kind = AuthorityKind.EPCI
    name = factory.Sequence(lambda n: f"Collectivité {n}")
    kind_label = "Communauté de communes"
    siren = factory.Sequence(lambda n: f"{200000000 + n}")
    department = "33"
    department_name = "Gironde"
    postal_address = "2 rue de la Ganne\n33920 Saint-Savin"
    city = "Saint-Savin"
    phone = "05 57 00 00 00"
    email = factory.LazyAttribute(lambda authority: f"habitat@{authority.siren}.example")
    head_title = "Le Président de la communauté de communes"
    court_name = "tribunal administratif de Bordeaux"
    court_address = "9 rue Tastet, 33000 Bordeaux"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune

    # No real commune of the Gironde has one of these codes: a test that names a real one never meets it here.
    insee = factory.Sequence(lambda n: f"33{600 + n % 400}")
    name = factory.Sequence(lambda n: f"Commune {n}")
    department = "33"
    postcodes = ["33920"]


class ZoneFactory(DjangoModelFactory):
    class Meta:
        model = Zone

    authority = factory.SubFactory(AuthorityFactory)
    commune = factory.SubFactory(CommuneFactory, epci_siren=factory.SelfAttribute("..authority.siren"))
    name = "Centre-bourg"
    deliberation = "2024-09-14"
    deliberated_on = date(2024, 9, 24)
    published_on = date(2024, 10, 1)
    in_force_on = date(2025, 5, 1)


class DelegationFactory(DjangoModelFactory):
    class Meta:
        model = Delegation

    epci = factory.SubFactory(AuthorityFactory)
    delegate = factory.SubFactory(AuthorityFactory, kind=AuthorityKind.COMMUNE)
    commune = factory.SubFactory(CommuneFactory, epci_siren=factory.SelfAttribute("..epci.siren"))
    regime = Regime.APML
    starts_on = date(2026, 1, 1)
    deliberation = "2025-12"


class PoliceOrderFactory(DjangoModelFactory):
    """An order in force on the building of the dwellings of these tests."""

    class Meta:
        model = PoliceOrder

    authority = factory.SubFactory(AuthorityFactory)
    commune = factory.SubFactory(CommuneFactory, epci_siren=factory.SelfAttribute("..authority.siren"))
    kind = OrderKind.SAFETY
    number = factory.Sequence(lambda n: f"2026-URB-{n:03d}")
    dated_on = date(2026, 1, 12)
    address = "12, rue de la Gare"
    cadastral_reference = ""
    address_key = factory.LazyAttribute(lambda order: addresses.key(order.commune.pk, order.address))
    plot = factory.LazyAttribute(lambda order: addresses.plot(order.cadastral_reference))
    recorded_by = factory.SubFactory("tests.factories.UserFactory")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin{n}")


def prove_address(user: User) -> User:
    """They followed the link of the message: what is filed online under their address is theirs."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def member(authority: Authority, *roles: Role, **fields: Any) -> User:
    """A person with these roles in this authority; a signatory may sign since 2020."""
    user = UserFactory(**fields)
    for role in roles:
        Membership.objects.create(user=user, role=role, authority=authority)
    if Role.SIGNATORY in roles:
        SignaturePower.objects.create(user=user, authority=authority, capacity="Le Président", starts_on=date(2020, 1, 1))
    return user


class ApplicationFactory(DjangoModelFactory):
    """A draft ready to be filed: one lessor, one dwelling, no piece."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        zoned = factory.Trait(zone=factory.SubFactory(ZoneFactory))
        declared = factory.Trait(regime=Regime.DML, lease_signed_on=date(2026, 3, 2))

    authority = factory.SubFactory(AuthorityFactory)
    commune = factory.SubFactory(CommuneFactory, epci_siren=factory.SelfAttribute("..authority.siren"))
    applicant = factory.SubFactory(UserFactory)
    nature = RequestNature.AGAIN

    @factory.post_generation
    def sheet(self, create: bool, extracted: dict[str, Any] | None, **kwargs: Any) -> None:
        answers = {
            "address": "12 rue de la Gare",
            "postcode": "33920",
            "floor": "2e étage",
            "housing": Housing.COLLECTIVE,
            "surface": Decimal("58.4"),
            "rooms": 3,
            "furnished": False,
            "construction_year": 1990,
            "electricity": InstallationAge.RECENT,
            "gas": InstallationAge.ABSENT,
        } | (extracted or {})
        Dwelling.objects.create(application=self, **answers)
        Lessor.objects.create(
            application=self,
            civility="mrs",
            first_name="Hélène",
            last_name="Duprat",
            address="5 allée des Tilleuls",
            postcode="33000",
            city="Bordeaux",
            email="h.duprat@exemple.fr",
        )


def paper_draft(authority: Authority, **fields: Any) -> Application:
    """A draft that the service enters for somebody."""
    return ApplicationFactory(authority=authority, channel=Channel.PAPER, applicant=None, **fields)


def register(authority: Authority, *, by: User, lines: str = "") -> OrderImport:
    """A register of orders that somebody sent, not read yet."""
    content = f"Numéro;Date;Commune;Adresse\n{lines}"
    return OrderImport.objects.create(authority=authority, name="arretes.csv", content=content, by=by)


def want_visas(authority: Authority, count: int, *, by: User) -> User:
    """The authority asks for visas since 2020; the manager who can give one, besides those there are."""
    RuleChange.objects.create(authority=authority, rule=Rule.VISAS, value=count, since=date(2020, 1, 1), by=by)
    return member(authority, Role.MANAGER)


def upload(content: bytes = PDF, name: str = "diagnostic.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def all_kinds() -> list[PieceKind]:
    """One file for everything: diagnosticians deliver the whole set as one PDF."""
    return [kind for kind in PieceKind if kind != PieceKind.OTHER]


def own_item(**changes: Any) -> dict[str, Any]:
    """What an authority says of an item that it adds to the grid, its code apart."""
    return {
        "section": "A",
        "title": "Local à vélos",
        "conform": "Fermé, accessible",
        "severity": "R",
        "basis": "Règlement de la copropriété",
        "work": "Réparer la porte",
        "rooms": ["building"],
        "quick": True,
    } | changes


def owner(**changes: Any) -> dict[str, Any]:
    """Who buys, as the form of a transfer says it."""
    return {
        "kind": "person",
        "civility": "mr",
        "first_name": "Yanis",
        "last_name": "Acquéreur",
        "address": "3 rue Neuve",
        "postcode": "33000",
        "city": "Bordeaux",
        "email": "acquereur@exemple.fr",
    } | changes


def transfer(application: Application, *, on: date, by: User | None = None, **changes: Any) -> Transfer:
    """A sale declared by its buyer, the agreement asked by e-mail."""
    facts = {"cause": TransferCause.SALE, "deed_on": on, "owners": [owner()]} | changes
    return transfers.file_transfer(application, by=by or UserFactory(), on=on, **facts)
