"""The sanctions of the demo: each is led to its state by the actions, with past dates, so that it has its journal and acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile

from accounts.enums import Role
from accounts.models import Membership, User
from config.demo.people import People
from config.demo.territory import Territory
from documents import rendering
from documents.french import day as longue
from permis import sanctions as law
from permis.breaches import Breach, FindingSource, SanctionState
from permis.enums import LessorKind, Means, State
from permis.models import Application, Sanction
from territories.enums import Regime
from territories.models import Authority, Zone
from workflows import sanctioning
from workflows.actions import fines, sanctions

JURIST = ("juriste@demo.test", "Claire", "Vasseur")
PEOPLE = (
    (LessorKind.PERSON, "M. Paul Dumora", "", "4 cours Vauban", "33390", "Blaye", "p.dumora@courriel.test"),
    (LessorKind.COMPANY, "SCI Les Platanes", "89173625400022", "17 rue Fondaudège", "33000", "Bordeaux", "gerance@platanes.test"),
    (LessorKind.PERSON, "Mme Inès Bouchet", "", "2 chemin de la Palue", "33710", "Bourg", ""),
    (LessorKind.PERSON, "M. Luc Tessier", "", "9 rue du Port", "33240", "Saint-André-de-Cubzac", "luc.tessier@courriel.test"),
    (LessorKind.PERSON, "Mme Fatou Diallo", "", "31 rue Judaïque", "33000", "Bordeaux", "f.diallo@courriel.test"),
    (
        LessorKind.COMPANY,
        "SARL Habitat du Blayais",
        "81234567800013",
        "6 cours du Port",
        "33390",
        "Blaye",
        "contact@blayais.test",
    ),
    (LessorKind.PERSON, "M. Adrien Sorbier", "", "14 route de Libourne", "33240", "Saint-Gervais", "a.sorbier@courriel.test"),
    (LessorKind.PERSON, "M. Thierry Roux", "", "3 rue de l’Hôpital", "33390", "Blaye", ""),
)
SEEN = {
    FindingSource.VISIT: "Le logement est occupé par un locataire, qui a montré son bail et ses quittances lors du passage sur place.",
    FindingSource.COMPLAINT: "Le locataire a signalé l’état du logement, et joint à sa plainte son bail et ses quittances.",
    FindingSource.LEASE: "Le bail et les dernières quittances, remis au service, montrent que le logement est loué.",
}
NOT_ASKED = "Aucune demande d’autorisation n’avait été déposée pour ce logement le jour du constat."
REASONS = (
    "Le logement est loué depuis plusieurs mois sans que ses équipements aient été vérifiés.\n\n"
    "La lettre d’observations rappelait cette obligation, et la situation n’a pas été régularisée."
)


@dataclass
class Proceeding:
    """One sanction of the demo and the day it stands at; each verb leads it one step further."""

    zone: Zone
    jurist: User
    signatory: User
    today: date
    rank: int
    day: date
    sanction: Sanction

    @classmethod
    def found(
        cls, zone: Zone, cast: People, jurist: User, *, rank: int, days_ago: int, today: date, **changes: Any
    ) -> Proceeding:
        kind, name, siret, address, postcode, city, email = PEOPLE[rank % len(PEOPLE)]
        day = max(today - timedelta(days=days_ago), law.DECIDED_HERE_SINCE, zone.in_force_on)
        source = (FindingSource.VISIT, FindingSource.COMPLAINT, FindingSource.LEASE)[rank % 3]
        given: dict[str, Any] = {
            "breach": Breach.NO_REQUEST,
            "let_on": max(day - timedelta(days=120), zone.in_force_on),
            "source": source,
            "facts": f"{SEEN[source]}\n\n{NOT_ASKED}",
            "person": {
                "person_kind": kind, "person_name": name, "person_siret": siret, "person_address": address,
                "person_postcode": postcode, "person_city": city, "person_email": email,
            },
            "address": f"{3 + 4 * rank} rue des Écoles",
            "postcode": zone.commune.postcode,
            "found_by_name": cast.inspector.full_name,
        }  # fmt: skip
        sanction = sanctions.open_sanction(
            zone.authority, commune=zone.commune, zone=zone, found_on=day, by=jurist, on=day, **{**given, **changes}
        )
        return cls(zone, jurist, cast.signatory, today, rank, day, sanction)

    def after(self, days: int) -> Proceeding:
        """Let days pass, up to today at most."""
        self.day = min(self.day + timedelta(days=days), self.today)
        return self

    def prove(self) -> Proceeding:
        letter = sanctioning.observations_letter(self.sanction, on=self.day).as_data()
        letter |= {"title": "Constat d’occupation", "subtitle": "établi sur place", "recipient": [], "remedies": []}
        upload = ContentFile(rendering.render(letter), name="constat-occupation.pdf")
        sanctions.add_evidence(self.sanction, upload=upload, by=self.jurist, on=self.day)
        return self

    def write(self) -> Proceeding:
        by, on = self.jurist, self.day
        tracking = f"1A 204 118 {3000 + self.rank} 7"
        self.sanction = sanctions.open_observations(
            self.sanction, means=Means.REGISTERED_LETTER, tracking_number=tracking, by=by, on=on
        )
        return self

    def present(self) -> Proceeding:
        self.write().after(4)
        self.sanction = sanctions.receive_letter(self.sanction, received_on=self.day, by=self.jurist, on=self.day)
        return self

    def hear(self, text: str, *, asks: bool = False) -> Proceeding:
        self.after(12)
        self.sanction = sanctions.record_observations(
            self.sanction, observations=text, observations_on=self.day, hearing_asked=asks, by=self.jurist, on=self.day
        )
        return self

    def mend(self) -> Proceeding:
        self.after(9)
        self.sanction = sanctions.regularise(
            self.sanction, regularised_on=self.day, receipt="récépissé du service habitat", by=self.jurist, on=self.day
        )
        return self

    def wait(self) -> Proceeding:
        """The month of the observations is over, with its day of grace."""
        assert self.sanction.observations_until is not None
        self.day = min(self.sanction.observations_until + timedelta(days=1), self.today)
        if self.sanction.state == SanctionState.OBSERVATIONS_OPEN:
            self.sanction = sanctions.move_to_decide(self.sanction, on=self.day)
        return self

    def propose(self, amount: int) -> Proceeding:
        self.sanction = fines.propose_fine(self.sanction, amount=amount, reasons=REASONS, by=self.jurist, on=self.day)
        return self

    def sign(self) -> Proceeding:
        act = fines.preview(self.sanction, by=self.signatory, on=self.day)
        self.sanction = fines.fine(self.sanction, act=act, by=self.signatory, on=self.day)
        return self

    def notify(self) -> Proceeding:
        self.after(5)
        self.sanction = fines.notify(
            self.sanction,
            means=Means.REGISTERED_LETTER,
            tracking_number=f"1A 205 118 {4000 + self.rank} 2",
            notified_on=self.day,
            by=self.jurist,
            on=self.day,
        )
        return self

    def title(self) -> Proceeding:
        self.after(20)
        number = f"T-{self.day.year}-{118 + self.rank}"
        self.sanction = fines.issue_title(self.sanction, number=number, issued_on=self.day, by=self.jurist, on=self.day)
        return self

    def pay(self, amount: int) -> Proceeding:
        self.after(25)
        self.sanction = fines.record_payment(self.sanction, amount=amount, paid_on=self.day, by=self.jurist, on=self.day)
        return self

    def recover(self) -> Proceeding:
        self.after(40)
        self.sanction = fines.start_recovery(self.sanction, since=self.day, by=self.jurist, on=self.day)
        return self

    def contest(self) -> Proceeding:
        self.after(15)
        before = "Tribunal administratif de Bordeaux, n° 2604417"
        self.sanction = fines.contest(self.sanction, contested_on=self.day, before=before, by=self.jurist, on=self.day)
        return self

    def close(self, reason: str) -> Proceeding:
        self.sanction = sanctions.close(self.sanction, reason=reason, by=self.jurist, on=self.day)
        return self


# How many days ago the finding was made, and what became of it since.
PLOTS: tuple[tuple[int, Callable[[Proceeding], Any]], ...] = (
    (520, lambda p: p.prove().present().wait().propose(1800).sign().notify().title().pay(1800)),
    (430, lambda p: p.present().hear("Le gérant pensait que l’autorisation du précédent bail suffisait.").wait().propose(2500).sign().notify().title().pay(1000).recover()),
    (345, lambda p: p.prove().present().wait().propose(3500)),
    (300, lambda p: p.present().wait().propose(4000).sign().notify().title().contest()),
    (240, lambda p: p.present().mend().wait().close("Première infraction, régularisée dans le délai imparti.")),
    (120, lambda p: p.present().wait().propose(1500).sign().notify()),
    (70, lambda p: p.prove().present().hear("Je croyais que l’agence s’en chargeait.").wait()),
    (30, lambda p: p.present().mend()),
    (21, lambda p: p.present().hear("Je conteste les faits.", asks=True)),
    (5, lambda p: p.prove()),
)  # fmt: skip


def seed(place: Territory, cast: People, *, password: str, today: date) -> None:
    """Ten findings without case, then the two that concern a landlord's own case."""
    jurist = _jurist((place.epci, place.saint_savin, place.cavignac), password=password)
    zones = list(
        Zone.objects.filter(authority__in=[place.epci, place.saint_savin], regime=Regime.APML)
        .select_related("authority", "commune")
        .order_by("pk")
    )
    for rank, (days_ago, lead) in enumerate(PLOTS):
        lead(Proceeding.found(zones[rank % len(zones)], cast, jurist, rank=rank, days_ago=days_ago, today=today))
    cases = Application.objects.filter(
        authority__in=[place.epci, place.saint_savin], applicant=cast.landlord, zone__regime=Regime.APML
    )
    cases = cases.select_related("authority", "commune", "zone", "dwelling").order_by("-received_on", "-pk")
    _filed_late(cases.filter(state__in=State.open(), received_on__lte=today - timedelta(days=2)).first(), cast, jurist, today)
    _let_despite(cases.filter(state=State.REFUSED).first(), cast, jurist, today)


