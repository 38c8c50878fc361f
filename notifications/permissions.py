"""Who may send what must be transmitted, and who may say that it came: predicates without side effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import Role
from accounts.models import User
from territories.models import Authority

if TYPE_CHECKING:
    from notifications.models import Transmission


def can_transmit_for(authority: Authority, user: User) -> bool:
    """Tenir le registre des transmissions : instructeur ou responsable."""
    return user.has_role(Role.OFFICER, Role.MANAGER, in_=authority)


def can_transmit(transmission: Transmission, user: User) -> bool:
    """Envoyer, rectifier : le service qui tient le registre."""
    return can_transmit_for(transmission.authority, user)


def can_acknowledge(transmission: Transmission, user: User) -> bool:
    """Accuser réception : le destinataire dans son espace, ou le service qui en a la preuve."""
    return can_transmit(transmission, user) or is_recipient(transmission, user)


def is_recipient(transmission: Transmission, user: User) -> bool:
    """Le partenaire à qui la transmission est adressée, tant que la collectivité lui garde ce rôle."""
    if not user.has_role(Role.PARTNER, in_=transmission.authority) or transmission.recipient is None:
        return False
    return transmission.recipient.seats.filter(membership__user=user).exists()
