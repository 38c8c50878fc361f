"""What the law forbids of a sanction whatever its state; each refusal says, in French, what to do instead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from permis import deadlines, sanctions
from permis.breaches import Breach, FindingSource, SanctionState
from permis.enums import State
from permis.guards import Refusal, TooEarly
from territories.enums import Regime

if TYPE_CHECKING:
    from permis.models import Application, Sanction
    from territories.models import Zone


class PrefectRegime(Refusal):
    code = "prefect_regime"
    message = (
        "Avant le 11 avril 2024, l’amende relève du préfet et de l’Anah (loi 2024-322, art. 23) : "
        "elle ne peut pas être traitée ici. Transmettez le constat à la préfecture."
    )


class NoObligation(Refusal):
    code = "no_obligation"
    message = "Aucun périmètre de ce régime n’était en vigueur pour ce logement ce jour-là : il n’y a pas de manquement."


class NoRefusal(Refusal):
    code = "no_refusal"
    message = (
        "Louer malgré un refus suppose un refus déjà notifié avant la mise en location. Ouvrez la procédure depuis ce dossier."
    )


class NotAFine(Refusal):
    code = "not_a_fine"
    message = (
        "La demande était en cours d’instruction : aucun texte ne sanctionne expressément ce cas (CCH L. 635-7). "
        "La collectivité peut en décider autrement dans ses réglages."
    )


class AlreadyAuthorised(Refusal):
    code = "already_authorised"
    message = "Ce logement avait une autorisation ou un récépissé ce jour-là : le manquement choisi n’existe pas."


class NoConvention(Refusal):
    code = "no_convention"
    message = "Les données de la CAF ou de la MSA ne servent que par convention signée (CRPA L. 114-8). Voyez les réglages."


class ImpossibleDates(Refusal):
    code = "impossible_dates"
    message = "Ces dates ne se suivent pas : vérifiez-les."


class RegularisationNotOpen(Refusal):
    code = "regularisation_not_open"
    message = "Louer malgré un refus ne se régularise pas (CCH R. 635-4 II ne vise que le premier alinéa de L. 635-7)."


class TooLateToRegularise(Refusal):
    code = "too_late_to_regularise"
    message = "La régularisation se fait dans le mois des observations. Plus tard, tenez-en compte dans le montant de l’amende."


class ObservationsRunning(Refusal):
    code = "observations_running"
    message = "Le mois laissé pour présenter des observations n’est pas passé : aucune amende avant (CCH R. 634-4, R. 635-4)."


class FineBarred(Refusal):
    code = "fine_barred"
    message = "Plus d’un an a passé depuis le constat : l’amende ne peut plus être prononcée (CCH L. 634-4, L. 635-7)."


class OverCap(Refusal):
    code = "over_cap"
    message = "Ce montant dépasse le maximum que la loi fixe pour ce manquement."


class NotReasoned(Refusal):
    code = "not_reasoned"
    message = "Dites le montant et les raisons : l’amende est motivée et proportionnée (CRPA L. 211-2, CCH L. 635-7)."


class RightToErr(Refusal):
    code = "right_to_err"
    message = (
        "Cette première infraction est régularisée : le classement est proposé (CRPA L. 123-1). "
        "Pour une amende malgré tout, écrivez ce qui la justifie : mauvaise foi, fraude, santé ou sécurité."
    )


class NotNotified(Refusal):
    code = "not_notified"
    message = "L’amende n’est pas encore notifiée : elle n’est pas exécutoire (CRPA L. 221-8). Inscrivez d’abord sa notification."


class NotARepeat(Refusal):
    code = "not_a_repeat"
    message = "Ce manquement ne précède pas celui-ci de moins de trois ans, ou n’a pas été établi : il n’aggrave rien."


class NoSuchDebt(Refusal):
    code = "no_such_debt"
    message = "Ce montant ne convient pas : il est nul, ou dépasse ce qui reste dû."


def require_finding(
    breach: Breach,
    *,
    found_on: date,
    let_on: date | None,
    on: date,
    zone: Zone | None,
    application: Application | None,
    source: FindingSource,
    fines_during_review: bool,
    has_convention: bool,
) -> None:
    """T24: the mayor or president decides it, the obligation existed that day, and the case says what it is said to say."""
    if found_on < sanctions.DECIDED_HERE_SINCE:
        raise PrefectRegime
    if found_on > on or (let_on is not None and let_on > found_on):
        raise ImpossibleDates("Le logement est loué, puis le constat est fait, au plus tard aujourd’hui : vérifiez ces dates.")
    if deadlines.fine_barred_after(found_on) < on:
        raise FineBarred
    let = let_on or found_on
    if zone is None or zone.regime != breach.regime or not zone.in_force_on <= let <= (zone.ends_on or let):
        raise NoObligation
    if source == FindingSource.BENEFIT and not has_convention:
        raise NoConvention
    _require_case(breach, application, let=let, found_on=found_on, fines_during_review=fines_during_review)


def _require_case(
    breach: Breach, application: Application | None, *, let: date, found_on: date, fines_during_review: bool
) -> None:
    if breach == Breach.DESPITE_REFUSAL:
        refused_on = application.notified_on if application is not None and application.state == State.REFUSED else None
        if refused_on is None or refused_on > let:
            raise NoRefusal
        return
    if application is None or application.regime != breach.regime:
        return
    filed_on = application.received_on
    if application.regime == Regime.DML:
        if application.state == State.RECEIPTED and filed_on is not None and filed_on <= found_on:
            raise AlreadyAuthorised
        return
    if filed_on is None or filed_on > let:
        return
    if application.state in State.open() or _was_pending(application, let):
        if not fines_during_review:
            raise NotAFine
    elif application.state == State.REFUSED:
        raise NoRefusal("Un refus avait été notifié : choisissez « malgré un refus notifié ».")
    elif _was_authorised(application, let):
        raise AlreadyAuthorised


def _was_pending(application: Application, let: date) -> bool:
    """Decided since, but not yet on the day of the letting."""
    born_on = application.notified_on or application.tacit_on
    return application.state in (*State.authorising(), State.USED, State.REFUSED) and born_on is not None and born_on > let


def _was_authorised(application: Application, let: date) -> bool:
    """A permit in force that day; one already used by an earlier lease authorises nothing more (CCH L.635-4)."""
    if application.state == State.USED and application.lease_signed_on is not None and application.lease_signed_on < let:
        return False
    is_valid = application.valid_until is None or let <= application.valid_until
    return application.state in (*State.authorising(), State.USED) and is_valid


def require_regularisable(sanction: Sanction, on: date) -> None:
    """A request or a declaration received inside the month, for the breaches that it mends (R.634-4, R.635-4 II)."""
    if not sanctions.is_regularisable(Breach(sanction.breach)):
        raise RegularisationNotOpen
    if sanction.observations_until is not None and on > sanction.observations_until:
        raise TooLateToRegularise
    if on < sanction.found_on:
        raise ImpossibleDates("Ce récépissé précède le constat : il ne régularise pas ce qui l’a suivi.")


def require_observations_over(sanction: Sanction, on: date) -> None:
    """The month runs from the reception of the letter, and is over the day after its last (C14)."""
    if sanction.observations_until is None:
        raise ObservationsRunning("Inscrivez d’abord le jour où la lettre a été présentée : le mois des observations en part.")
    if on <= sanction.observations_until:
        raise ObservationsRunning


def require_fineable(sanction: Sanction, on: date, *, right_to_err: bool) -> None:
    """Heard, reasoned, within the cap, within the year; against a mended first breach only for a written reason (OQ-4)."""
    require_observations_over(sanction, on)
    if on > sanction.barred_after:
        raise FineBarred
    if not sanction.amount or not sanction.reasons.strip():
        raise NotReasoned
    if sanction.amount > sanction.cap:
        raise OverCap(f"Le maximum est de {sanctions.euros(sanction.cap)} pour ce manquement : vérifiez le montant.")
    is_mended_first = sanction.state == SanctionState.REGULARISED and not sanction.repeated
    if right_to_err and is_mended_first and not sanction.exception.strip():
        raise RightToErr


def require_notified(sanction: Sanction, on: date) -> None:
    if sanction.notified_on is None or on < sanction.notified_on:
        raise NotNotified


def require_paid(sanction: Sanction, recovered: int) -> None:
    if recovered < sanction.due:
        raise TooEarly("Tout n’est pas payé.")


def require_after_signature(sanction: Sanction, on: date) -> None:
    if sanction.fined_on is None or on < sanction.fined_on:
        raise ImpossibleDates("L’amende n’était pas encore signée ce jour-là : vérifiez la date de notification.")
