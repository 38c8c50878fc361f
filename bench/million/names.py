"""Names of people, companies, towns and streets, made up: enough of them for searches to be as hard as real ones."""

from __future__ import annotations

from random import Random

FIRST_NAMES = (
    "Hélène Thierry Fatou Paul Inès Adrien Rose Luc Camille Jean Marie Nicolas Aïcha Mohamed Claire Julien Sophie Pierre Nathalie "
    "Karim Léa Antoine Chloé François Élodie Michel Yasmine Hugo Monique Alain Sandrine Bruno Odile Philippe Amélie Olivier Zoé "
    "Gérard Maëlle Denis Lucie Étienne Brigitte Samir Noémie Rémi Agnès Théo Valérie Gaëtan Solène Patrick Jeanne Loïc Mireille"
).split()
# A surname is a beginning, often a middle, and an end: some eighty thousand of them, the shortest first.
_BEGINNINGS = (
    "Ber Du Mar Gau Per Lau Ro Mou Bou Char Cas Del Fou Gar Hou Jou Lam Mon Nor Pel Que Ri Sau Tes Val Ver Vi Au Bar Bel Bon Bri "
    "Can Cha Cor Cou Da Des Dor Fa Fer Flo Fon For Fre Gil Gou Gra Gui Ha Ja La Le Lon Ma Mer Mi Na Pa Pin Poi Pra Ra Ren"
).split()
_ENDS = (
    "nard pont tin thier rin rent chet lin din pin tier gnon leau ron vier not set leur net reau mont val bert geot chaud mel "
    "rac nac jac dou tou ret get blanc laud rier sson quet dreau gne douin let nel doux ville meau main rive tard vet nier guin "
    "zac rault cher mat tel bon dier vin las gand beau fort"
).split()
_MIDDLES = ("", "a", "ani", "be", "de", "e", "ga", "i", "li", "mo", "o", "re", "ta", "u", "ve")
_SURNAMES = [f"{beginning}{middle}{end}" for middle in _MIDDLES for beginning in _BEGINNINGS for end in _ENDS]
_PLANTS = "Platanes Tilleuls Chênes Acacias Lilas Cèdres Érables Glycines Ormes Peupliers Mimosas Charmes".split()
_KINDS = "rue rue rue avenue boulevard place allée impasse chemin route quai cours passage square".split()
_PLACES = (
    "Gare|Mairie|Écoles|Blaye|8-Mai-1945|Moulin|République|Église|Fontaine|11-Novembre-1918|Lavoir|Château|Marché|Pont-Vieux|Forge|"
    "Croix-Blanche|Prés|Vignes|Abbaye|Port|Liberté|Verdun|Paix|Tanneurs|Remparts|Halles|Sources|Cordeliers|Saint-Jean|Sainte-Anne"
).split("|")
_LINKS = {"Écoles": "des", "Prés": "des", "Vignes": "des", "Tanneurs": "des", "Remparts": "des", "Halles": "des", "Sources": "des",
          "Cordeliers": "des", "Moulin": "du", "8-Mai-1945": "du", "11-Novembre-1918": "du", "Lavoir": "du", "Château": "du",
          "Marché": "du", "Pont-Vieux": "du", "Port": "du", "Blaye": "de", "Verdun": "de", "Saint-Jean": "", "Sainte-Anne": "",
          "Église": "de l’", "Abbaye": "de l’"}  # fmt: skip
_SAINTS = "Savin Mariens Yzan Vivien Christoly Ciers Seurin Caprais Loubès Magne Médard Sulpice Denis Ouen Quentin Cloud".split()
_TOWNS = "Cavi Laru Marce Cubne Donne Civra Péri Lormo Cadau Genta Villa Monta Sarla Berge Nontro Ribera".split()
_TOWN_ENDS = "gnac scade nais zat rieu mont ville court bourg sac dan let nac zac lès mer".split()


def surname(chance: float) -> str:
    """The surname at this chance, between 0 and 1: some are borne by one person in three hundred, most by hardly any."""
    return _SURNAMES[int(len(_SURNAMES) * chance**2)]


def streets(draw: Random, count: int) -> list[str]:
    """The streets of one town."""
    found: dict[str, None] = {}
    while len(found) < count:
        place = draw.choice(_PLACES) if draw.random() < 0.35 else ""
        if place:
            link = _LINKS.get(place, "de la")
            name = f"{link}{place}" if link.endswith("’") else f"{link} {place}".strip()
        else:
            name = f"{draw.choice(FIRST_NAMES)} {surname(draw.random())}"
        found[f"{draw.choice(_KINDS)} {name}"] = None
    return list(found)


def towns(draw: Random, count: int) -> list[str]:
    """As many towns, none of the name of another."""
    found: dict[str, None] = {}
    while len(found) < count:
        name = f"{draw.choice(_TOWNS)}{draw.choice(_TOWN_ENDS)}"
        if draw.random() < 0.3:
            name = f"Saint-{draw.choice(_SAINTS)}" + (f"-de-{name}" if draw.random() < 0.7 else f"-sur-{name}")
        elif draw.random() < 0.2:
            name = f"{name}-le-{draw.choice(['Vieux', 'Haut', 'Bas', 'Grand', 'Petit'])}"
        found[name] = None
    return list(found)


def company(draw: Random) -> str:
    if draw.random() < 0.5:
        return f"SCI Les {draw.choice(_PLANTS)} {surname(draw.random())}"
    return f"SCI {surname(draw.random())} {draw.choice(['Immobilier', 'Patrimoine', 'et Fils', 'Habitat'])}"
