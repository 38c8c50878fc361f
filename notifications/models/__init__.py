from notifications.models.message import Message, MessageQuerySet
from notifications.models.transmission import KEEPERS, PartnerSeat, Recipient, Slip, Transmission, TransmissionQuerySet

__all__ = ["KEEPERS", "Message", "MessageQuerySet", "PartnerSeat", "Recipient", "Slip", "Transmission", "TransmissionQuerySet"]