def _filed_late(case: Application | None, cast: People, jurist: User, today: date) -> None:
    """Let before the request: the landlord reads the letter on their own page, and may answer."""
    if case is None or case.received_on is None:
        return
    found_on = case.received_on - timedelta(days=1)
    let_on = case.received_on - timedelta(days=60)
    _of(case, cast, jurist, found_on=found_on, let_on=let_on, today=today, breach=Breach.NO_REQUEST).present()


def _let_despite(case: Application | None, cast: People, jurist: User, today: date) -> None:
    """Let after a notified refusal: up to 15 000 €, and nothing to mend."""
    if case is None or case.notified_on is None:
        return
    let_on = min(case.notified_on + timedelta(days=10), today)
    facts = f"{SEEN[FindingSource.LEASE]}\n\nLe refus de l’autorisation avait été notifié le {longue(case.notified_on)}, avant ce bail."
    found_on = min(let_on + timedelta(days=30), today)
    _of(case, cast, jurist, found_on=found_on, let_on=let_on, today=today, breach=Breach.DESPITE_REFUSAL, facts=facts).prove()


def _of(case: Application, cast: People, jurist: User, *, found_on: date, today: date, **changes: Any) -> Proceeding:
    lessor = case.lessors.order_by("position").get()
    assert case.zone is not None
    person = {
        "person_kind": lessor.kind, "person_name": lessor.name, "person_siret": lessor.siret, "person_address": lessor.address,
        "person_postcode": lessor.postcode, "person_city": lessor.city, "person_email": lessor.email,
    }  # fmt: skip
    days_ago = (today - found_on).days
    return Proceeding.found(
        case.zone, cast, jurist, rank=20, days_ago=days_ago, today=today, application=case, blames_applicant=True, person=person,
        address=case.dwelling.street_line, postcode=case.dwelling.postcode, **changes,
    )  # fmt: skip


def _jurist(authorities: tuple[Authority, ...], *, password: str) -> User:
    """The account of the jurist, made here where nothing made it before."""
    email, first_name, last_name = JURIST
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    for authority in authorities:
        Membership.objects.get_or_create(user=person, role=Role.LEGAL, authority=authority)
    return person
