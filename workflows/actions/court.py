"""The action before the administrative court: recorded, followed, judged, and what the judgment does to the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from notifications.ledger import Occasion
from permis import deadlines, guards, journal, permissions
from permis.enums import State
from permis.litigation import AppealChannel, AppealKind, AppealState, Judgment, Replacement, Suspension
from permis.models import Appeal, Application
from permis.models.journal import Event
from workflows import flows, remedies
from workflows.actions import replacing, transmissions
from workflows.actions import suspension as suspensions
from workflows.actions.appeal_clock import keep, locked
from workflows.actions.pending_transfers import close_without_permit
from workflows.guards import require, require_permission


class NothingJudged(guards.Refusal):
    code = "wrong_state"
    message = "Aucune décision n’a été prise sur cette demande : le tribunal n’a rien à juger."


class NotYet(guards.Refusal):
    code = "wrong_state"
    message = "Cette date est dans le futur, ou précède celle qu’elle suit : vérifiez-la."


class NoTerm(guards.Refusal):
    code = "wrong_state"
    message = "Dites en combien de jours le tribunal ordonne de réexaminer la demande."


@transaction.atomic
def seize(
    application: Application,
    *,
    author: str,
    court_name: str,
    court_number: str,
    received_on: date,
    by: User,
    on: date,
    arguments: str = "",
    suspension: Suspension | str = "",
    defence_due_on: date | None = None,
    files: Sequence[str] = (),
) -> Appeal:
    """Inscrire une requête devant le tribunal administratif ; tardive, c’est au juge de le dire. Raises NothingJudged, NotYet."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_judge(application, by))
    if application.state not in State.judged():
        raise NothingJudged
    if received_on > on:
        raise NotYet
    remedy = remedies.of(application, today=received_on)
    appeal = Appeal(
        application=application,
        kind=AppealKind.COURT,
        state=AppealState.BEFORE_COURT,
        against=remedy.contested.what if remedy else _permit(application),
        author=author,
        channel=AppealChannel.COURT,
        received_on=received_on,
        until=remedy.until if remedy else None,
        arguments=arguments,
        files=list(files),
        court_name=court_name,
        court_number=court_number,
        suspension=suspension,
        defence_due_on=defence_due_on,
    )
    keep(appeal, on=on)
    journal.record(
        application,
        Event.COURT_SEIZED,
        by=by,
        on=received_on,
        appeal=appeal.pk,
        against=appeal.against,
        court=court_name,
        number=court_number,
        suspension=suspension,
        is_late=appeal.is_late,
    )
    return appeal


@transaction.atomic
def follow(
    appeal: Appeal,
    *,
    court_number: str,
    suspension: Suspension | str,
    defence_due_on: date | None,
    defence_sent_on: date | None,
    sits_on: date | None,
    notes: str,
    by: User,
    on: date,
    files: Sequence[str] = (),
) -> Appeal:
    """Tenir l’affaire à jour : référé, mémoire en défense, audience, notes et pièces de défense."""
    application, appeal = locked(appeal)
    require_permission(permissions.can_judge(application, by))
    if appeal.state != AppealState.BEFORE_COURT:
        raise guards.WrongState
    if defence_sent_on is not None and not appeal.received_on <= defence_sent_on <= on:
        raise NotYet
    appeal.court_number, appeal.suspension, appeal.notes = court_number, suspension, notes
    appeal.defence_due_on, appeal.defence_sent_on, appeal.sits_on = defence_due_on, defence_sent_on, sits_on
    appeal.files = [*appeal.files, *(sha256 for sha256 in files if sha256 not in appeal.files)]
    keep(appeal, on=on)
    journal.record(
        application,
        Event.COURT_FOLLOWED,
        by=by,
        on=on,
        appeal=appeal.pk,
        suspension=suspension,
        defence_sent_on=defence_sent_on,
        sits_on=sits_on,
        files=list(files),
    )
    return appeal


