"""The papers of the post: the sheet that carries an address, the slips of registered letters, the receipt of a hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from documents import rendering
from documents.french import day
from permis import sheet
from permis.models import Application
from permis.validators import spaced_tracking_number
from territories.models import Authority
from workflows import drafting
from workflows.actions import consent

SHEET = "post"


def cover(application: Application, *, title: str, on: date, is_registered: bool) -> bytes:
    """La feuille qui porte l’adresse, devant un acte qui n’en a pas : le reste du pli ne se lit pas par la fenêtre."""
    return _sheet(
        application,
        title="Notification d’une décision" if is_registered else "Courrier du service",
        on=on,
        subject=[f"Dossier {application}", sheet.address_line(application)],
        paragraphs=[
            f"Vous trouverez ci-joint l’acte suivant : {title}. Ses voies et délais de recours, s’il en ouvre, y sont indiqués.",
            *(["Lettre recommandée avec avis de réception."] if is_registered else []),
            _reach(application.authority),
        ],
    )


def hand_receipt(application: Application, *, agent: str, on: date) -> bytes:
    """Le récépissé à faire signer : qui reçoit la décision, quel jour, de qui."""
    return _sheet(
        application,
        title="Récépissé de remise en main propre",
        on=on,
        subject=[f"Dossier {application}", sheet.address_line(application)],
        paragraphs=[
            f"Je reconnais avoir reçu ce jour, en main propre, la décision prise sur la demande d’autorisation préalable de mise en "
            f"location n° {application.number}, signée le {day(application.signed_on) if application.signed_on else '…'}, "
            f"adressée à {consent.recipient(application)}.",
            "La date de cette remise est celle de la notification : les délais de recours en partent.",
            f"Remise par {agent}, {application.authority.service}.",
        ],
        fields=["Remise le (jour, mois, année), à (heure)", "Prénom et nom de la personne qui reçoit", "En qualité de"],
    )


def slips(authority: Authority, registered: Sequence[tuple[list[str], str, str]], *, on: date) -> bytes:
    """Les bordereaux des recommandés d’un jour : destinataire, expéditeur, référence, place du numéro."""
    content = {
        "sheet": "slips",
        "title": f"Bordereaux des lettres recommandées, {day(on)}",
        "author": authority.name,
        "on": on.isoformat(),
        "sender": _sender(authority),
        "slips": [
            {"recipient": recipient, "reference": reference, "number": spaced_tracking_number(number), "posted": ""}
            for recipient, reference, number in registered
        ],
    }
    return rendering.render_sheet(SHEET, content)


def _sheet(application: Application, *, title: str, on: date, fields: Sequence[str] = (), **said: Any) -> bytes:
    authority = application.authority
    content = {
        "sheet": "letter",
        "title": title,
        "author": authority.name,
        "on": on.isoformat(),
        "kind_label": authority.kind_label,
        "sender": _sender(authority),
        "recipient": drafting.recipient_of(application),
        "dated": f"{authority.city}, le {day(on)}",
        "fields": list(fields),
        **said,
    }
    return rendering.render_sheet(SHEET, content)


def _sender(authority: Authority) -> list[str]:
    return [authority.name, authority.service, *authority.postal_address.splitlines()]


def _reach(authority: Authority) -> str:
    parts = [authority.service, f"téléphone : {authority.phone}" if authority.phone else "", authority.email]
    return f"Une question : {', '.join(part for part in parts if part)}."
