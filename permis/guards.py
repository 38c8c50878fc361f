"""What the law forbids whatever the state: each refusal has a code, for the simulator, and a French sentence, for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from permis import deadlines
from permis.enums import ConditionMode, Ground, Outcome, State
from permis.grounds import BY_CODE, MANY_LEASES
from territories.enums import Regime

if TYPE_CHECKING:
    from permis.models import Appeal, Application


class Refusal(Exception):
    """The law does not allow this; nothing was changed."""

    code = ""
    message = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.message)


class WrongState(Refusal):
    code = "wrong_state"
    message = "L’état du dossier ne le permet plus."


class UnknownPiece(Refusal):
    code = "unknown_piece"
    message = "Aucun texte n’exige cette pièce pour ce logement : elle ne peut pas manquer (CRPA L. 114-5)."


class OutsideVisitHours(Refusal):
    code = "outside_visit_hours"
    message = "Une visite se fait entre 6 h et 21 h (CCH L. 635-3). Choisissez un autre horaire."


class VisitOutsideTerm(Refusal):
    code = "visit_outside_term"
    message = "La première visite se fait dans le mois de la décision (CCH L. 635-3). Choisissez un jour avant l’échéance."


class Suspended(Refusal):
    code = "wrong_state"
    message = (
        "Le juge des référés a suspendu cette autorisation : elle ne permet ni bail, ni transfert, jusqu’à ce que le tribunal juge "
        "l’affaire (CJA L. 521-1)."
    )


class TooLate(Refusal):
    code = "too_late"
    message = "Il est trop tard : le délai d’un mois est passé, l’autorisation est née du silence (CCH L. 635-4)."


class TooEarly(Refusal):
    code = "wrong_state"
    message = "Le délai n’est pas encore écoulé."


class NoGround(Refusal):
    code = "no_ground"
    message = "Un refus ou une autorisation sous conditions doit citer un motif (CCH L. 635-3)."


class NoWorks(Refusal):
    code = "no_works"
    message = "Indiquez au moins un constat avec les travaux ou aménagements prescrits (CCH L. 635-3)."


class PoliceOrder(Refusal):
    code = "police_order"
    message = "Un arrêté de police frappe l’immeuble : seule une décision de refus est possible (CCH L. 635-9)."


class ColocationGroundExpired(Refusal):
    code = "colocation_ground_expired"
    message = "Le motif tiré des colocations à baux multiples a pris fin le 9 avril 2029 (loi 2024-322, art. 33)."


class NotSeparateLeases(Refusal):
    code = "no_ground"
    message = "Ce motif ne vise qu’une colocation où plusieurs baux sont signés (loi 2024-322, art. 33)."


class ColocationNotDescribed(Refusal):
    code = "no_ground"
    message = (
        "Pour ce motif, donnez la surface privative de chaque bail et les équipements partagés : ils fondent la décision "
        "(loi 2024-322, art. 33)."
    )


class NotAdversarial(Refusal):
    code = "not_adversarial"
    message = "Le retrait suppose une procédure contradictoire : le titulaire doit avoir pu présenter ses observations."


class NoReminder(Refusal):
    code = "no_reminder"
    message = "Relancez d’abord le demandeur : un dossier n’est classé sans suite qu’après une relance restée sans réponse."


class HolderDisagrees(Refusal):
    code = "holder_disagrees"
    message = "Le transfert suppose l’accord du titulaire initial de l’autorisation (CCH R. 635-3)."


class PriorWorksNotLifted(Refusal):
    code = "prior_works_not_lifted"
    message = "Les travaux devaient précéder la location : le bail ne peut être signé qu’après la levée des conditions."


class LeaseTooEarly(Refusal):
    code = "lease_before_permit"
    message = (
        "Ce bail a été signé avant que l’autorisation prenne effet : elle ne le couvre pas, et rien n’est enregistré. "
        "Si la date est juste, écrivez au service : une mise en location sans autorisation est une infraction (CCH L. 635-7)."
    )


class LeaseInTheFuture(Refusal):
    code = "lease_in_the_future"
    message = "Cette date est dans le futur : déclarez le bail une fois qu’il est signé."


class NotSigned(Refusal):
    code = "wrong_state"
    message = "Aucune décision signée ne peut être notifiée."


class NoConsent(Refusal):
    code = "wrong_state"
    message = (
        "Le destinataire n’a pas accepté d’être notifié en ligne (CRPA L. 112-15) : envoyez une lettre recommandée, "
        "ou remettez la décision en main propre."
    )


class AlreadyAvailable(Refusal):
    code = "wrong_state"
    message = "Cette décision attend déjà d’être ouverte en ligne : ses quinze jours ne recommencent pas."


class LateNotice(Refusal):
    code = "too_late"
    message = (
        "Votre collectivité ne demande plus de pièces dans les cinq derniers jours du délai (réglages, règle « derniers jours ») : "
        "décidez sur ce que le dossier contient."
    )


class ContestTooLate(Refusal):
    code = "too_late"
    message = (
        "Les pièces reçues ne se contestent que dans les cinq jours : celles-ci ont fait repartir le mois, et il court. "
        "Décidez sur ce qu’elles contiennent."
    )


class ContestWithoutReason(Refusal):
    code = "wrong_state"
    message = "Dites, pour chaque pièce que vous redemandez, pourquoi celle qui a été reçue ne convient pas."


class PieceArrived(Refusal):
    code = "wrong_state"
    message = (
        "Une pièce demandée est arrivée depuis la relance : le dossier ne peut pas être classé. "
        "Lisez-la, puis relancez pour ce qui manque encore."
    )


def is_permit(application: Application) -> bool:
    """Une demande d’autorisation, que l’on instruit et que l’on décide (CCH L.635-3)."""
    return application.regime == Regime.APML


def is_declaration(application: Application) -> bool:
    """Une déclaration, qui ne reçoit qu’un récépissé (CCH L.634-3)."""
    return application.regime == Regime.DML


def require_in_time(application: Application, on: date) -> None:
    """Nothing may be asked or decided once the silence has granted the permit; ``tacit_on`` itself is in time."""
    if application.tacit_on is not None and on > application.tacit_on:
        raise TooLate


def require_signable(application: Application, on: date) -> None:
    """A decision is signed inside the month, and never before its application came."""
    require_in_time(application, on)
    if application.received_on is not None and on < application.received_on:
        raise WrongState(f"La demande n’était pas encore reçue le {on:%d/%m/%Y} : vérifiez la date de signature.")


def require_sendable(application: Application, on: date) -> None:
    """Only a signed decision leaves, and not before it was signed."""
    if application.signed_on is None:
        raise WrongState
    if on < application.signed_on:
        raise NotSigned(f"La décision n’était pas encore signée le {on:%d/%m/%Y} : vérifiez la date d’envoi.")


def require_notifiable(application: Application, on: date) -> None:
    """A signed decision notified on ``tacit_on`` at the latest, and not before it was signed."""
    if application.signed_on is None:
        raise NotSigned
    if on < application.signed_on:
        raise NotSigned(f"La décision n’était pas encore signée le {on:%d/%m/%Y} : vérifiez la date de notification.")
    if application.tacit_on is not None and on > application.tacit_on:
        raise TooLate(
            "Cette notification est postérieure au dernier jour du délai : l’autorisation est née du silence (CCH L. 635-4)."
        )


def require_silence(application: Application, on: date) -> None:
    if application.tacit_on is None or not deadlines.is_silence_expired(
        application.tacit_on, on=on, held_until=application.held_until
    ):
        raise TooEarly


def require_lapsed(application: Application, on: date) -> None:
    if application.valid_until is None or on <= application.valid_until:
        raise TooEarly


def require_reasons(outcome: Outcome, *, grounds: Collection[Ground], works: int, police_order: bool, on: date) -> None:
    """A refusal or conditions rest on a ground and prescribe works; an order on the building leaves only the refusal."""
    if outcome != Outcome.REFUSED and police_order:
        raise PoliceOrder
    if outcome == Outcome.GRANTED:
        return
    if not grounds:
        raise NoGround
    rules = [BY_CODE[ground] for ground in grounds]
    if not all(rule.is_open(on) for rule in rules):
        raise ColocationGroundExpired
    if not works and any(rule.needs_works for rule in rules):
        raise NoWorks


def require_colocation(
    grounds: Collection[Ground], *, separate_leases: int, private_areas: Sequence[Decimal], shared_equipment: str
) -> None:
    """The dignity of a shared dwelling is judged on its leases: how many, what each gives alone, what all share."""
    if not any(BY_CODE[ground].needs_colocation for ground in grounds):
        return
    if separate_leases < MANY_LEASES:
        raise NotSeparateLeases
    if len(private_areas) != separate_leases or not shared_equipment.strip():
        raise ColocationNotDescribed


def require_visit_hours(start: datetime, end: datetime) -> None:
    """One visit, one day, between 6 h and 21 h on the authority's clocks."""
    if start.date() != end.date() or not deadlines.is_within_visit_hours(start.time(), end.time()) or end <= start:
        raise OutsideVisitHours


