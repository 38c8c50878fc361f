"""The adversarial procedure: the holder of a permit is heard before it is repealed or revoked (CRPA L.121-1, L.122-1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal, permissions, rules
from permis.enums import Means, State
from permis.litigation import HearingPurpose
from permis.models import Application, Hearing, PrescribedWork
from permis.models.journal import Event
from permis.rules import Rule
from permis.validators import tracking_number as as_written
from territories.calendars import public_holidays
from workflows import contested, flows
from workflows.actions.works import to_settle
from workflows.guards import require_permission

LETTERS = {HearingPurpose.REPEAL: ActKind.HEARING, HearingPurpose.REVOCATION: ActKind.HEARING_REVOCATION}
PERMITS = {HearingPurpose.REPEAL: [State.GRANTED_CONDITIONAL], HearingPurpose.REVOCATION: State.authorising()}


class NotYetUnmet(guards.Refusal):
    code = "wrong_state"
    message = "Ces travaux ne sont ni constatés non faits, ni en retard : rien ne peut encore être reproché au bailleur."


class NotYetHappened(guards.Refusal):
    code = "wrong_state"
    message = "Cette date est dans le futur, ou précède l’envoi de la lettre : vérifiez-la."


class HearingOpen(guards.Refusal):
    """A letter still waits for its answer, or a person to be heard: nothing is taken away meanwhile."""

    code = "not_adversarial"

    def __init__(self, hearing: Hearing) -> None:
        sent = f"la lettre contradictoire du {hearing.sent_on:%d/%m/%Y}"
        if hearing.awaits_interview:
            super().__init__(f"Le titulaire a demandé à être entendu après {sent} : tenez l’entretien avant de décider.")
        elif hearing.answer_by is None:
            super().__init__(f"Inscrivez d’abord le jour de réception de {sent} : le délai pour répondre en part.")
        else:
            super().__init__(
                f"Le titulaire peut répondre à {sent} jusqu’au {hearing.answer_by:%d/%m/%Y} : attendez ce jour passé."
            )


class AlreadyAnswered(guards.Refusal):
    code = "wrong_state"
    message = "Cette procédure est close : il n’y a plus rien à y répondre."


@transaction.atomic
def open_hearing(
    application: Application,
    *,
    reasons: str,
    means: Means,
    by: User,
    on: date,
    purpose: HearingPurpose = HearingPurpose.REPEAL,
    works: Collection[PrescribedWork] = (),
    texts: str = "",
    tracking_number: str = "",
) -> Hearing:
    """Inviter le titulaire à présenter ses observations avant d’abroger ou de retirer l’autorisation. Raises NotYetUnmet."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_hear(application, by))
    if application.state not in PERMITS[purpose]:
        raise guards.WrongState
    chosen = _held_against(application, works, on=on) if purpose == HearingPurpose.REPEAL else []
    hearing = Hearing.objects.create(
        application=application,
        purpose=purpose,
        reasons=reasons,
        texts=texts,
        answer_days=rules.value(application.authority, Rule.HEARING_DAYS, on=on),
        means=means,
        tracking_number=as_written(tracking_number),
        sent_on=on,
    )
    hearing.works.set(chosen)
    act = acts.freeze(application, LETTERS[purpose], contested.hearing(application, hearing, works=chosen, on=on), on=on)
    journal.record(
        application,
        Event.HEARING_OPENED,
        by=by,
        on=on,
        hearing=hearing.pk,
        purpose=purpose,
        works=[work.pk for work in chosen],
        means=means,
        tracking=hearing.tracking_number,
        act=act.pk,
    )
    outbox.enqueue(
        Kind.HEARING,
        application=application,
        on=on,
        acts=[act.pk],
        works=chosen,
        reasons=reasons,
        days=hearing.answer_days,
        is_repeal=purpose == HearingPurpose.REPEAL,
    )
    flows.advance(application)
    return hearing


