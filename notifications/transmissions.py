"""What becomes of transmissions once their slip left, or could not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from notifications.ledger import TransmissionState
from notifications.models import Message, Slip, Transmission


@transaction.atomic
def record_sending(transmissions: Iterable[Transmission], *, on: date, proof: str) -> None:
    """Constater l’envoi ; ce qu’un rectificatif remplace n’est plus le dernier mot."""
    for transmission in transmissions:
        if transmission.state != TransmissionState.DUE:
            continue
        transmission.send(on=on, proof=proof)
        transmission.save()
        former = transmission.corrects
        if former is not None and former.state != TransmissionState.CORRECTED:
            former.correct()
            # Its recipient may be acknowledging it this very moment: nothing else of it is written.
            former.save(update_fields=["state"])


@transaction.atomic
def was_delivered(message: Message, *, at: datetime, reference: str) -> None:
    """The mail server took the message that carries a slip."""
    slip = Slip.objects.select_related("recipient__authority").filter(message=message).first()
    if slip is None:
        return
    carried = slip.transmissions.locked().select_related("corrects").order_by("pk")
    proof = f"Message {reference} remis au serveur de messagerie pour {message.recipient}, bordereau SHA-256 {slip.sha256}"
    record_sending(carried, on=slip.recipient.authority.local(at).date(), proof=proof)


@transaction.atomic
def was_not_delivered(message: Message) -> None:
    """No server will take it: what it carried is to be sent again, and the slip remains as a trace."""
    for transmission in Transmission.objects.locked().due().filter(slip__message=message):
        transmission.slip, transmission.means = None, ""
        transmission.save()