def require_visit_term(day: date, tacit_on: date | None) -> None:
    """The first visit takes place inside the month of the decision."""
    if not deadlines.is_first_visit_within_term(day, tacit_on):
        raise VisitOutsideTerm


def require_closable(application: Application, on: date) -> None:
    """A file is closed only after a reminder, and once the time given to complete it has passed."""
    if application.reminded_on is None:
        raise NoReminder
    if application.respond_by is not None and on <= application.respond_by:
        raise TooEarly("Le délai laissé au demandeur pour compléter son dossier n’est pas écoulé.")


def require_revocable(application: Application, *, adversarial: bool, fraud: bool, on: date) -> None:
    """An illegal permit is revoked within four months, after an adversarial procedure (CRPA L.121-1, L.242-1, L.241-2)."""
    if not adversarial:
        raise NotAdversarial
    taken_on = application.taken_on
    if not fraud and taken_on is not None and on > deadlines.withdrawable_until(taken_on):
        raise TooLate("Le délai de quatre mois pour retirer l’autorisation est passé (CRPA L. 242-1).")


def require_usable(application: Application, on: date) -> None:
    """The lease is signed while the permit is valid, and once the works that had to come first are found done."""
    if application.suspended_on is not None and on >= application.suspended_on:
        raise Suspended
    if application.valid_until is not None and on > application.valid_until:
        raise TooLate("L’autorisation était caduque à cette date : il en faut une nouvelle (CCH R. 635-3).")
    is_prior = application.mode == ConditionMode.PRIOR and application.outcome == Outcome.CONDITIONAL and application.notified_on
    if is_prior and (application.lifted_on is None or on < application.lifted_on):
        raise PriorWorksNotLifted
    if application.took_effect_on is not None and on < application.took_effect_on:
        raise LeaseTooEarly


