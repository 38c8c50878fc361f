"""The people of the demo: one account a role, and a small town where one person holds four."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress

from accounts.enums import Role
from accounts.models import Membership, Organisation, SignaturePower, User
from config.demo.territory import Territory
from inspections.models import Mandate, Operator
from permis.enums import Civility

# E-mail, role, what the person may try.
ACCOUNTS = [
    ("bailleur@demo.test", "Bailleur", "déposer une demande, suivre les siennes, télécharger une décision"),
    ("agence@demo.test", "Mandataire", "déposer pour des propriétaires"),
    ("instruction@demo.test", "Instruction", "vérifier les pièces, saisir un dossier papier, rédiger une décision"),
    ("visite@demo.test", "Visite", "voir ses visites du jour, saisir un rapport"),
    ("operateur@demo.test", "Opérateur de visites", "voir ses seules visites, confiées par mandat écrit"),
    ("signature@demo.test", "Signature", "relire et signer les décisions"),
    ("responsable@demo.test", "Responsable", "suivre les délais et les chiffres par commune"),
    ("juriste@demo.test", "Juriste", "suivre les recours, les jugements et les procédures contradictoires"),
    ("elue@demo.test", "Élue", "lire le tableau de bord de sa commune"),
    ("caf@demo.test", "CAF, partenaire", "lire ce qui lui est transmis, le télécharger, en accuser réception"),
    ("admin@demo.test", "Administration", "régler les périmètres et les comptes"),
    ("mairie@demo.test", "Mairie, quatre rôles", "tout faire seule dans une petite commune"),
]


# Who lets: the landlord of the demo, and the others, whose accounts nobody may open.
LANDLORD = (Civility.MRS, "Hélène", "Duprat")
OWNERS = (
    (Civility.MR, "Thierry", "Roux"), (Civility.MRS, "Fatou", "Diallo"), (Civility.MR, "Paul", "Dumora"), (Civility.MRS, "Inès", "Bouchet"),
    (Civility.MR, "Adrien", "Sorbier"), (Civility.MRS, "Rose", "Ferreira"), (Civility.MR, "Luc", "Tessier"),
)  # fmt: skip


@dataclass(frozen=True)
class People:
    landlord: User
    owners: tuple[User, ...]
    agent: User
    officer: User
    inspector: User
    operator: User
    signatory: User
    manager: User
    legal: User
    town_hall: User


def make(territory: Territory, *, password: str) -> People:
    """The accounts of the demo: the service of the EPCI also works for Saint-Savin; Cavignac is one person's."""
    shared = (territory.epci, territory.saint_savin)
    everywhere = (*shared, territory.cavignac)
    made = {email: _person(email, password, *NAMES[email]) for email, _, _ in ACCOUNTS}
    agency = Organisation.objects.create(
        name="Cabinet Moron",
        activity="Administration de biens",
        card_number="CPI 3301 2020 000 045 678",
        card_issued_at="Bordeaux",
        address="8 cours de la Marne, 33800 Bordeaux",
        email="agence@demo.test",
        phone="05 56 00 00 00",
    )
    Membership.objects.create(user=made["agence@demo.test"], role=Role.AGENT, organisation=agency)
    for email, role, authorities in (
        ("instruction@demo.test", Role.OFFICER, shared),
        ("visite@demo.test", Role.INSPECTOR, shared),
        ("operateur@demo.test", Role.OPERATOR, shared),
        ("signature@demo.test", Role.SIGNATORY, shared),
        ("responsable@demo.test", Role.MANAGER, shared),
        ("juriste@demo.test", Role.LEGAL, everywhere),
        ("elue@demo.test", Role.ELECTED, everywhere),
        ("admin@demo.test", Role.ADMINISTRATOR, (territory.epci,)),
        ("mairie@demo.test", Role.OFFICER, (territory.cavignac,)),
        ("mairie@demo.test", Role.INSPECTOR, (territory.cavignac,)),
        ("mairie@demo.test", Role.SIGNATORY, (territory.cavignac,)),
        ("mairie@demo.test", Role.MANAGER, (territory.cavignac,)),
    ):
        for authority in authorities:
            Membership.objects.create(user=made[email], role=role, authority=authority)
    for authority in shared:
        SignaturePower.objects.create(
            user=made["signature@demo.test"],
            authority=authority,
            capacity="Le Vice-président chargé de l’habitat",
            delegation="l’arrêté n° 2024-ADM-031 du 20 avril 2024",
            starts_on=date(2024, 4, 20),
        )
    SignaturePower.objects.create(
        user=made["mairie@demo.test"], authority=territory.cavignac, capacity="La Maire", starts_on=date(2020, 7, 4)
    )
    for authority in shared:
        operator = Operator.objects.create(authority=authority, name="SOLIHA Gironde")
        operator.people.add(made["operateur@demo.test"])
        Mandate.objects.create(
            operator=operator,
            reference="marché n° 2024-12, lot 1",
            signed_on=date(2024, 4, 22),
            starts_on=date(2024, 5, 1),
            ends_on=date(2031, 4, 30),
        )
    return People(
        landlord=made["bailleur@demo.test"],
        owners=tuple(
            _person(f"{last_name.lower()}@courriel.test", None, first_name, last_name) for _, first_name, last_name in OWNERS
        ),
        agent=made["agence@demo.test"],
        officer=made["instruction@demo.test"],
        inspector=made["visite@demo.test"],
        operator=made["operateur@demo.test"],
        signatory=made["signature@demo.test"],
        manager=made["responsable@demo.test"],
        legal=made["juriste@demo.test"],
        town_hall=made["mairie@demo.test"],
    )


def occupant(rank: int) -> dict[str, Any]:
    """Who lives in a dwelling that is visited: somebody with an address, somebody without, nobody."""
    if rank % 3 == 0:
        return {
            "occupied": True,
            "occupant_name": "Mme Awa Sow",
            "occupant_email": "a.sow@courriel.test",
            "occupant_phone": "06 39 98 11 11",
        }
    return {"occupied": True, "occupant_name": "M. Jean Fau"} if rank % 3 == 1 else {"occupied": False}


def _person(email: str, password: str | None, first_name: str, last_name: str) -> User:
    user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


NAMES = {
    "bailleur@demo.test": ("Hélène", "Duprat"),
    "agence@demo.test": ("Yannick", "Besson"),
    "instruction@demo.test": ("Nadia", "Lagarde"),
    "visite@demo.test": ("Karim", "Benali"),
    "operateur@demo.test": ("Léa", "Garnier"),
    "signature@demo.test": ("Philippe", "Castaing"),
    "responsable@demo.test": ("Sandrine", "Bros"),
    "juriste@demo.test": ("Claire", "Vasseur"),
    "elue@demo.test": ("Odile", "Pineau"),
    "caf@demo.test": ("Claire", "Vidal"),
    "admin@demo.test": ("Bruno", "Castets"),
    "mairie@demo.test": ("Louise", "Arnaud"),
}
