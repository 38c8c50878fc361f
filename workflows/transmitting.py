"""Who is told of what, and what the slips and the panel of a case say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from documents.content import Content
from documents.wording import slips
from notifications.ledger import Occasion, RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import KEEPERS, Recipient, Slip, Transmission
from permis import attached, rules
from permis.enums import Outcome
from permis.models import Application
from permis.rules import Rule
from territories.models import Authority
from workflows import drafting
from workflows.presentation import Badge

_DECISIONS = {
    Outcome.REFUSED: Occasion.REFUSAL,
    Outcome.CONDITIONAL: Occasion.CONDITIONAL,
    Outcome.GRANTED: Occasion.GRANT,
}
_ROUTES: Mapping[Occasion, tuple[RecipientKind, ...]] = {
    # L.634-2, L.635-2
    Occasion.DELIBERATION: (RecipientKind.CAF, RecipientKind.MSA),
    # L.635-6, then L.635-10
    Occasion.REFUSAL: (
        RecipientKind.CAF, RecipientKind.MSA, RecipientKind.TAX, RecipientKind.PDALHPD, RecipientKind.OBSERVATORY,
    ),
    # L.635-10
    Occasion.CONDITIONAL: (RecipientKind.PDALHPD, RecipientKind.OBSERVATORY),
    # L.635-1 III
    Occasion.ANNUAL_REPORT: (RecipientKind.EPCI,),
}  # fmt: skip
# Whether an act goes to the legality control is the authority's choice (CGCT L.2131-2).
_LEGALITY = {
    Occasion.REFUSAL: Rule.ACTES_REFUSALS,
    Occasion.CONDITIONAL: Rule.ACTES_REFUSALS,
    Occasion.GRANT: Rule.ACTES_GRANTS,
}
BASES: Mapping[RecipientKind, str] = {
    RecipientKind.CAF: "les articles L. 634-2, L. 635-2 et L. 635-6 du code de la construction et de l’habitation",
    RecipientKind.MSA: "les articles L. 634-2, L. 635-2 et L. 635-6 du code de la construction et de l’habitation",
    RecipientKind.TAX: "l’article L. 635-6 du code de la construction et de l’habitation",
    RecipientKind.PDALHPD: "l’article L. 635-10 du code de la construction et de l’habitation",
    RecipientKind.OBSERVATORY: "l’article L. 635-10 du code de la construction et de l’habitation",
    RecipientKind.PREFECTURE: "l’article L. 2131-2 du code général des collectivités territoriales",
    RecipientKind.EPCI: "les articles L. 635-1, III et R. 635-5 du code de la construction et de l’habitation",
}


def decision_of(application: Application) -> Occasion:
    """The occasion that the decision of a case is, by its outcome; a permit born of silence is a grant."""
    return _DECISIONS[Outcome(application.outcome) if application.notified_on else Outcome.GRANTED]


def told_of(occasion: Occasion, authority: Authority, *, on: date) -> list[RecipientKind]:
    """Who is told of this by law, and by the choice of the authority."""
    kinds = list(_ROUTES.get(occasion, ()))
    if occasion in _LEGALITY and rules.value(authority, _LEGALITY[occasion], on=on):
        kinds.append(RecipientKind.PREFECTURE)
    return kinds


def slip(made: Slip, transmissions: Sequence[Transmission], *, on: date) -> Content:
    """Le bordereau de ces transmissions ; il nomme chaque élément, les données sont dans les fichiers."""
    recipient: Recipient = made.recipient
    return slips.slip(
        drafting.issuer_of(recipient.authority),
        number=made.number,
        recipient=[line for line in (recipient.name, recipient.contact) if line],
        basis=f"Transmission prévue par {BASES[RecipientKind(recipient.kind)]}.",
        rows=[[str(each.pk), _object(each), _about(each), f"{each.opened_on:%d/%m/%Y}"] for each in transmissions],
        report=[section for each in transmissions for section in sections_of(each.payload)],
        on=on,
    )


def proof_of(transmission: Transmission) -> str:
    """The proof of its sending in words; the reference of the message and the hash of the slip stay in the proof itself."""
    if transmission.means == TransmissionMeans.EMAIL and transmission.slip is not None and transmission.slip.message is not None:
        return f"Remis au serveur de messagerie pour {transmission.slip.message.recipient}" if transmission.sending_proof else ""
    if transmission.means == TransmissionMeans.SPACE and transmission.sending_proof:
        return "Mis à disposition dans l’espace partenaire"
    return transmission.sending_proof


def sections_of(payload: Mapping[str, Any]) -> list[slips.Section]:
    """The annual report as it was frozen; none in what is transmitted of a case."""
    return [(part["titre"], [(label, value) for label, value in part["lignes"]]) for part in payload.get("rapport", [])]


@dataclass(frozen=True)
class Row:
    """A transmission and where it stands, always in a word and an icon."""

    transmission: Transmission
    badge: Badge

    @classmethod
    def of(cls, transmission: Transmission, *, today: date) -> Row:
        if transmission.is_under_way:
            return cls(transmission, Badge("Envoi en cours", "is-info", "hourglass-split"))
        if transmission.is_late(today):
            return cls(
                transmission,
                Badge(f"En retard depuis le {transmission.due_on:%d/%m/%Y}", "is-danger", "exclamation-octagon-fill"),
            )
        family, icon = _BADGES[TransmissionState(transmission.state)]
        return cls(transmission, Badge(str(transmission.get_state_display()), family, icon))

    @classmethod
    def received(cls, transmission: Transmission) -> Row:
        """The same as its recipient reads it."""
        if transmission.state == TransmissionState.SENT:
            return cls(transmission, Badge("Accusé à donner", "is-warn", "inbox-fill"))
        return cls.of(transmission, today=transmission.opened_on)


_BADGES = {
    TransmissionState.DUE: ("is-warn", "send"),
    TransmissionState.SENT: ("is-info", "send-check"),
    TransmissionState.ACKNOWLEDGED: ("is-ok", "check-circle-fill"),
    TransmissionState.CORRECTED: ("", "arrow-repeat"),
}


def panel(case: Application, user: User, *, today: date) -> dict[str, Any] | None:
    """What the page of a case says of its transmissions; nothing while there is none."""
    found = [
        Row.of(each, today=today) for each in attached.of(case.transmissions).select_related("recipient", "slip").order_by("pk")
    ]
    if not found:
        return None
    return {"rows": found, "reads_ledger": user.has_role(*KEEPERS, in_=case.authority)}


def _object(transmission: Transmission) -> str:
    words = str(transmission.get_occasion_display())
    return f"{words} – rectifie le n° {transmission.corrects_id}" if transmission.corrects_id else words


def _about(transmission: Transmission) -> str:
    payload = transmission.payload
    if transmission.application_id is None:
        return transmission.subject
    where = ", ".join(payload[name] for name in ("adresse", "commune") if payload.get(name))
    return f"{transmission.subject}, {where}" if where else transmission.subject