@transaction.atomic
def record_answer(
    hearing: Hearing,
    *,
    by: User,
    on: date,
    received_on: date | None = None,
    tracking_number: str = "",
    observations: str = "",
    observations_on: date | None = None,
    oral_asked_on: date | None = None,
    oral_held_on: date | None = None,
    oral_report: str = "",
    file_read_on: date | None = None,
) -> Hearing:
    """Inscrire ce que devient la lettre : reçue, répondue, l’entretien demandé ou tenu, le dossier consulté. Raises NotYetHappened."""
    application, hearing = _locked(hearing)
    require_permission(permissions.can_hear(application, by))
    days = (received_on, observations_on, oral_asked_on, oral_held_on, file_read_on)
    if any(day is not None and not hearing.sent_on <= day <= on for day in days):
        raise NotYetHappened
    facts = {"hearing": hearing.pk}
    if received_on is not None and received_on != hearing.received_on:
        _receive(application, hearing, received_on=received_on)
        journal.record(application, Event.HEARING_RECEIVED, by=by, on=received_on, answer_by=hearing.answer_by, **facts)
    is_same = observations == hearing.observations
    said_on = observations_on or (is_same and hearing.observations_on) or on
    if observations and (observations, said_on) != (hearing.observations, hearing.observations_on):
        hearing.observations, hearing.observations_on = observations, said_on
        journal.record(application, Event.OBSERVATIONS_RECEIVED, by=by, on=said_on, observations=observations, **facts)
    for name, event, day, told in (
        ("oral_asked_on", Event.INTERVIEW_ASKED, oral_asked_on, {}),
        ("oral_held_on", Event.INTERVIEW_HELD, oral_held_on, {"report": oral_report}),
        ("file_read_on", Event.FILE_READ, file_read_on, {}),
    ):
        is_told_again = name == "oral_held_on" and bool(oral_report) and oral_report != hearing.oral_report
        if day is not None and (day != getattr(hearing, name) or is_told_again):
            setattr(hearing, name, day)
            journal.record(application, event, by=by, on=day, **told, **facts)
    hearing.oral_report = oral_report or hearing.oral_report
    hearing.tracking_number = as_written(tracking_number) or hearing.tracking_number
    hearing.validate_constraints()
    hearing.save()
    return hearing


@transaction.atomic
def answer(
    hearing: Hearing, *, observations: str, asks_interview: bool, files: Sequence[str] = (), by: User, on: date
) -> Hearing:
    """Présenter ses observations en ligne, et demander à être entendu. Raises AlreadyAnswered once the permit is taken away."""
    application, hearing = _locked(hearing)
    require_permission(permissions.is_applicant(application, by))
    if application.state not in PERMITS[HearingPurpose(hearing.purpose)] or hearing.dropped_on is not None:
        raise AlreadyAnswered
    facts: dict[str, Any] = {"hearing": hearing.pk}
    if hearing.received_on is None:
        # Who answers a letter has received it.
        _receive(application, hearing, received_on=on)
        journal.record(application, Event.HEARING_RECEIVED, on=on, answer_by=hearing.answer_by, **facts)
    if observations:
        hearing.observations = f"{hearing.observations}\n\n{observations}".strip()
        hearing.observations_on = on
        journal.record(
            application, Event.OBSERVATIONS_RECEIVED, by=by, on=on, observations=observations, files=list(files), **facts
        )
    if asks_interview and hearing.oral_asked_on is None:
        hearing.oral_asked_on = on
        journal.record(application, Event.INTERVIEW_ASKED, by=by, on=on, **facts)
    hearing.save()
    outbox.enqueue(Kind.OBSERVATIONS_RECEIVED, application=application, on=on, asks_interview=hearing.awaits_interview)
    return hearing


@transaction.atomic
def drop(hearing: Hearing, *, reason: str, by: User, on: date) -> Hearing:
    """Abandonner une procédure contradictoire : l’autorisation reste en vigueur, et le bailleur le sait."""
    application, hearing = _locked(hearing)
    require_permission(permissions.can_hear(application, by))
    if hearing.dropped_on is not None or application.state not in State.authorising():
        raise AlreadyAnswered
    hearing.dropped_on = on
    hearing.save()
    journal.record(application, Event.HEARING_DROPPED, by=by, on=on, hearing=hearing.pk, reason=reason)
    outbox.enqueue(Kind.HEARING_DROPPED, application=application, on=on, sent_on=hearing.sent_on)
    return hearing


def heard(application: Application, purpose: HearingPurpose, *, on: date) -> Hearing:
    """The hearing on which taking the permit away rests: the last one for this purpose, no other being open.

    Raises NotAdversarial where nobody was heard, HearingOpen while anybody may still answer.
    """
    standing = list(application.hearings.standing().order_by("sent_on", "pk"))
    for hearing in standing:
        if not hearing.is_heard(on):
            raise HearingOpen(hearing)
    found = [hearing for hearing in standing if hearing.purpose == purpose]
    if not found:
        raise guards.NotAdversarial
    return found[-1]


def _held_against(application: Application, works: Collection[PrescribedWork], *, on: date) -> list[PrescribedWork]:
    asked = {work.pk for work in works}
    chosen = [work for work in to_settle(application) if work.pk in asked and work.may_be_held_against(on)]
    if not chosen or len(chosen) != len(asked):
        raise NotYetUnmet
    return chosen


def _receive(application: Application, hearing: Hearing, *, received_on: date) -> None:
    hearing.received_on = received_on
    holidays = public_holidays(application.authority.department)
    hearing.answer_by = deadlines.answer_by(received_on, holidays, days=hearing.answer_days)


def _locked(hearing: Hearing) -> tuple[Application, Hearing]:
    application = Application.objects.locked().get(pk=hearing.application_id)
    return application, Hearing.objects.get(pk=hearing.pk)
