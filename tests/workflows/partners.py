"""A directory, decisions that call for transmissions, and the partners who read them."""

from datetime import date

from accounts.enums import Role
from notifications.enums import RecipientKind, TransmissionMeans
from notifications.models import PartnerSeat, Recipient, Transmission
from permis.enums import ConditionMode, Ground, Means, Outcome
from tests import factories
from tests.workflows.test_actions import NOTICE, WORK, signed
from workflows.actions import decision, transmissions

ALL = (
    RecipientKind.CAF, RecipientKind.MSA, RecipientKind.TAX, RecipientKind.PDALHPD, RecipientKind.OBSERVATORY, RecipientKind.PREFECTURE,
)  # fmt: skip


def directory(authority, *kinds, means=TransmissionMeans.HAND, **fields):
    """One recipient of each kind, in place since 2025."""
    fields = {"email": "boite@partenaire.test"} | fields
    return {
        kind: Recipient.objects.create(
            authority=authority, kind=kind, name=f"{kind.label} d’ici", means=means, since=date(2025, 1, 1), **fields
        )
        for kind in kinds or ALL
    }


def decided(application, staff, outcome=Outcome.REFUSED):
    """Notified in time, on 20 March 2026."""
    draft = {} if outcome == Outcome.GRANTED else {"grounds": [Ground.DECENCY], "works": [WORK]}
    if outcome == Outcome.CONDITIONAL:
        draft["mode"] = ConditionMode.PRIOR
    case = signed(application, staff, outcome, **draft)
    return decision.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="Hélène Duprat", by=staff, on=NOTICE)


def partner(recipient, **fields):
    """Somebody who reads for this recipient."""
    user = factories.member(recipient.authority, Role.PARTNER, **fields)
    PartnerSeat.objects.create(membership=user.memberships.get(), recipient=recipient)
    return user


def send_all(authority, staff, on=NOTICE):
    """Everything due to everybody, handed over."""
    for recipient in Recipient.objects.filter(authority=authority).order_by("pk"):
        if Transmission.objects.to_send().filter(recipient=recipient).exists():
            transmissions.send(recipient, by=staff, on=on, sent_on=on, proof="Remis en main propre")
