"""axe on every screen of the URLconf, as the people of the demo see it, with its cases, wide and on a phone."""

import re

import pytest
from django.urls import resolve

from tests.journeys.steps import accessible

pytestmark = pytest.mark.browser
# Addresses that take a key are met by following the links of these pages, as people do.
WAYS_IN = {
    "nobody": [
        "/",
        "/concerne/",
        "/concerne/?insee=33123",
        "/concerne/?insee=33126",
        "/connexion/",
        "/inscription/",
        "/mot-de-passe/oublie/",
        "/nulle-part/",
        "/composants/",
        "/simulateur/",
        "/simulateur/?exemple=travaux",
        "/donnees/",
    ],
    "bailleur": ["/mes-demandes/", "/mes-demandes/nouvelle/", "/mes-demandes/nouvelle/?regime=DML"],
    "instruction": [
        "/dossiers/",
        "/dossiers/?q=introuvable",
        "/dossiers/saisir/",
        "/dossiers/saisir/?regime=DML",
        "/visites/",
        "/courrier/",
        "/exports/",
        "/exports/liste/?q=introuvable",
        "/exports/miens/",
    ],
    "visite": ["/visites/", "/dossiers/?file=visit", "/dossiers/?file=plan"],
    "signature": ["/a-signer/", "/dossiers/?file=works"],
    "responsable": ["/tableau-de-bord/", "/transmissions/", "/transmissions/?etat=envoyees", "/rapport-annuel/2026/"],
    "caf": ["/partenaire/"],
    "juriste": ["/contentieux/", "/contentieux/?page=1"],
    "admin": [
        "/reglages/",
        "/reglages/fichiers/",
        "/reglages/exports/",
        "/reglages/comptes/nouveau/",
        "/reglages/perimetres/nouveau/",
        "/reglages/grille/",
        "/reglages/grille/points/nouveau/",
        "/reglages/destinataires/",
        "/reglages/destinataires/nouveau/",
    ],
}
# One page of each kind is enough: two cases in the same state show the same screen.
KIND = re.compile(r"\d+")
NOT_A_PAGE = (
    "/fichiers/",
    "/actes/",
    "/static/",
    "/admin/",
    "/deconnexion/",
    "/tableau-de-bord/export",
    "/exports/chiffres/",
    "/bordereaux/",
)
# Pictures, and what a browser keeps rather than shows.
FILES = re.compile(r"\.(jpg|zip|csv|json|geojson|pdf)(\?|$)")
PER_KIND = 3
WIDTHS = (1280, 390)


@pytest.mark.parametrize("who", WAYS_IN)
def test_every_screen_a_person_can_reach(who, open_as):
    page = open_as.nobody() if who == "nobody" else open_as(who)
    waiting, seen = list(WAYS_IN[who]), {}
    while waiting:
        path = waiting.pop(0)
        kind = KIND.sub("n", path.partition("?")[0]) if path not in WAYS_IN[who] else path
        if path in seen.get(kind, ()) or len(seen.get(kind, ())) >= PER_KIND:
            continue
        seen.setdefault(kind, set()).add(path)
        answer = page.goto(path)
        assert answer.status in (200, 404), f"{answer.status} {path}"
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            accessible(page)
        links = page.eval_on_selector_all(
            "main a[href^='/']:not([type='application/pdf'])", "links => links.map(link => link.getAttribute('href'))"
        )
        waiting += [link for link in links if not link.startswith(NOT_A_PAGE) and not FILES.search(link) and "#" not in link]
    assert len(seen) >= len(WAYS_IN[who])


def test_every_way_in_exists():
    """A renamed address would shorten the walk without a word."""
    for paths in WAYS_IN.values():
        for path in paths:
            if path != "/nulle-part/":
                assert resolve(path.partition("?")[0])
