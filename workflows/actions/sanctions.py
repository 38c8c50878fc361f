"""A sanction until its decision: finding, letter, observations, regularisation, closure, and what time does by itself."""

from __future__ import annotations

from datetime import date

from django.core.files.base import File
from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from documents import acts, receiving
from documents.enums import ActKind
from documents.models import StoredFile
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal, permissions, rules
from permis.alarms import Alarm
from permis.breaches import Breach, FindingSource, SanctionState
from permis.enums import Means
from permis.models import Application, Sanction
from permis.models.sanction_journal import SanctionEvent
from permis.numbering import next_sanction_number
from permis.rules import Rule
from permis.sanction_guards import ImpossibleDates, NotARepeat, require_finding
from permis.validators import tracking_number as as_written
from territories.calendars import public_holidays
from territories.models import Authority, Commune, Zone
from workflows import sanctioning
from workflows.actions import owed
from workflows.guards import require, require_permission


@transaction.atomic
def open_sanction(
    authority: Authority,
    *,
    commune: Commune,
    zone: Zone | None,
    breach: Breach,
    found_on: date,
    source: FindingSource,
    facts: str,
    person: dict[str, str],
    address: str,
    postcode: str,
    by: User,
    on: date,
    let_on: date | None = None,
    application: Application | None = None,
    blames_applicant: bool = False,
    found_by_name: str = "",
) -> Sanction:
    """Établir le constat d’un manquement, d’un dossier ou sans dossier (T24). Raises the refusals of `require_finding`.

    ``person`` holds the fields `person_…` of a sanction. A breach established in the three years before is found here; only a
    person says that this one repeats it.
    """
    require_permission(by.has_role(Role.LEGAL, in_=authority))
    if application is not None and application.authority_id != authority.pk:
        raise guards.WrongState
    require_finding(
        breach,
        found_on=found_on,
        let_on=let_on,
        on=on,
        zone=zone if zone is not None and zone.authority_id == authority.pk and zone.commune_id == commune.pk else None,
        application=application,
        source=source,
        fines_during_review=rules.value(authority, Rule.FINE_DURING_REVIEW, on=on),
        has_convention=rules.value(authority, Rule.BENEFIT_MATCHING, on=on),
    )
    sanction = Sanction(
        authority=authority,
        commune=commune,
        zone=zone,
        application=application,
        number=next_sanction_number(authority, found_on.year),
        breach=breach,
        address=address,
        postcode=postcode,
        blames_applicant=blames_applicant and application is not None and application.applicant_id is not None,
        found_on=found_on,
        let_on=let_on,
        found_by=by,
        found_by_name=found_by_name or by.full_name,
        source=source,
        facts=facts,
        **person,
    )
    sanction.derive()
    sanction.previous = next(iter(earlier_breaches(sanction)), None)
    sanction.save(force_insert=True)
    journal.record(
        sanction,
        SanctionEvent.OPENED,
        by=by,
        on=found_on,
        breach=breach,
        source=source,
        found_by=sanction.found_by_name,
        previous=sanction.previous.number if sanction.previous else "",
    )
    return sanction


def earlier_breaches(sanction: Sanction) -> list[Sanction]:
    """Those established in the three years before, of the same person or about the same dwelling; the last one first."""
    found = Sanction.objects.established().resembling(sanction).order_by("-found_on", "-pk")
    return [each for each in found if deadlines.is_repeated(sanction.found_on, each.found_on)]


def add_evidence(sanction: Sanction, *, upload: File, by: User, on: date) -> StoredFile:
    """Joindre un élément de preuve ; ses octets sont rangés d’abord. Raises FileRefused, StorageFailed."""
    require_permission(permissions.can_judge(sanction, by))
    file = receiving.receive(sanction, upload, by=by)
    _record_evidence(sanction, file, by=by, on=on)
    return file


@transaction.atomic
def _record_evidence(sanction: Sanction, file: StoredFile, *, by: User, on: date) -> None:
    sanction = locked(sanction)
    if not sanction.journal.filter(event=SanctionEvent.EVIDENCE_ADDED, facts__file=file.pk).exists():
        journal.record(sanction, SanctionEvent.EVIDENCE_ADDED, by=by, on=on, file=file.pk, sha256=file.sha256)


