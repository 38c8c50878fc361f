"""A fine from its draft to its recovery: proposed, signed, notified, its title issued, paid, contested, withdrawn."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions, rules
from permis.breaches import SanctionState
from permis.enums import Means
from permis.models import Payment, Sanction
from permis.models.sanction_journal import SanctionEvent
from permis.rules import Rule
from permis.sanction_guards import NoSuchDebt, require_fineable
from permis.validators import tracking_number as as_written
from workflows import sanctioning
from workflows.actions import sealing
from workflows.actions.sanctions import locked, require_happened
from workflows.guards import TaskGone, require, require_permission


@transaction.atomic
def propose_fine(sanction: Sanction, *, amount: int, reasons: str, by: User, on: date, exception: str = "") -> Sanction:
    """Transmettre un projet d’amende à la signature. Raises OverCap, FineBarred, ObservationsRunning, RightToErr, NotReasoned.

    What cannot be signed today is told to its author now.
    """
    sanction = locked(sanction)
    require_permission(permissions.can_judge(sanction, by))
    if sanction.state not in SanctionState.decidable():
        raise guards.WrongState("L’amende se propose une fois le mois des observations passé, ou la situation régularisée.")
    sanction.amount, sanction.reasons, sanction.exception, sanction.drafted_by = amount, reasons, exception, by
    require_fineable(sanction, on, right_to_err=_right_to_err(sanction, on))
    sanction.save()
    journal.record(sanction, SanctionEvent.FINE_PROPOSED, by=by, on=on, amount=amount, reasons=reasons, exception=exception)
    outbox.enqueue_for_sanction(Kind.FINE_TO_SIGN, sanction=sanction, on=on)
    return sanction


def preview(sanction: Sanction, *, by: User, on: date) -> Act:
    """L’arrêté tel qu’il serait signé aujourd’hui par cette personne, rendu et conservé. Raises what forbids to sign it."""
    require_permission(permissions.can_sign(sanction, by))
    require_fineable(sanction, on, right_to_err=_right_to_err(sanction, on))
    return sealing.preview(sanction, ActKind.FINE, _wording(sanction, on), by=by, on=on)


def fine(sanction: Sanction, *, act: Act, by: User, on: date) -> Sanction:
    """Prononcer l’amende : les octets lus à l’aperçu sont scellés, et aucun autre. Raises PreviewChanged, NoSignaturePower."""
    require_permission(permissions.can_sign(sanction, by))
    if sanction.state not in SanctionState.decidable():
        raise TaskGone
    require_fineable(sanction, on, right_to_err=_right_to_err(sanction, on))
    return _fine(sanction, act=sealing.seal(sanction, act, by=by, on=on, reason="Amende prononcée"), by=by, on=on)


@transaction.atomic
def _fine(sanction: Sanction, *, act: Act, by: User, on: date) -> Sanction:
    sanction = locked(sanction)
    require(sanction.fine, by)
    signatory = sealing.signatory_of(sanction, by=by, on=on)
    sealing.issue(sanction, act, _wording(sanction, on), by=by, on=on)
    sanction.fine(on=on, right_to_err=_right_to_err(sanction, on))
    sanction.signatory, sanction.signatory_name, sanction.signatory_capacity = by, signatory.name, signatory.capacity
    sanction.fine_sha256 = act.sha256
    sanction.save()
    journal.record(
        sanction, SanctionEvent.FINED, by=by, on=on, amount=sanction.amount, act=act.sha256, exception=sanction.exception
    )
    outbox.enqueue_for_sanction(Kind.FINE_TO_NOTIFY, sanction=sanction, on=on)
    return sanction


@transaction.atomic
def notify(sanction: Sanction, *, means: Means, notified_on: date, by: User, on: date, tracking_number: str = "") -> Sanction:
    """Constater la notification de l’amende ; les données du titre de recette sont alors établies."""
    sanction = locked(sanction)
    require(sanction.notify, by)
    if sanction.notified_on is not None:
        raise guards.WrongState("Cette amende est déjà notifiée.")
    require_happened(notified_on, since=None, on=on)
    sanction.notify(on=notified_on)
    sanction.notice_means, sanction.notice_tracking = means, as_written(tracking_number)
    sanction.save()
    order = sanction.acts.issued().get(sha256=sanction.fine_sha256)
    sheet = acts.freeze(sanction, ActKind.FINE_TITLE, sanctioning.title_sheet(sanction, on=on), on=on)
    facts = {"means": means, "tracking": sanction.notice_tracking, "title_sheet": sheet.pk}
    journal.record(sanction, SanctionEvent.NOTIFIED, by=by, on=notified_on, **facts)
    outbox.enqueue_for_sanction(Kind.FINE_NOTIFIED, sanction=sanction, on=on, acts=[order.pk])
    return sanction


@transaction.atomic
def issue_title(sanction: Sanction, *, number: str, issued_on: date, by: User, on: date) -> Sanction:
    """Inscrire le titre de recette émis. Raises NotNotified."""
    sanction = locked(sanction)
    require(sanction.issue_title, by)
    require_happened(issued_on, since=None, on=on)
    sanction.issue_title(on=issued_on, number=number)
    sanction.save()
    journal.record(sanction, SanctionEvent.TITLE_ISSUED, by=by, on=issued_on, number=number, amount=sanction.due)
    return sanction


@transaction.atomic
def record_payment(sanction: Sanction, *, amount: int, paid_on: date, by: User, on: date) -> Sanction:
    """Inscrire un paiement, entier ou partiel ; le dernier clôt la procédure. Raises NoSuchDebt."""
    sanction = locked(sanction)
    require(sanction.mark_paid, by)
    if sanction.state not in (SanctionState.TITLE_ISSUED, SanctionState.RECOVERY):
        raise guards.WrongState
    require_happened(paid_on, since=None, on=on)
    if not 0 < amount <= sanction.due - recovered(sanction):
        raise NoSuchDebt
    Payment.objects.create(sanction=sanction, amount=amount, on=paid_on)
    total = recovered(sanction)
    journal.record(sanction, SanctionEvent.PAYMENT, by=by, on=paid_on, amount=amount, total=total)
    if total >= sanction.due:
        sanction.mark_paid(on=paid_on, recovered=total)
        sanction.save()
        journal.record(sanction, SanctionEvent.PAID, by=by, on=paid_on, amount=total)
    return sanction


@transaction.atomic
def start_recovery(sanction: Sanction, *, since: date, by: User, on: date) -> Sanction:
    """Inscrire le recouvrement forcé engagé par le comptable public."""
    sanction = locked(sanction)
    require(sanction.start_recovery, by)
    require_happened(since, since=None, on=on)
    sanction.start_recovery(on=since)
    sanction.save()
    journal.record(sanction, SanctionEvent.RECOVERY, by=by, on=since)
    return sanction


@transaction.atomic
def contest(sanction: Sanction, *, contested_on: date, before: str, by: User, on: date) -> Sanction:
    """Prendre acte d’un recours. Raises NotNotified."""
    sanction = locked(sanction)
    require(sanction.contest, by)
    require_happened(contested_on, since=None, on=on)
    sanction.contest(on=contested_on)
    sanction.save()
    journal.record(sanction, SanctionEvent.CONTESTED, by=by, on=contested_on, before=before)
    return sanction


@transaction.atomic
def uphold(sanction: Sanction, *, settled_on: date, reason: str, by: User, on: date, reduced_to: int | None = None) -> Sanction:
    """Inscrire l’issue d’un recours qui maintient l’amende, ou la réduit. Raises NoSuchDebt."""
    sanction = locked(sanction)
    require(sanction.uphold, by)
    require_happened(settled_on, since=None, on=on)
    if reduced_to is not None and not max(1, recovered(sanction)) <= reduced_to < sanction.due:
        raise NoSuchDebt("Le montant réduit est inférieur à l’amende, et au moins égal à ce qui est déjà payé.")
    sanction.uphold(on=settled_on, reduced_to=reduced_to)
    sanction.save()
    journal.record(sanction, SanctionEvent.UPHELD, by=by, on=settled_on, reason=reason, due=sanction.due)
    return sanction


@transaction.atomic
def annul(sanction: Sanction, *, judged_on: date, reason: str, by: User, on: date) -> Sanction:
    """Prendre acte de l’annulation de l’amende par le juge."""
    sanction = locked(sanction)
    require(sanction.annul, by)
    require_happened(judged_on, since=None, on=on)
    sanction.annul(on=judged_on, reason=reason)
    sanction.save()
    journal.record(sanction, SanctionEvent.ANNULLED, by=by, on=judged_on, reason=reason)
    return sanction


@transaction.atomic
def withdraw(sanction: Sanction, *, reason: str, by: User, on: date) -> Sanction:
    """Retirer l’amende, à tout moment (CRPA L.243-4). Raises NoSignaturePower."""
    sanction = locked(sanction)
    require(sanction.withdraw, by)
    signatory = sealing.signatory_of(sanction, by=by, on=on)
    was_known = sanction.notified_on is not None
    sanction.withdraw(on=on, reason=reason)
    sanction.save()
    content = sanctioning.withdrawal(sanction, signatory=signatory, on=on)
    act = acts.freeze(sanction, ActKind.FINE_WITHDRAWAL, content, on=on)
    journal.record(sanction, SanctionEvent.WITHDRAWN, by=by, on=on, reason=reason, act=act.pk)
    if was_known:
        outbox.enqueue_for_sanction(Kind.FINE_WITHDRAWN, sanction=sanction, on=on, acts=[act.pk])
    return sanction


def recovered(sanction: Sanction) -> int:
    """What was paid of the fine so far, in euros."""
    return sanction.payments.aggregate(total=Sum("amount", default=0))["total"]


def _wording(sanction: Sanction, on: date) -> sealing.Wording:
    return lambda signatory: sanctioning.fine(sanction, signatory=signatory, on=on)


def _right_to_err(sanction: Sanction, on: date) -> bool:
    return bool(rules.value(sanction.authority, Rule.RIGHT_TO_ERR, on=on))