@transaction.atomic
def judge(
    appeal: Appeal,
    *,
    judgment: Judgment,
    judged_on: date,
    notified_on: date,
    judgment_sha256: str,
    by: User,
    on: date,
    reexamine_within_days: int | None = None,
) -> Appeal:
    """Inscrire le jugement et ce qu’il fait du dossier : rien, l’annulation, ou l’annulation et le réexamen dans le terme fixé.

    The term runs from the day the authority received the judgment, kept as a file of the case. Raises NotYet, NoTerm.
    """
    application, appeal = locked(appeal)
    require_permission(permissions.can_judge(application, by))
    if not appeal.received_on <= judged_on <= notified_on <= on:
        raise NotYet
    if judgment == Judgment.ANNULLED_REEXAMINE and not reexamine_within_days:
        raise NoTerm
    if judgment == Judgment.DISMISSED:
        appeal.dismiss(on=judged_on)
    else:
        appeal.annul(on=judged_on, judgment=judgment)
    appeal.judgment_notified_on, appeal.judgment_sha256 = notified_on, judgment_sha256
    # The judge of urgency had the case examined again, or the permit given back: what is annulled has no effect on it any more.
    is_given_back = appeal.is_suspending and appeal.suspends in (State.REVOKED, State.REPEALED)
    is_overtaken = appeal.reexamine_by is not None or is_given_back
    if judgment == Judgment.ANNULLED_REEXAMINE and reexamine_within_days and not is_overtaken:
        appeal.reexamine_by = deadlines.reexamine_by(notified_on, reexamine_within_days)
    keep(appeal, on=on)
    facts = {"appeal": appeal.pk, "judgment": judgment, "file": judgment_sha256, "notified_on": notified_on}
    journal.record(application, Event.JUDGED, by=by, on=judged_on, **facts)
    suspensions.end(application, appeal, by=by, on=judged_on, is_annulled=judgment != Judgment.DISMISSED)
    if judgment != Judgment.DISMISSED and not is_overtaken:
        _annul(application, appeal, by=by, on=judged_on)
    if judgment == Judgment.ANNULLED_REEXAMINE and appeal.reexamine_by is not None and not is_overtaken:
        _reopen(application, decide_by=appeal.reexamine_by, since=notified_on, by=by, on=on)
    flows.advance(application)
    return appeal


@transaction.atomic
def withdraw(appeal: Appeal, *, withdrawn_on: date, by: User, on: date) -> Appeal:
    """Inscrire le désistement du requérant, dont le tribunal donne acte : rien n’est jugé, la suspension prend fin. Raises NotYet."""
    application, appeal = locked(appeal)
    require(appeal.withdraw, by)
    if appeal.kind != AppealKind.COURT or not appeal.received_on <= withdrawn_on <= on:
        raise NotYet
    appeal.withdraw(on=withdrawn_on)
    keep(appeal, on=on)
    journal.record(application, Event.APPEAL_WITHDRAWN, by=by, on=withdrawn_on, appeal=appeal.pk, against=appeal.against)
    outbox.enqueue(Kind.APPEAL_WITHDRAWN_SERVICE, application=application, on=on, appeal=appeal)
    suspensions.end(application, appeal, by=by, on=withdrawn_on, is_annulled=False)
    flows.advance(application)
    return appeal


def _annul(application: Application, appeal: Appeal, *, by: User, on: date) -> None:
    if application.state in (State.REVOKED, State.REPEALED) and appeal.judgment == Judgment.ANNULLED:
        # What is annulled took the permit away: the permit is what is left.
        suspensions.restore(application, by=by, on=on)
        journal.record(application, Event.ANNULLED, by=by, on=on, appeal=appeal.pk, against=appeal.against)
        transmissions.open_for(application, Occasion.APPEAL_ACCEPTED, on=on)
        return
    require(application.annul, by)
    if appeal.reexamine_by is not None:
        # While the case still has the dates of the decision that the judge annulled.
        replacing.set_aside(application, because=Replacement.JUDGMENT, on=on)
    replacing.void_permit(application, on=on)
    application.annul(on=on)
    application.save()
    journal.record(application, Event.ANNULLED, by=by, on=on, appeal=appeal.pk, against=appeal.against)
    close_without_permit(application, by=by, on=on)
    transmissions.open_for(application, Occasion.ANNULMENT, on=on)


def _reopen(application: Application, *, decide_by: date, since: date, by: User, on: date) -> None:
    """The case is under review again until the term of the judge, after which the silence would grant it."""
    application.reopen(on=since, decide_by=decide_by)
    application.save()
    journal.record(application, Event.REOPENED, by=by, on=since, decide_by=decide_by)
    outbox.enqueue(Kind.REOPENED, application=application, on=on, decide_by=decide_by)
    outbox.enqueue(Kind.REEXAMINE, application=application, on=on, decide_by=decide_by)


def _permit(application: Application) -> str:
    """A third party contests the permit itself."""
    return "l’autorisation tacite" if application.state == State.GRANTED_TACIT else "l’autorisation"
