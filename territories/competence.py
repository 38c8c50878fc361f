"""Which authority decides where, and on which day (CCH L.635-1)."""

from __future__ import annotations

from datetime import date

from territories.enums import AuthorityKind, Regime
from territories.models import Authority, Commune, Delegation, Zone


class NoAuthority(Exception):
    """Nobody receives these applications with this software."""

    def __init__(self, commune: Commune) -> None:
        super().__init__(
            f"Aucune collectivité ne reçoit ici les demandes pour {commune.name}. Renseignez-vous auprès de votre mairie."
        )


def authority_for(commune: Commune, regime: Regime, on: date) -> Authority:
    """The delegate in force, else the EPCI of the commune, else the commune itself. Raises NoAuthority."""
    delegation = Delegation.objects.in_force(on).filter(commune=commune, regime=regime).select_related("delegate").first()
    if delegation is not None:
        return delegation.delegate
    epci = Authority.objects.filter(kind=AuthorityKind.EPCI, siren=commune.epci_siren).first() if commune.epci_siren else None
    if epci is not None:
        return epci
    zone = (
        Zone.objects.filter(commune=commune, regime=regime, authority__kind=AuthorityKind.COMMUNE)
        .select_related("authority")
        .first()
    )
    if zone is None:
        raise NoAuthority(commune)
    return zone.authority
