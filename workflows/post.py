"""The post of a day: every letter that no e-mail carried and nobody posted, and the decisions that leave by registered letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from documents import binding, storage
from documents.enums import ActKind
from documents.models import Act
from documents.models.acts import ActQuerySet
from inspections.enums import VisitState
from inspections.models import Visit
from notifications.enums import MessageState
from notifications.models import Message
from permis.enums import Means, State
from permis.models import Hearing, Notice
from workflows import drafting, letters

LIMIT = 100
# Acts that take something away or refuse it: their date is proved, by a registered letter.
PROVED = (*ActKind.decisions(), *ActKind.hearings(), *ActKind.contestable())


@dataclass(frozen=True)
class Letter:
    """One act to post, to whom; ``has_window`` says that its own first page carries the address."""

    act: Act
    recipient: tuple[str, ...]
    has_window: bool
    is_registered: bool

    @property
    def title(self) -> str:
        return str(self.act.get_kind_display())


@dataclass(frozen=True)
class Envelope:
    """What leaves together: a registered letter alone, the others by recipient."""

    recipient: tuple[str, ...]
    letters: tuple[Letter, ...]

    @property
    def is_registered(self) -> bool:
        return self.letters[0].is_registered


def waiting(authorities: set[int]) -> list[Letter]:
    """The letters to post, oldest first, at most LIMIT; the same number of queries however many."""
    acts = _to_post(authorities).select_related(
        "application__authority", "application__agent", "application__dwelling", "application__commune"
    )
    found = acts.exclude(sha256="").prefetch_related("application__lessors").order_by("issued_on", "pk")[:LIMIT]
    return [letter for act in found if (letter := _letter(act)).recipient]


def being_rendered(authorities: set[int]) -> int:
    """How many of them have no PDF yet: a minute is enough."""
    return _to_post(authorities).filter(sha256="").count()


def envelopes(found: Iterable[Letter]) -> list[Envelope]:
    """Registered letters first, each by itself; then one envelope a recipient, by name."""
    registered = [Envelope(letter.recipient, (letter,)) for letter in found if letter.is_registered]
    together: dict[tuple[str, ...], list[Letter]] = {}
    for letter in found:
        if not letter.is_registered:
            together.setdefault(letter.recipient, []).append(letter)
    return registered + [Envelope(recipient, tuple(together[recipient])) for recipient in sorted(together)]


def bound(found: Sequence[Envelope], *, duplex: bool, on: date) -> bytes:
    """Le PDF du jour : les plis dans l’ordre de la liste, chacun sur ses propres feuilles. Raises BindingFailed."""
    sheets = []
    for envelope in found:
        for letter in envelope.letters:
            act = letter.act
            with storage.open_stored(act) as stored:
                content = stored.read()
            front = (
                []
                if letter.has_window
                else [letters.cover(act.case, title=letter.title, on=on, is_registered=letter.is_registered)]
            )
            sheets.append([*front, content])
    return binding.bind(sheets, duplex=duplex)


def _to_post(authorities: set[int]) -> ActQuerySet:
    told = Message.objects.filter(acts=OuterRef("pk")).exclude(state=MessageState.FAILED)
    by_letter = Hearing.objects.filter(
        application=OuterRef("application"), sent_on=OuterRef("issued_on"), means=Means.REGISTERED_LETTER, tracking_number=""
    )
    to_come = Visit.objects.filter(application=OuterRef("application"), state=VisitState.PLANNED)
    gone = Notice.objects.of_decision().filter(application=OuterRef("application")).out()
    read_elsewhere = [*ActKind.decisions(), *ActKind.internal(), ActKind.VISIT_REPORT, *ActKind.hearings()]
    return (
        Act.objects.issued()
        .filter(application__authority__in=authorities, void_on__isnull=True, posting__isnull=True)
        .filter(
            (~Q(kind__in=read_elsewhere) & ~Exists(told))
            | (Q(kind__in=ActKind.hearings()) & Exists(by_letter))
            | (
                Q(
                    kind__in=ActKind.decisions(),
                    application__state=State.DECISION_SIGNED,
                    sha256=F("application__decision__act_sha256"),
                )
                & ~Exists(gone)
            )
        )
        # A convocation to a visit that was called off or is over brings nobody.
        .exclude(Q(kind__in=[ActKind.CONVOCATION, ActKind.OCCUPANT_CONVOCATION]) & ~Exists(to_come))
        # The attestation of a landlord who has an account is read on their page.
        .exclude(kind=ActKind.TACIT_ATTESTATION, application__applicant__isnull=False)
    )


def _letter(act: Act) -> Letter:
    own = tuple(line for line in act.content.get("recipient", ()) if line)
    recipient = own or tuple(drafting.recipient_of(act.case))
    return Letter(act, recipient, has_window=bool(own), is_registered=act.kind in PROVED)
