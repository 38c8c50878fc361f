"""The declarations of the demo: a perimeter of declaration in Cézac, another told by its streets, and a few cases in each state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from accounts.models import User
from config.demo import diagnostics
from config.demo.people import LANDLORD, OWNERS, People
from permis.enums import Channel, Housing, InstallationAge, LeaseKind, PieceKind, RequestNature, Situation, Supply
from permis.models import Application
from territories.enums import Regime
from territories.models import Authority, Commune, Zone
from workflows.actions import clock, completeness, declaring, gathering, intake

CEZAC, SAINT_MARIENS = "33123", "33439"
# Drawn here, as the other outlines of the demo: it copies no map.
OUTLINE = [
    (-0.4282, 45.0921), (-0.4251, 45.0938), (-0.4214, 45.0936), (-0.4190, 45.0921), (-0.4187, 45.0897), (-0.4207, 45.0879),
    (-0.4243, 45.0874), (-0.4274, 45.0886), (-0.4287, 45.0903),
]  # fmt: skip
STREETS = [
    {"name": "rue de la Gare", "from": 1, "to": 57, "side": "odd"},
    {"name": "place de la Mairie"},
    {"name": "avenue de la République", "from": 2},
]


def draw_zones(epci: Authority) -> None:
    """The two perimeters of the declarations and of the streets, as if their deliberations dated from 2024."""
    said = {"deliberated_on": date(2024, 9, 24), "published_on": date(2024, 10, 1), "in_force_on": date(2025, 5, 1)}
    Zone.objects.create(
        authority=epci,
        commune=Commune.objects.get(pk=CEZAC),
        regime=Regime.DML,
        name="Bourg de Cézac",
        deliberation="2024-09-21",
        geometry={"type": "Polygon", "coordinates": [[list(point) for point in (*OUTLINE, OUTLINE[0])]]},
        **said,
    )
    Zone.objects.create(
        authority=epci,
        commune=Commune.objects.get(pk=SAINT_MARIENS),
        name="Rues anciennes de Saint-Mariens",
        deliberation="2024-09-22",
        streets=STREETS,
        categories={"built_before": 1990},
        **said,
    )


class Declaration:
    """One declaration of the demo and the day it stands at."""

    def __init__(self, cast: People, filed_on: date, *, rank: int, lease_age: int, today: date) -> None:
        self.cast, self.rank, self.day, self.today = cast, rank, filed_on, today
        self.lease_on = filed_on - timedelta(days=lease_age)
        self.is_paper = rank % 4 == 3
        self.by: User = cast.officer if self.is_paper else cast.landlord
        self.case = self._draft()

    def after(self, days: int) -> Declaration:
        """Let days pass, up to today at most."""
        self.day = min(self.day + timedelta(days=days), self.today)
        return self

    def file(self, *kinds: PieceKind) -> Declaration:
        made_on = self.day - timedelta(days=40)
        drawn = diagnostics.draw(self.case.dwelling, rank=self.rank, made_on=made_on, city=self.case.commune.name)
        given = list(kinds) or [PieceKind.DPE, PieceKind.ELECTRICITY, PieceKind.CREP]
        if self.is_paper:
            given.append(PieceKind.DECLARATION_FORM)
        upload = ContentFile(drawn, name="diagnostics.pdf")
        gathering.add_piece(
            self.case, kinds=given, upload=upload, by=self.by, on=self.day, established_on=made_on, lead_found=False
        )
        intake.answer(self.case, by=self.by, step=7, accuracy_declared=True)
        intake.submit(self.case, by=self.by, on=self.day, received_on=self.day)
        return self

    def receipt(self) -> Declaration:
        declaring.give_receipt(self._again(), by=self.cast.officer, on=self.day)
        return self

    def request(self) -> Declaration:
        completeness.request_missing(
            self._again(),
            kinds=[PieceKind.DPE],
            respond_by=self.day + timedelta(days=20),
            reasons={PieceKind.DPE: "le DPE n’est pas joint"},
            by=self.cast.officer,
            on=self.day,
        )
        return self

    def answer(self) -> Declaration:
        case = self._again()
        drawn = diagnostics.draw(case.dwelling, rank=self.rank, made_on=self.day, city=case.commune.name)
        gathering.add_piece(
            case,
            kinds=[PieceKind.DPE],
            upload=ContentFile(drawn, name="dpe.pdf"),
            by=self.by,
            on=self.day,
            established_on=self.day,
        )
        return self

    def _again(self) -> Application:
        return Application.objects.get(pk=self.case.pk)

    def _draft(self) -> Application:
        commune = Commune.objects.get(pk=CEZAC)
        case = intake.start(
            commune=commune,
            by=self.by,
            on=self.day,
            regime=Regime.DML,
            channel=Channel.PAPER if self.is_paper else Channel.ONLINE,
            nature=RequestNature.AGAIN,
            lease_kind=LeaseKind.FURNISHED if self.rank % 2 else LeaseKind.UNFURNISHED,
            lease_signed_on=self.lease_on,
            posted_on=self.day - timedelta(days=2) if self.is_paper else None,
        )
        intake.describe_dwelling(
            case, by=self.by, step=4, address=f"{3 + 4 * self.rank} rue du Moulin", postcode=commune.postcode, floor="1er étage",
            housing=Housing.COLLECTIVE, construction_year=1938 + self.rank, surface=Decimal("41.5") + self.rank, rooms=2,
            furnished=bool(self.rank % 2), kitchen=Situation.INSIDE, bathroom=Situation.INSIDE, toilet=Situation.INSIDE,
            heating=Supply.INDIVIDUAL, hot_water=Supply.INDIVIDUAL, electricity=InstallationAge.OLD, gas=InstallationAge.ABSENT,
            dpe_class="D", latitude=45.0905, longitude=-0.4235,
        )  # fmt: skip
        civility, first_name, last_name = OWNERS[self.rank % len(OWNERS)] if self.is_paper else LANDLORD
        lessor = {
            "civility": civility, "first_name": first_name, "last_name": last_name, "address": "5 allée des Tilleuls", "postcode": "33000",
            "city": "Bordeaux", "email": f"{last_name.lower()}@courriel.test", "phone": "06 39 98 00 00",
        }  # fmt: skip
        intake.name_parties(case, by=self.by, step=5, lessors=[lessor])
        return Application.objects.get(pk=case.pk)


# Days before today on which each was filed, days since its lease by then, and what happened to it.
PLOTS: list[tuple[int, int, Callable[[Declaration], object]]] = [
    (0, 0, lambda _: None),
    (1, 6, lambda one: one.file()),
    (4, 31, lambda one: one.file()),
    (6, 9, lambda one: one.file()),
    (10, 4, lambda one: one.file()),
    (8, 12, lambda one: one.file(PieceKind.ELECTRICITY, PieceKind.CREP).after(3).request()),
    (12, 20, lambda one: one.file(PieceKind.ELECTRICITY, PieceKind.CREP).after(3).request().after(8).answer()),
    (60, 40, lambda one: one.file(PieceKind.ELECTRICITY, PieceKind.CREP).after(5).request()),
    (30, 8, lambda one: one.file().after(3).receipt()),
    (75, 14, lambda one: one.file().after(5).receipt()),
    (
        120,
        45,
        lambda one: one.file(PieceKind.ELECTRICITY, PieceKind.CREP).after(2).request().after(9).answer().after(2).receipt(),
    ),
]


def seed(cast: People, epci: Authority) -> None:
    """Lead each declaration to its state by the actions, with past dates, then let the clock pass."""
    draw_zones(epci)
    today = epci.today()
    for rank, (age, lease_age, lead) in enumerate(PLOTS):
        lead(Declaration(cast, today - timedelta(days=age), rank=rank, lease_age=lease_age, today=today))
    clock.run(epci, on=today)
