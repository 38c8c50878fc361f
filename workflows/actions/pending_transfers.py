"""The transfers of a permit that are still awaited: what becomes of them when they fail, or when the permit itself ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from permis import journal
from permis.enums import Side, State
from permis.models import Application, Transfer, TransferAgent
from permis.models.journal import Event
from workflows import transfers

# Why a declared transfer can no longer take effect, in the words that its parties read.
_ENDS = {
    State.REVOKED: "L’autorisation a été retirée par la collectivité.",
    State.REPEALED: "L’autorisation a été abrogée : des travaux prescrits n’ont pas été faits.",
    State.LAPSED: "L’autorisation est caduque : aucun bail n’a été signé dans les deux ans.",
    State.USED: "Un bail a été signé sous cette autorisation : elle a servi.",
    State.ANNULLED: "L’autorisation a été annulée par le tribunal administratif.",
    State.REFUSED: "La demande a été refusée par une décision notifiée à temps : l’autorisation tacite n’existe plus.",
}
_NO_LONGER = "Une date corrigée a changé l’état du dossier : l’autorisation n’est plus en vigueur."


def close_without_permit(application: Application, *, on: date, by: User | None = None) -> None:
    """Clore les transferts déclarés d’une autorisation qui vient de prendre fin, et l’écrire à leurs parties (CCH R.635-3).

    Called with the case locked, in the transaction of what ended the permit; nothing while it still stands.
    """
    if application.state in State.authorising():
        return
    reason = _ENDS.get(State(application.state), _NO_LONGER)
    for transfer in application.transfers.pending().select_related("new_applicant").order_by("pk"):
        transfer.close(reason=reason)
        transfer.save()
        journal.record(application, Event.TRANSFER_CLOSED, by=by, on=on, transfer=transfer.pk, reason=reason)
        tell_declarants(Kind.TRANSFER_CLOSED, application, transfer, on=on)
        owners = transfers.owners_of(transfer)
        outbox.enqueue(Kind.TRANSFER_CLOSED_HOLDER, application=application, on=on, transfer=transfer, owners=owners)


def leave_without_effect(
    application: Application, transfer: Transfer, *, reason: str, name: str, answered_on: date, by: User | None, on: date
) -> None:
    """The holder disagrees, or another transfer came first."""
    transfer.refuse(on=answered_on, by=name, reason=reason)
    transfer.save()
    journal.record(application, Event.TRANSFER_REFUSED, by=by, on=answered_on, transfer=transfer.pk, reason=reason)
    tell_declarants(Kind.TRANSFER_REFUSED, application, transfer, on=on)


def tell_declarants(kind: Kind, application: Application, transfer: Transfer, *, on: date) -> None:
    """Write to who declares: their account, their agent, and the owners for whom an agent or the service declared."""
    url = settings.BASE_URL + reverse("transfer", args=[transfer.pk])
    for address in dict.fromkeys(address.lower() for address in _declarants(transfer) if address):
        outbox.enqueue(kind, application=application, on=on, to=address, url=url, transfer=transfer)


def _declarants(transfer: Transfer) -> Iterable[str]:
    agent = TransferAgent.objects.filter(transfer=transfer).first()
    account = transfer.new_applicant
    if account is not None:
        yield account.email
    if agent is not None:
        yield agent.email
    if account is None or agent is not None:
        for party in transfer.parties.filter(side=Side.NEW).order_by("position"):
            yield party.email
