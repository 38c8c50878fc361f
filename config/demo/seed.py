"""The cases of the demo: each is led to its state by the actions, with past dates, so that it has its journal and acts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import OutputWrapper
from django.utils import timezone

from accounts.models import Organisation, User
from config.demo import afterlife as after_decision
from config.demo import appeals, declarations, diagnostics, notices, orders, people, sanctions, territory, transmissions
from config.demo.people import People
from documents.enums import Verdict
from inspections.enums import Conclusion, ContactChannel, ContactResult, Severity, SignatureGiven
from inspections.models import Visit
from permis import journal
from permis.enums import (  # fmt: skip
    Channel,
    ConditionMode,
    Ground,
    Housing,
    InstallationAge,
    LeaseKind,
    Means,
    Outcome,
    Ownership,
    PieceKind,
    RequestNature,
    Situation,
    Supply,
)
from permis.models import Application
from permis.models.journal import Event
from territories.models import Commune, Zone
from workflows.actions import (
    appointments,
    clock,
    completeness,
    contacts,
    decision,
    gathering,
    inspection,
    intake,
    notification,
    report,
    works,
)
from workflows.exports import opendata

STREETS = ("rue de la Gare", "place de la Mairie", "rue des Écoles", "route de Blaye", "rue du 8-Mai-1945", "rue du Moulin", "avenue de la République", "rue Jean-Moulin")  # fmt: skip
WORKS = [
    {
        "place": "Salle d’eau", "finding": "Aucune extraction d’air, moisissures au plafond", "evidence": "Rapport de visite",
        "basis": "décret 2002-120, art. 2, 6", "work": "Poser un extracteur mécanique débouchant à l’extérieur", "proof": "Facture et photographie",
    },
    {
        "place": "Séjour", "finding": "Prise de courant descellée, conducteur apparent", "evidence": "Rapport de visite",
        "basis": "décret 2002-120, art. 2, 5", "work": "Faire remplacer la prise par un électricien", "proof": "Attestation de l’électricien",
    },
]  # fmt: skip
FINDINGS = [
    {"place": work["place"], "description": work["finding"], "severity": Severity.BLOCKING, "basis": work["basis"], "work": work["work"]}
    for work in WORKS
]  # fmt: skip
CONSIDERATIONS = (
    "que la visite a relevé dans la salle d’eau l’absence d’extraction d’air et, dans le séjour, une prise descellée ;\n\n"
    "que ces désordres exposent les occupants à un risque pour leur santé et leur sécurité ;"
)


def seed(*, password: str, stdout: OutputWrapper) -> None:
    """Fill an empty database: the territory, the people, then the cases that cover every state reached here."""
    place = territory.make()
    cast = people.make(place, password=password)
    today = place.epci.today()
    plots = [*PLOTS, *appeals.PLOTS]
    for rank, (age, lead) in enumerate(plots):
        Case(cast, today - timedelta(days=age), rank=rank, today=today).follow(lead)
        if (rank + 1) % 10 == 0:
            stdout.write(f"  {rank + 1} dossiers sur {len(plots)}")
    declarations.seed(cast, place.epci)
    after_decision.lead(cast, today=today)
    orders.make(place, cast, today=today)
    notices.add(lambda age, rank, lead: Case(cast, today - timedelta(age), rank=rank, today=today).follow(lead), decided=_decided)
    transmissions.seed(place, cast, today=today)
    after_decision.ask_again(cast, today=today)
    sanctions.seed(place, cast, password=password, today=today)
    for authority in (place.epci, place.saint_savin, place.cavignac):
        clock.run(authority, on=today)
    opendata.publish_all()


class Case:
    """One application of the demo and the day it stands at; each verb leads it one step further."""

    def __init__(self, cast: People, filed_on: date, *, rank: int, today: date) -> None:
        self.insee = ("33473", "33233", "33114")[rank % 3]
        is_cavignac = self.insee == "33114"
        self.officer = cast.town_hall if is_cavignac else cast.officer
        self.inspector = cast.town_hall if is_cavignac else cast.inspector
        self.signatory = cast.town_hall if is_cavignac else cast.signatory
        self.manager = cast.town_hall if is_cavignac else cast.manager
        self.cast, self.rank, self.day, self.today = cast, rank, filed_on, today
        self.made_on = filed_on - timedelta(days=40)
        self.case: Application

    def follow(self, lead: Callable[[Case], Any]) -> None:
        self._draft()
        lead(self)

    def after(self, days: int) -> Case:
        """Let days pass, up to today at most."""
        self.day = min(self.day + timedelta(days=days), self.today)
        return self

    def file(self, *kinds: PieceKind) -> Case:
        by = self.by
        given = list(kinds) or [PieceKind.DPE, PieceKind.ELECTRICITY, PieceKind.CREP, PieceKind.FORM]
        upload = ContentFile(self.diagnostics(), name="diagnostics.pdf")
        pieces = gathering.add_piece(
            self.case,
            kinds=given,
            upload=upload,
            by=by,
            on=self.day,
            established_on=self.made_on,
            lead_found=False,
        )
        for piece in pieces:
            if page := diagnostics.PAGES.get(PieceKind(piece.kind)):
                gathering.describe_piece(piece, by=by, on=self.day, first_page=page, last_page=page)
        intake.answer(self.case, by=by, step=7, accuracy_declared=True)
        self.case = intake.submit(self.case, by=by, on=self.day, received_on=self.day)
        if self.rank % 4:
            completeness.assign(self.case, officer=self.officer, by=self.officer, on=self.day)
        return self

    def complete(self) -> Case:
        """As an officer who accepted each piece: the worker opens the files once the demo runs, and it starts the sooner."""
        pieces = self.case.pieces.current()
        pieces.update(verdict=Verdict.ACCEPTED, checked_by=self.officer)
        for kind in sorted(set(pieces.values_list("kind", flat=True))):
            journal.record(self.case, Event.PIECE_ACCEPTED, by=self.officer, on=self.day, piece=kind, reason="")
        self.case = completeness.declare_complete(self._again(), by=self.officer, on=self.day)
        return self

    def request(self) -> Case:
        self.case = completeness.request_missing(
            self._again(), kinds=[PieceKind.DPE], respond_by=self.day + timedelta(days=30), by=self.officer, on=self.day,
            reasons={PieceKind.DPE: "le DPE fourni ne porte pas sur ce logement"},
        )  # fmt: skip
        return self

    def answer(self) -> Case:
        upload = ContentFile(self.diagnostics() + b"\n% bis", name="nouveau-dpe.pdf")
        gathering.add_piece(self._again(), kinds=[PieceKind.DPE], upload=upload, by=self.officer, on=self.day)
        return self

    def remind(self) -> Case:
        completeness.remind(self._again(), by=self.officer, on=self.day)
        return self

    def close(self) -> Case:
        completeness.close_incomplete(self._again(), by=self.manager, on=self.day)
        return self

    def withdraw(self) -> Case:
        intake.withdraw(self._again(), by=self.by, on=self.day)
        return self

    def out_of_scope(self) -> Case:
        completeness.set_out_of_scope(
            self._again(),
            reason="Il s’agit du renouvellement d’un bail en cours, sans changement de locataire.",
            by=self.officer,
            on=self.day,
        )
        return self

    def call(self) -> Case:
        """Two calls before a visit, one without answer."""
        for result in (ContactResult.NO_ANSWER, ContactResult.AGREES):
            contacts.record_contact(
                self._again(), channel=ContactChannel.PHONE, person="le bailleur", result=result, contacted_on=self.day, by=self.officer, on=self.day
            )  # fmt: skip
        return self

    def plan(self, days: int = 4) -> Visit:
        authority = self.case.authority
        hour = time(8 + self.rank % 9)
        start = timezone.make_aware(datetime.combine(self.day + timedelta(days=days), hour), authority.zone_info)
        return appointments.plan_visit(
            self._again(),
            inspector=self.cast.operator if self.rank % 7 == 2 and self.insee != "33114" else self.inspector,
            starts_at=start,
            ends_at=start + timedelta(minutes=45),
            by=self.officer,
            on=self.day,
            **people.occupant(self.rank),
        )

    def visit(self, *, sound: bool = True) -> Case:
        planned = self.plan()
        self.after(4)
        report.write_up(
            planned,
            conclusion=Conclusion.FAVOURABLE if sound else Conclusion.RESERVES,
            findings=[] if sound else FINDINGS,
            people_present="le bailleur", consent=True, signature=SignatureGiven.PAPER, others_conform=True,
            mandate=f"agent de visite, {planned.application.authority.service}",
            by=self.inspector, on=self.day,
        )  # fmt: skip
        return self

    def miss(self) -> Case:
        planned = self.plan()
        self.after(4)
        inspection.record_no_show(planned, by=self.inspector, on=self.day)
        return self

    def refuse_access(self) -> Case:
        planned = self.plan()
        self.after(4)
        inspection.record_access_refused(planned, by=self.inspector, on=self.day)
        return self

    def propose(self, outcome: Outcome = Outcome.GRANTED, mode: ConditionMode | str = "") -> Case:
        adverse = outcome != Outcome.GRANTED
        works = [work | {"due_on": self.day + timedelta(days=90)} for work in WORKS] if mode == ConditionMode.DEFERRED else WORKS
        decision.propose_decision(
            self._again(),
            outcome=outcome,
            mode=mode,
            grounds=[Ground.DECENCY, Ground.HEALTH_SAFETY] if adverse else [],
            works=works if adverse else [],
            considerations=CONSIDERATIONS if adverse else "que la visite n’a relevé aucun désordre ;",
            order_number=f"{self.day.year}-HAB-{100 + self.rank}",
            by=self.officer,
            on=self.day,
        )
        return self

    def sign(self) -> Case:
        case = self._again()
        decision.sign(case, act=decision.preview(case, by=self.signatory, on=self.day), by=self.signatory, on=self.day)
        return self

    def notify(self, means: Means = Means.HAND) -> Case:
        self.case = notification.notify(
            self._again(),
            means=means,
            notified_on=self.day,
            tracking_number=f"2C 170 {self.rank:03d} 4521 8" if means == Means.REGISTERED_LETTER else "",
            recipient="Mme Hélène Duprat" if means == Means.HAND else "",
            by=self.officer,
            on=self.day,
        )
        return self

    def lift(self) -> Case:
        for work in self._again().decision.works.order_by("position"):
            works.settle_work(work, met=True, by=self.officer, on=self.day)
        decision.lift_conditions(self._again(), by=self.signatory, on=self.day)
        return self

    def fall_silent(self) -> Case:
        """Let the month go by, and one day more."""
        case = self._again()
        assert case.tacit_on is not None
        self.day = case.tacit_on + timedelta(days=1)
        clock.grant_tacitly(case, on=self.day)
        return self

    @property
    def by(self) -> User:
        """Who files: the landlord of the demo, another owner, the agency, or the service for a paper application."""
        others = (self.cast.owners[self.rank % len(self.cast.owners)], self.cast.agent, self.officer)
        return self.cast.landlord if self.rank % 5 < 2 else others[self.rank % 5 - 2]

    def _again(self) -> Application:
        return Application.objects.get(pk=self.case.pk)

    def _draft(self) -> None:
        commune = Commune.objects.get(pk=self.insee)
        is_paper, by = self.by == self.officer, self.by
        self.case = intake.start(
            commune=commune,
            by=by,
            on=self.day,
            channel=(Channel.PAPER, Channel.COUNTER, Channel.EMAIL)[self.rank % 3] if is_paper else Channel.ONLINE,
            organisation=Organisation.objects.get() if by == self.cast.agent else None,
            nature=RequestNature.AGAIN,
            lease_kind=LeaseKind.UNFURNISHED if self._seed[7] % 3 else LeaseKind.FURNISHED,
            lease_planned_on=self.day + timedelta(days=60),
            zone=Zone.objects.get(commune=commune),
        )
        self._describe(commune)
        self._name()

    @property
    def _seed(self) -> bytes:
        return hashlib.sha256(str(self.rank).encode()).digest()

    def _describe(self, commune: Commune) -> None:
        seed = self._seed
        intake.describe_dwelling(
            self.case,
            by=self.by,
            step=4,
            address=f"{1 + seed[0] % 48} {STREETS[self.rank % len(STREETS)]}",
            postcode=commune.postcode,
            floor=("rez-de-chaussée", "1er étage", "2e étage")[seed[1] % 3],
            door=("gauche", "droite", "")[seed[2] % 3],
            housing=Housing.COLLECTIVE,
            ownership=Ownership.CONDOMINIUM if seed[3] % 2 else Ownership.SINGLE,
            construction_year=1900 + seed[4] % 110,
            surface=Decimal(25 + seed[5] % 60) + Decimal("0.4"),
            rooms=1 + seed[6] % 4,
            furnished=self.case.lease_kind == LeaseKind.FURNISHED,
            kitchen=Situation.INSIDE,
            bathroom=Situation.INSIDE,
            toilet=Situation.INSIDE,
            heating=Supply.INDIVIDUAL,
            heating_energy="électricité",
            hot_water=Supply.INDIVIDUAL,
            electricity=InstallationAge.OLD,
            gas=InstallationAge.ABSENT,
            dpe_class="BCDE"[seed[8] % 4],
            **territory.place_in(self.insee, seed[9], seed[10]),
            dpe_number=diagnostics.number_of(self.rank + (self.rank % 10 == 5), self.made_on) if self.rank % 2 else "",
        )

    def diagnostics(self) -> bytes:
        case = self._again()
        return diagnostics.draw(case.dwelling, rank=self.rank, made_on=self.made_on, city=case.commune.name)

    def _name(self) -> None:
        own = self.by == self.cast.landlord
        civility, first_name, last_name = people.LANDLORD if own else people.OWNERS[self.rank % len(people.OWNERS)]
        lessor = {
            "civility": civility, "first_name": first_name, "last_name": last_name, "address": "5 allée des Tilleuls",
            "postcode": "33000", "city": "Bordeaux", "email": f"{last_name.lower()}@courriel.test", "phone": "06 39 98 00 00",
        }  # fmt: skip
        agency = Organisation.objects.get() if self.by == self.cast.agent else None
        names = ("name", "activity", "card_number", "card_issued_at", "address", "email", "phone")
        intake.name_parties(
            self.case,
            by=self.by,
            step=5,
            lessors=[lessor],
            agent={name: getattr(agency, name) for name in names} if agency else None,
        )


def _decided(case: Case, outcome: Outcome = Outcome.GRANTED, mode: ConditionMode | str = "") -> Case:
    case.file().after(2).complete().after(1).visit(sound=outcome == Outcome.GRANTED)
    return case.after(3).propose(outcome, mode).after(3).sign()


# Days before today on which each case was filed, and what happened to it since.
PLOTS: list[tuple[int, Callable[[Case], Any]]] = [
    *[(age, lambda _case: None) for age in (1, 2)],
    *[(age, lambda case: case.file()) for age in (0, 1, 2, 3, 5, 8)],
    *[(age, lambda case: case.file().after(2).complete()) for age in (4, 6, 9, 12, 20, 24)],
    *[(age, lambda case: case.file().after(2).complete().call().plan(days=case.today.toordinal() - case.day.toordinal())) for age in (7, 10, 13)],
    *[(age, lambda case: case.file().after(2).complete().after(2).plan(days=case.today.toordinal() - case.day.toordinal() + 2)) for age in (8, 11)],
    *[(age, lambda case: case.file().after(2).complete().after(2).miss()) for age in (14, 19)],
    *[(age, lambda case: case.file().after(2).complete().after(2).refuse_access()) for age in (16,)],
    *[(age, lambda case: case.file().after(2).complete().after(2).visit(sound=False)) for age in (15, 18, 25)],
    *[(age, lambda case: case.file().after(2).complete().after(2).visit().after(3).propose()) for age in (17, 26)],
    *[(age, lambda case: case.file().after(2).complete().after(2).visit(sound=False).after(3).propose(Outcome.CONDITIONAL, ConditionMode.PRIOR)) for age in (21, 27)],
    (28, lambda case: case.file().after(2).complete().after(2).visit(sound=False).after(3).propose(Outcome.REFUSED)),
    *[(age, _decided) for age in (22, 28)],
    (29, lambda case: _decided(case, Outcome.REFUSED)),
    *[(age, lambda case: case.file(PieceKind.PHOTOS).after(3).request()) for age in (10, 18, 30)],
    (60, lambda case: case.file(PieceKind.PHOTOS).after(3).request().after(35).remind()),
    (80, lambda case: case.file(PieceKind.PHOTOS).after(3).request().after(35).remind().after(15).close()),
    (24, lambda case: case.file(PieceKind.PHOTOS).after(3).request().after(9).answer()),
    (40, lambda case: case.file().after(5).withdraw()),
    (33, lambda case: case.file().after(2).out_of_scope()),
    *[(age, lambda case: _decided(case).after(2).notify()) for age in (45, 60, 75, 90, 120, 150, 200)],
    (100, lambda case: _decided(case).after(2).notify(Means.REGISTERED_LETTER)),
    *[(age, lambda case: _decided(case, Outcome.CONDITIONAL, ConditionMode.PRIOR).after(2).notify()) for age in (50, 70)],
    (65, lambda case: _decided(case, Outcome.CONDITIONAL, ConditionMode.DEFERRED).after(2).notify()),
    *[(age, lambda case: _decided(case, Outcome.CONDITIONAL, ConditionMode.PRIOR).after(2).notify().after(20).lift()) for age in (95, 130)],
    *[(age, lambda case: _decided(case, Outcome.REFUSED).after(2).notify(Means.REGISTERED_LETTER)) for age in (55, 85, 140)],
    (48, lambda case: case.file().after(2).complete().fall_silent()),
    (110, lambda case: case.file().after(2).complete().fall_silent()),
    (90, lambda case: case.file().after(2).complete().fall_silent()),
    *[(age, lambda case: _decided(case).after(2).notify()) for age in (660, 800)],
    *[(age, lambda case: case.file().after(2).complete().after(2).plan(days=case.today.toordinal() - case.day.toordinal() + 1)) for age in (5, 6, 7, 8, 9, 10)],
]  # fmt: skip
