"""The pictures of the guides, taken on a demo that runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

FOLDER = settings.BASE_DIR / "docs" / "images"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
FIELD = "/visites/telephone/"
BATHROOM = ".pl-links a:has-text('Salle d’eau')"
# File, account, address then the links to follow from it, size of the window.
PICTURES = (
    ("accueil", None, "/", DESK),
    ("mes-demandes", "bailleur", "/mes-demandes/", DESK),
    ("demande-telephone", "bailleur", "/mes-demandes/nouvelle/", PHONE),
    ("dossiers", "instruction", "/dossiers/", DESK),
    ("saisie", "instruction", "/dossiers/saisir/", DESK),
    ("dossier", "instruction", "/dossiers/ | a.pl-link", DESK),
    ("verification", "instruction", "/dossiers/?file=check | a.pl-link | .pl-next .btn-go", DESK),
    ("a-signer", "signature", "/a-signer/", DESK),
    ("signature", "signature", "/a-signer/ | .pl-todo a", DESK),
    ("visites-telephone", "visite", "/visites/", PHONE),
    ("telephone-journee", "visite", FIELD, PHONE),
    ("telephone-piece", "visite", f"{FIELD} | .pl-bar a.btn-primary | .pl-bar .btn-primary | {BATHROOM}", PHONE),
    (
        "telephone-fin",
        "visite",
        f"{FIELD} | .pl-bar a.btn-primary | .pl-bar .btn-primary | .pl-bar a:has-text('Fin de visite')",
        PHONE,
    ),
    ("tableau-de-bord", "responsable", "/tableau-de-bord/", DESK),
    ("reglages", "admin", "/reglages/", DESK),
)


class Command(BaseCommand):
    help = "Refait les images des guides, sur une démonstration en marche."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="adresse de la démonstration")
        parser.add_argument("--password", required=True, help="mot de passe des comptes de la démonstration")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="dossier des images (docs/images)")

    def handle(self, *args: object, **options: Any) -> None:
        # A tool of those who develop: not installed with the site.
        from playwright.sync_api import sync_playwright

        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        if chromium is None:
            raise CommandError("Chromium est absent : apt install chromium.")
        options["folder"].mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
            for name, account, address, size in PICTURES:
                page = browser.new_context(base_url=options["url"], locale="fr-FR", viewport=size).new_page()
                if account:
                    page.goto("/connexion/")
                    page.locator("input[type=email]").fill(f"{account}@demo.test")
                    page.locator("input[type=password]").fill(options["password"])
                    page.locator("form button[type=submit]").last.click()
                    page.wait_for_url(lambda url: "connexion" not in url)
                path, *links = address.split(" | ")
                page.goto(path, wait_until="networkidle")
                for link in links:
                    page.locator(link).first.click()
                    page.wait_for_load_state("networkidle")
                page.screenshot(path=options["folder"] / f"{name}.png")
                page.context.close()
                self.stdout.write(f"{name}.png")
            browser.close()