@transaction.atomic
def settle_repeat(sanction: Sanction, *, previous: Sanction | None, by: User, on: date) -> Sanction:
    """Dire s’il s’agit d’un nouveau manquement dans les trois ans, avant la lettre qui annonce le maximum. Raises NotARepeat."""
    sanction = locked(sanction)
    require_permission(permissions.can_judge(sanction, by))
    if sanction.state != SanctionState.CONSTAT:
        raise guards.WrongState("La lettre est partie avec son maximum : il ne change plus.")
    if previous is not None and previous not in earlier_breaches(sanction):
        raise NotARepeat
    sanction.repeated, sanction.repeat_confirmed_by = previous is not None, by if previous is not None else None
    sanction.previous = previous or sanction.previous
    sanction.save()
    facts = {"previous": previous.number if previous else "", "repeated": sanction.repeated}
    journal.record(sanction, SanctionEvent.REPEAT_SETTLED, by=by, on=on, **facts)
    return sanction


@transaction.atomic
def open_observations(sanction: Sanction, *, means: Means, by: User, on: date, tracking_number: str = "") -> Sanction:
    """Inviter la personne à présenter ses observations, et à régulariser où le texte le permet (R.634-4, R.635-4)."""
    sanction = locked(sanction)
    require(sanction.open_observations, by)
    sanction.open_observations(on=on, means=means, tracking=as_written(tracking_number))
    sanction.save()
    act = acts.freeze(sanction, ActKind.SANCTION_LETTER, sanctioning.observations_letter(sanction, on=on), on=on)
    facts = {"means": means, "tracking": sanction.letter_tracking, "cap": sanction.cap, "act": act.pk}
    journal.record(sanction, SanctionEvent.LETTER_SENT, by=by, on=on, **facts)
    outbox.enqueue_for_sanction(Kind.SANCTION_LETTER, sanction=sanction, on=on, acts=[act.pk])
    return sanction


@transaction.atomic
def receive_letter(sanction: Sanction, *, received_on: date, by: User, on: date, tracking_number: str = "") -> Sanction:
    """Inscrire la première présentation de la lettre : le mois en part. Raises ImpossibleDates."""
    sanction = locked(sanction)
    require(sanction.receive_letter, by)
    require_happened(received_on, since=sanction.letter_sent_on, on=on)
    until = deadlines.observations_until(received_on, public_holidays(sanction.authority.department))
    sanction.receive_letter(on=received_on, until=until)
    sanction.letter_tracking = as_written(tracking_number) or sanction.letter_tracking
    sanction.save()
    journal.record(sanction, SanctionEvent.LETTER_RECEIVED, by=by, on=received_on, until=until)
    return sanction


@transaction.atomic
def record_observations(
    sanction: Sanction, *, observations: str, observations_on: date, by: User, on: date, hearing_asked: bool = False
) -> Sanction:
    """Inscrire des observations reçues, même tard : elles comptent tant que rien n’est décidé. Raises ImpossibleDates."""
    sanction = locked(sanction)
    require_permission(permissions.can_judge(sanction, by))
    require_happened(observations_on, since=sanction.letter_sent_on, on=on)
    _keep_observations(sanction, observations, observations_on=observations_on, hearing_asked=hearing_asked, by=by)
    return sanction


@transaction.atomic
def answer(sanction: Sanction, *, observations: str, by: User, on: date, hearing_asked: bool = False) -> Sanction:
    """Présenter ses observations en ligne : la personne mise en cause, sur son dossier."""
    require_permission(Sanction.objects.told_to(by).filter(pk=sanction.pk).exists())
    sanction = locked(sanction)
    _keep_observations(sanction, observations, observations_on=on, hearing_asked=hearing_asked, by=by)
    outbox.enqueue_for_sanction(Kind.SANCTION_ANSWERED, sanction=sanction, on=on)
    return sanction


def _keep_observations(sanction: Sanction, observations: str, *, observations_on: date, hearing_asked: bool, by: User) -> None:
    if not sanction.is_letter_sent or sanction.state not in SanctionState.before_decision():
        raise guards.WrongState("La décision est prise : des observations ne peuvent plus s’y joindre. Un recours est possible.")
    sanction.observations = "\n\n".join(part for part in (sanction.observations, observations) if part)
    sanction.observations_on = observations_on if observations else sanction.observations_on
    sanction.hearing_asked = sanction.hearing_asked or hearing_asked
    sanction.save()
    facts = {"observations": observations, "hearing_asked": hearing_asked}
    journal.record(sanction, SanctionEvent.OBSERVATIONS, by=by, on=observations_on, **facts)


