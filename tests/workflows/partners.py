"""A directory, decisions that call for transmissions, and the partners who read them."""

from datetime import date

from django.urls import reverse

from accounts.enums import Role
from notifications.enums import RecipientKind, TransmissionMeans
from notifications.models import PartnerSeat, Recipient, Transmission
from permis.enums import ConditionMode, Ground, Means, Outcome
from tests import factories
from tests.workflows.test_actions import NOTICE, WORK, signed
from workflows.actions import notification, transmissions

ALL = (
    RecipientKind.CAF, RecipientKind.MSA, RecipientKind.TAX, RecipientKind.PDALHPD, RecipientKind.OBSERVATORY, RecipientKind.PREFECTURE,
)  # fmt: skip

KEEPERS, READERS = {Role.OFFICER, Role.MANAGER}, {Role.OFFICER, Role.MANAGER, Role.AUDITOR}
# Read by `tests/workflows/test_rights.py` with the policy of every other address.
POLICY = {
    "ledger": (READERS, None),
    "transmission": (READERS, None),
    "transmission-acknowledge": (KEEPERS, None),
    "transmission-correct": (KEEPERS, None),
    "transmission-send": (KEEPERS, None),
    "transmission-actes": (KEEPERS, None),
    "partner": ({Role.PARTNER}, None),
    "partner-acknowledge-all": ({Role.PARTNER}, None),
    "partner-export": ({Role.PARTNER}, None),
    "annual-report": ({Role.MANAGER, Role.ELECTED}, None),
    "annual-report-file": ({Role.MANAGER, Role.ELECTED}, None),
    "follow-up": ({Role.MANAGER, Role.ELECTED}, None),
    "follow-up-file": ({Role.MANAGER, Role.ELECTED}, None),
    "settings-recipients": ({Role.ADMINISTRATOR}, None),
    "recipient-create": ({Role.ADMINISTRATOR}, None),
    "recipient": ({Role.ADMINISTRATOR}, None),
}
OF_THE_TOWN = {
    "transmission", "transmission-acknowledge", "transmission-correct", "transmission-send", "transmission-actes", "partner-export",
    "annual-report", "annual-report-file", "follow-up", "follow-up-file", "recipient",
}  # fmt: skip


def address(name, town):
    """The address of a screen about something of this town."""
    if name in ("transmission", "transmission-acknowledge", "transmission-correct"):
        return reverse(name, args=[sent_zone(town).pk])
    if name in ("transmission-send", "transmission-actes", "recipient"):
        return reverse(name, args=[directory(town, RecipientKind.PREFECTURE)[RecipientKind.PREFECTURE].pk])
    if name == "partner-export":
        return reverse(name, args=["transmissions.json"])
    return reverse(name, args=[2026] if name in ("annual-report", "follow-up", "follow-up-file") else [2026, "csv"])


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
    return notification.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="Hélène Duprat", by=staff, on=NOTICE)


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


def sent_zone(authority):
    """A deliberation sent to the CAF; not a case, so that any day will do."""
    directory(authority, RecipientKind.CAF, RecipientKind.MSA)
    transmissions.keep_zone(factories.ZoneFactory(authority=authority), on=authority.today())
    send_all(authority, factories.member(authority, Role.MANAGER), on=authority.today())
    return Transmission.objects.filter(authority=authority, kind=RecipientKind.CAF).get()