def require_transferable(application: Application, on: date) -> None:
    """Only a permit that still holds, that no lease used, passes to the new owner (CCH R.635-3)."""
    if application.state not in State.authorising() or application.valid_until is None or on > application.valid_until:
        raise WrongState("Cette autorisation ne peut plus être transférée : elle est utilisée, caduque, retirée ou abrogée.")
    if application.suspended_on is not None and on >= application.suspended_on:
        raise Suspended


def require_adversarial(adversarial: bool) -> None:
    """The holder could answer before the permit was taken away (CRPA L.121-1)."""
    if not adversarial:
        raise NotAdversarial


def require_completed_in_time(application: Application, on: date) -> None:
    """Past the time given to complete it, a declaration gets no receipt: another one is needed (CCH R.634-3)."""
    if application.respond_by is not None and on > application.respond_by:
        raise TooLate(
            f"Le délai pour compléter cette déclaration est passé depuis le {application.respond_by:%d/%m/%Y} : "
            "il en faut une nouvelle (CCH R. 634-3)."
        )


def require_expired(application: Application, on: date) -> None:
    """The time given to complete a declaration has passed (CCH R.634-3)."""
    if application.respond_by is None or on <= application.respond_by:
        raise TooEarly


def require_appeal_silent(appeal: Appeal, on: date) -> None:
    """Two months have passed without an answer to the appeal (CRPA L.411-7)."""
    if appeal.implicit_rejection_on is None or on <= appeal.implicit_rejection_on:
        raise TooEarly
