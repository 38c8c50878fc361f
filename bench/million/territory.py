"""Authorities, their communes of very unequal size, their zones, and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import cos, pi, sin
from random import Random

from accounts.enums import Role
from accounts.models import Membership, SignaturePower, User
from bench.million import names
from territories.enums import AuthorityKind, Regime
from territories.models import Authority, Commune, Zone
from territories.text import fold

COMMUNES_AN_AUTHORITY = 12
LARGEST_SHARE = 0.118
CASES_AN_OFFICER = 8000
STREETS = 60


@dataclass
class Staff:
    """Keys and names of those who work for an authority."""

    officers: list[tuple[int, str]] = field(default_factory=list)
    inspectors: list[tuple[int, str]] = field(default_factory=list)
    signatory: tuple[int, str] = (0, "")
    manager: tuple[int, str] = (0, "")


@dataclass(frozen=True)
class Town:
    """A commune and what the rows of its cases repeat."""

    insee: str
    name: str
    postcode: str
    authority: int
    zones: tuple[int, int]
    centre: tuple[float, float]
    streets: list[str]
    staff: Staff


def weights(count: int) -> list[float]:
    """Shares of the cases by commune: a power law whose first is `LARGEST_SHARE`, or equal to it for very few communes."""
    low, high = 0.0, 4.0
    for _ in range(60):
        exponent = (low + high) / 2
        sizes = [rank**-exponent for rank in range(1, count + 1)]
        low, high = (exponent, high) if sizes[0] / sum(sizes) < LARGEST_SHARE else (low, exponent)
    return [size / sum(sizes) for size in sizes]


def make(*, communes: int, cases: int, today: date, draw: Random) -> list[Town]:
    """The territory and its people, written; the communes by decreasing size."""
    shares, towns = weights(communes), names.towns(draw, communes)
    owner = [rank // COMMUNES_AN_AUTHORITY for rank in range(communes)]
    draw.shuffle(owner)  # large and small ones together
    authorities = Authority.objects.bulk_create(_authority(number, draw) for number in range(max(owner) + 1))
    sizes = [
        sum(share for share, each in zip(shares, owner, strict=True) if each == number) for number in range(len(authorities))
    ]
    staffs = [_people(authority, int(size * cases), draw) for authority, size in zip(authorities, sizes, strict=True)]
    rows = [
        Commune(
            insee=_insee(rank),
            name=name,
            sort_key=fold(name),
            department=_insee(rank)[:2],
            postcodes=[f"{_insee(rank)[:2]}{rank % 900 + 10:03d}"],
            population=int(1_500_000 * share) + 200,
            epci_siren=authorities[owner[rank]].siren,
            epci_name=authorities[owner[rank]].name,
        )
        for rank, (name, share) in enumerate(zip(towns, shares, strict=True))
    ]
    Commune.objects.bulk_create(rows)
    centres = [(44.5 + rank // 30 * 0.06, -1 + rank % 30 * 0.08) for rank in range(communes)]
    in_force = today - timedelta(days=9 * 365)
    made = iter(
        Zone.objects.bulk_create(
            _zone(commune, authorities[owner[rank]], regime, centres[rank], in_force)
            for rank, commune in enumerate(rows)
            for regime in (Regime.APML, Regime.DML)
        )
    )
    return [
        Town(
            commune.insee, commune.name, commune.postcode, authorities[owner[rank]].pk, (next(made).pk, next(made).pk),
            centres[rank], names.streets(draw, STREETS), staffs[owner[rank]],
        )
        for rank, commune in enumerate(rows)
    ]  # fmt: skip


def _insee(rank: int) -> str:
    return f"{('33', '24', '40', '47')[rank // 900 % 4]}{rank % 900 + 1:03d}"


def _authority(number: int, draw: Random) -> Authority:
    city = names.surname(draw.random())
    return Authority(
        kind=AuthorityKind.EPCI, name=f"Pays de {city}", kind_label="Communauté de communes", siren=f"{243300000 + number}",
        department="33", department_name="Gironde", postal_address=f"1 place de la Mairie\n33000 {city}", city=city,
        phone="05 57 00 00 00", email=f"habitat@{243300000 + number}.example", head_title="Le Président de la communauté de communes",
        court_name="tribunal administratif de Bordeaux", court_address="9 rue Tastet, 33063 Bordeaux Cedex",
    )  # fmt: skip


def _people(authority: Authority, cases: int, draw: Random) -> Staff:
    """More officers and inspectors where there are more cases; one signatory, one manager, one elected member."""
    staff, crowd = Staff(), 2 + cases // CASES_AN_OFFICER
    roles = [*[Role.OFFICER] * crowd, *[Role.INSPECTOR] * crowd, Role.SIGNATORY, Role.MANAGER, Role.ELECTED]
    people = User.objects.bulk_create(
        User(
            email=f"{role}{place}@{authority.siren}.example",
            first_name=draw.choice(names.FIRST_NAMES),
            last_name=names.surname(draw.random()),
            password="!",
        )
        for place, role in enumerate(roles)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=role, authority=authority) for user, role in zip(people, roles, strict=True)
    )
    for user, role in zip(people, roles, strict=True):
        known = (user.pk, user.full_name)
        if role == Role.OFFICER:
            staff.officers.append(known)
        elif role == Role.INSPECTOR:
            staff.inspectors.append(known)
        elif role == Role.SIGNATORY:
            staff.signatory = known
            SignaturePower.objects.create(user=user, authority=authority, capacity="Le Président", starts_on=date(2010, 1, 1))
        elif role == Role.MANAGER:
            staff.manager = known
    return staff


def _zone(commune: Commune, authority: Authority, regime: Regime, centre: tuple[float, float], in_force: date) -> Zone:
    latitude, longitude = centre
    ring = [
        [round(longitude + 0.03 * cos(step * pi / 12), 6), round(latitude + 0.02 * sin(step * pi / 12), 6)] for step in range(24)
    ]
    return Zone(
        authority=authority, commune=commune, regime=regime, name=f"Périmètre de {commune.name}", deliberation="2016-09-14",
        deliberated_on=in_force - timedelta(days=240), published_on=in_force - timedelta(days=200), in_force_on=in_force,
        geometry={"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    )  # fmt: skip
