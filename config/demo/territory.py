"""The communes of Latitude Nord Gironde, who decides in each, and three zones drawn by hand for the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from territories.enums import AuthorityKind, Regime
from territories.models import Authority, Commune, Delegation, Zone

EPCI_SIREN, EPCI_NAME = "243301181", "CC Latitude Nord Gironde"
# INSEE code, name, SIREN, postcode, population.
COMMUNES = (
    ("33114", "Cavignac", "213301146", "33620", 2372),
    ("33123", "Cézac", "213301237", "33620", 2727),
    ("33126", "Civrac-de-Blaye", "213301260", "33920", 795),
    ("33142", "Cubnezais", "213301427", "33620", 1915),
    ("33151", "Donnezac", "213301518", "33860", 926),
    ("33233", "Laruscade", "213302334", "33620", 2811),
    ("33266", "Marcenais", "213302664", "33620", 863),
    ("33272", "Marsas", "213302722", "33620", 1247),
    ("33439", "Saint-Mariens", "213304397", "33620", 1639),
    ("33473", "Saint-Savin", "213304736", "33920", 3582),
    ("33489", "Saint-Vivien-de-Blaye", "213304892", "33920", 358),
    ("33492", "Saint-Yzan-de-Soudiac", "213304926", "33920", 2586),
)
# Drawn here, a dozen points each: they stand for a village centre and copy no map.
OUTLINES = {
    "33473": [(-0.4460, 45.1410), (-0.4432, 45.1428), (-0.4401, 45.1431), (-0.4377, 45.1419), (-0.4368, 45.1398), (-0.4379, 45.1379),
              (-0.4404, 45.1369), (-0.4431, 45.1371), (-0.4452, 45.1381), (-0.4463, 45.1396)],
    "33114": [(-0.3936, 45.1027), (-0.3911, 45.1040), (-0.3884, 45.1038), (-0.3866, 45.1024), (-0.3862, 45.1004), (-0.3877, 45.0989),
              (-0.3902, 45.0983), (-0.3926, 45.0992), (-0.3938, 45.1008)],
    "33233": [(-0.3485, 45.1052), (-0.3461, 45.1066), (-0.3433, 45.1062), (-0.3417, 45.1047), (-0.3419, 45.1027), (-0.3440, 45.1014),
              (-0.3467, 45.1016), (-0.3484, 45.1031)],
}  # fmt: skip


@dataclass(frozen=True)
class Territory:
    """The three authorities of the demo: the EPCI decides in Laruscade, two communes by delegation at home."""

    epci: Authority
    saint_savin: Authority
    cavignac: Authority

    def deciding(self, insee: str) -> Authority:
        return {"33473": self.saint_savin, "33114": self.cavignac}.get(insee, self.epci)


def make() -> Territory:
    """Communes, authorities, delegations and zones, as if the deliberations dated from 2023."""
    communes = {}
    for insee, name, _, postcode, population in COMMUNES:
        communes[insee] = Commune.objects.create(
            insee=insee,
            name=name,
            department="33",
            postcodes=[postcode],
            population=population,
            epci_siren=EPCI_SIREN,
            epci_name=EPCI_NAME,
        )
    territory = Territory(
        epci=_authority(
            AuthorityKind.EPCI,
            "Latitude Nord Gironde",
            "Communauté de communes",
            EPCI_SIREN,
            "2 rue de la Ganne\n33920 Saint-Savin",
            "Saint-Savin",
            "Le Président de la communauté de communes",
        ),
        saint_savin=_authority(
            AuthorityKind.COMMUNE, "Saint-Savin", "Commune", "213304736", "Mairie\n33920 Saint-Savin", "Saint-Savin", "Le Maire"
        ),
        cavignac=_authority(
            AuthorityKind.COMMUNE, "Cavignac", "Commune", "213301146", "Mairie\n33620 Cavignac", "Cavignac", "La Maire"
        ),
    )
    for insee, delegate in (("33473", territory.saint_savin), ("33114", territory.cavignac)):
        Delegation.objects.create(
            epci=territory.epci,
            delegate=delegate,
            commune=communes[insee],
            regime=Regime.APML,
            starts_on=date(2024, 5, 1),
            ends_on=date(2031, 4, 30),
            deliberation="2023-09-15",
        )
    for insee, outline in OUTLINES.items():
        Zone.objects.create(
            authority=territory.deciding(insee),
            commune=communes[insee],
            name=f"Centre-bourg de {communes[insee].name}",
            deliberation="2023-09-14",
            deliberated_on=date(2023, 9, 24),
            published_on=date(2023, 10, 1),
            in_force_on=date(2024, 5, 1),
            geometry={"type": "Polygon", "coordinates": [[list(point) for point in (*outline, outline[0])]]},
        )
    return territory


def place_in(insee: str, east: int, north: int) -> dict[str, float]:
    """A point of the village centre, from two bytes: made up, like the addresses of the demo."""
    points = OUTLINES[insee]
    longitude, latitude = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    return {"latitude": round(latitude + (north - 128) / 80000, 6), "longitude": round(longitude + (east - 128) / 55000, 6)}


def _authority(kind: str, name: str, kind_label: str, siren: str, address: str, city: str, head_title: str) -> Authority:
    return Authority.objects.create(
        kind=kind,
        name=name,
        kind_label=kind_label,
        siren=siren,
        department="33",
        department_name="Département de la Gironde",
        postal_address=address,
        city=city,
        phone="05 57 00 00 00",
        email=f"habitat@{siren}.demo.test",
        opening_hours="du lundi au vendredi de 9 h à 12 h",
        head_title=head_title,
        court_name="tribunal administratif de Bordeaux",
        court_address="9 rue Tastet, CS 21490, 33063 Bordeaux Cedex",
    )
