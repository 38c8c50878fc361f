"""The people of the demo: one account a role, and a small town where one person holds four."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress

from accounts.enums import Role
from accounts.models import Membership, Organisation, SignaturePower, User
from config.demo.territory import Territory

# E-mail, role, what the person may try.
ACCOUNTS = [
    ("bailleur@demo.test", "Bailleur", "déposer une demande, suivre les siennes, télécharger une décision"),
    ("agence@demo.test", "Mandataire", "déposer pour des propriétaires"),
    ("instruction@demo.test", "Instruction", "vérifier les pièces, saisir un dossier papier, rédiger une décision"),
    ("visite@demo.test", "Visite", "voir ses visites du jour, saisir un rapport"),
    ("signature@demo.test", "Signature", "relire et signer les décisions"),
    ("responsable@demo.test", "Responsable", "suivre les délais et les chiffres par commune"),
    ("elue@demo.test", "Élue", "lire le tableau de bord de sa commune"),
    ("admin@demo.test", "Administration", "régler les périmètres et les comptes"),
    ("mairie@demo.test", "Mairie, quatre rôles", "tout faire seule dans une petite commune"),
]


@dataclass(frozen=True)
class People:
    landlord: User
    agent: User
    officer: User
    inspector: User
    signatory: User
    manager: User
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
        ("signature@demo.test", Role.SIGNATORY, shared),
        ("responsable@demo.test", Role.MANAGER, shared),
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
    return People(
        landlord=made["bailleur@demo.test"],
        agent=made["agence@demo.test"],
        officer=made["instruction@demo.test"],
        inspector=made["visite@demo.test"],
        signatory=made["signature@demo.test"],
        manager=made["responsable@demo.test"],
        town_hall=made["mairie@demo.test"],
    )


def _person(email: str, password: str, first_name: str, last_name: str) -> User:
    user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


NAMES = {
    "bailleur@demo.test": ("Hélène", "Duprat"),
    "agence@demo.test": ("Yannick", "Besson"),
    "instruction@demo.test": ("Nadia", "Lagarde"),
    "visite@demo.test": ("Karim", "Benali"),
    "signature@demo.test": ("Philippe", "Castaing"),
    "responsable@demo.test": ("Sandrine", "Bros"),
    "elue@demo.test": ("Odile", "Pineau"),
    "admin@demo.test": ("Bruno", "Castets"),
    "mairie@demo.test": ("Louise", "Arnaud"),
}