@transaction.atomic
def record_hearing(sanction: Sanction, *, heard_on: date, heard: str, by: User, on: date) -> Sanction:
    """Inscrire l’audition de la personne, et ce qu’elle a dit (CRPA L.122-1). Raises ImpossibleDates."""
    sanction = locked(sanction)
    require_permission(permissions.can_judge(sanction, by))
    if not sanction.is_letter_sent or sanction.state not in SanctionState.before_decision():
        raise guards.WrongState
    require_happened(heard_on, since=sanction.letter_sent_on, on=on)
    sanction.heard_on, sanction.heard = heard_on, heard
    sanction.save()
    journal.record(sanction, SanctionEvent.HEARD, by=by, on=heard_on, heard=heard)
    return sanction


@transaction.atomic
def regularise(
    sanction: Sanction,
    *,
    by: User,
    on: date,
    regularised_on: date | None = None,
    receipt: str = "",
    application: Application | None = None,
) -> Sanction:
    """Constater la régularisation par un récépissé, ou par la demande déposée ici. Raises RegularisationNotOpen."""
    sanction = locked(sanction)
    require(sanction.regularise, by)
    if application is not None:
        _require_mending(sanction, application)
        regularised_on, receipt = application.received_on, receipt or f"demande n° {application.number}"
    if regularised_on is None:
        raise ImpossibleDates("Indiquez la date du récépissé, ou le numéro de la demande déposée ici.")
    require_happened(regularised_on, since=None, on=on)
    sanction.regularise(on=regularised_on)
    sanction.receipt, sanction.regularised_by = receipt, application
    sanction.save()
    journal.record(sanction, SanctionEvent.REGULARISED, by=by, on=regularised_on, receipt=receipt)
    return sanction


def _require_mending(sanction: Sanction, application: Application) -> None:
    """A filed request of the same authority and regime, for the same dwelling or not: an address may be written otherwise."""
    is_of_the_regime = application.regime == Breach(sanction.breach).regime
    if application.authority_id != sanction.authority_id or application.number is None or not is_of_the_regime:
        raise ImpossibleDates("Cette demande n’est pas de la collectivité, ou pas du régime que le manquement concerne.")


@transaction.atomic
def close(sanction: Sanction, *, reason: str, by: User, on: date) -> Sanction:
    """Classer sans amende ; la personne qui avait reçu une lettre en reçoit une autre."""
    sanction = locked(sanction)
    require(sanction.close, by)
    sanction.close(on=on, reason=reason)
    sanction.save()
    journal.record(sanction, SanctionEvent.CLOSED, by=by, on=on, reason=reason)
    if sanction.is_letter_sent:
        act = acts.freeze(sanction, ActKind.SANCTION_CLOSURE, sanctioning.closure(sanction, on=on), on=on)
        outbox.enqueue_for_sanction(Kind.SANCTION_CLOSED, sanction=sanction, on=on, acts=[act.pk])
    return sanction


# -- what time does by itself


@transaction.atomic
def move_to_decide(sanction: Sanction, *, on: date) -> Sanction:
    """Constater que le mois des observations est passé."""
    sanction = locked(sanction)
    sanction.move_to_decide(on=on)
    sanction.save()
    journal.record(sanction, SanctionEvent.TO_DECIDE, on=on, until=sanction.observations_until)
    outbox.enqueue_for_sanction(Kind.SANCTION_TO_DECIDE, sanction=sanction, on=on)
    return sanction


@transaction.atomic
def alert(sanction: Sanction, *, on: date) -> Sanction | None:
    """Avertir que l’amende se prescrit, une fois par palier ; ne fait rien hors de ces jours."""
    sanction = locked(sanction)
    if sanction.state not in SanctionState.before_decision():
        return None
    barred = sanction.barred_after
    step = owed.step(sanction, Alarm.BAR, deadlines.bar_alerts_on(barred), on=on, until=barred)
    if step is None or journal.is_told(sanction, SanctionEvent.ALERTED, alert=step):
        return None
    journal.record(sanction, SanctionEvent.ALERTED, on=on, alert=step)
    outbox.enqueue_for_sanction(Kind.SANCTION_BAR, sanction=sanction, on=on, once=step.isoformat())
    return sanction


DUTIES = [
    owed.Duty("to_decide", lambda day: Sanction.objects.observed_before(day), move_to_decide),
    owed.Duty("bar_alerted", lambda day: Sanction.objects.near_bar(day), alert),
]


def locked(sanction: Sanction) -> Sanction:
    return Sanction.objects.locked().with_sheet().get(pk=sanction.pk)


def require_happened(day: date, *, since: date | None, on: date) -> None:
    if day > on:
        raise ImpossibleDates("Cette date est dans le futur : vérifiez-la.")
    if since is not None and day < since:
        raise ImpossibleDates("Cette date précède l’envoi de la lettre : vérifiez-la.")
