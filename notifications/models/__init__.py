from notifications.models.message import Message, MessageQuerySet, Posting
from notifications.models.transmission import KEEPERS, PartnerSeat, Recipient, Slip, Transmission, TransmissionQuerySet

__all__ = [
    "KEEPERS",
    "Message",
    "MessageQuerySet",
    "PartnerSeat",
    "Posting",
    "Recipient",
    "Slip",
    "Transmission",
    "TransmissionQuerySet",
]
