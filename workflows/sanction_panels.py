"""What the page of a case says of its sanctions: to the service, and to the person blamed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.enums import Role
from accounts.models import User
from documents.models import Act
from permis import attached
from permis.breaches import SanctionState
from permis.models import Application, Sanction
from permis.sanctions import euros
from workflows import sanction_pages
from workflows.panel import Panel
from workflows.presentation import Badge


@dataclass(frozen=True)
class Shown:
    """A sanction in the panel of its case, for the service."""

    sanction: Sanction
    badge: Badge
    next: sanction_pages.Next | None


def for_service(case: Application, user: User, today: date) -> Panel | None:
    """The sanctions about a case, for those who read them."""
    if not user.has_role(*Role.reading_sanctions(), in_=case.authority):
        return None
    known = attached.of(case.sanctions).order_by("-pk")
    shown = [Shown(each, sanction_pages.badge(each), sanction_pages.next_step(each, today=today)) for each in known]
    return Panel("workflows/_sanctions_panel.html", {"sanctions": shown}) if shown else None


@dataclass(frozen=True)
class Told:
    """A sanction as the person blamed reads it on their own page: nothing of a fine before it is notified."""

    sanction: Sanction
    text: str
    can_answer: bool
    acts: list[Act]


def for_landlord(case: Application, user: User, today: date) -> Panel | None:
    """What is reproached to the person, and how to answer."""
    del today  # the dates say it
    told = [_told(each) for each in attached.of(case.sanctions).told_to(user).order_by("-pk")]
    return Panel("workflows/_sanction_told.html", {"case": case, "sanctions": told}) if told else None


def _told(sanction: Sanction) -> Told:
    can_answer = sanction.state in SanctionState.before_decision()
    return Told(sanction, _told_text(sanction), can_answer, list(sanction.acts.told().order_by("pk")))


def _told_text(sanction: Sanction) -> str:
    if sanction.state == SanctionState.CLOSED:
        return "La procédure est classée : aucune amende n’est prononcée pour ces faits."
    if sanction.notified_on is None:
        return _before_notification(sanction)
    if sanction.state == SanctionState.WITHDRAWN:
        return "L’amende est retirée ou annulée."
    if sanction.state == SanctionState.PAID:
        return f"L’amende de {euros(sanction.due)} est payée."
    return (
        f"Une amende de {euros(sanction.due)} vous a été notifiée le {sanction.notified_on:%d/%m/%Y}. Le comptable public vous adresse "
        "le titre à payer. Les voies et délais de recours sont dans l’arrêté."
    )


def _before_notification(sanction: Sanction) -> str:
    """A fine that is signed and not notified looks like one that is not decided."""
    if sanction.state == SanctionState.WITHDRAWN:
        return "La procédure est close : aucune amende n’est prononcée pour ces faits."
    if sanction.state == SanctionState.REGULARISED:
        return "Votre régularisation est reçue. Le service décide de la suite."
    if sanction.state != SanctionState.OBSERVATIONS_OPEN:
        return "Le mois des observations est passé. Le service décide de la suite."
    until = f"jusqu’au {sanction.observations_until:%d/%m/%Y}" if sanction.observations_until else "dans le mois de la lettre"
    mend = " Vous pouvez aussi régulariser votre situation dans ce délai." if sanction.is_regularisable else ""
    return f"Aucune amende n’est prononcée. Présentez vos observations {until}.{mend}"
