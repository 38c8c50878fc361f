"""Cases in the state that a trait names, without the actions that lead there, and what the outbox writes about them."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from documents.enums import ActKind
from documents.models import Act
from notifications.enums import Kind
from notifications.models import Message
from permis import deadlines
from permis.enums import ConditionMode, Outcome, State
from permis.models import Application
from tests.factories import ApplicationFactory

RECEIVED_ON, NOTIFIED_ON = date(2026, 11, 2), date(2026, 11, 26)
TACIT_ON = deadlines.tacit_on(RECEIVED_ON)


class CaseFactory(ApplicationFactory):
    class Params:
        running = factory.Trait(clock_started_on=RECEIVED_ON, tacit_on=TACIT_ON)
        notified = factory.Trait(running=True, notified_on=NOTIFIED_ON, valid_until=deadlines.valid_until(NOTIFIED_ON))
        filed = factory.Trait(running=True, state=State.SUBMITTED)
        incomplete = factory.Trait(state=State.INCOMPLETE, respond_by=date(2026, 12, 7))
        complete = factory.Trait(running=True, state=State.UNDER_REVIEW)
        granted = factory.Trait(notified=True, state=State.GRANTED, outcome=Outcome.GRANTED)
        conditional = factory.Trait(
            notified=True, state=State.GRANTED_CONDITIONAL, outcome=Outcome.CONDITIONAL, mode=ConditionMode.PRIOR
        )
        refused = factory.Trait(notified=True, state=State.REFUSED, outcome=Outcome.REFUSED, valid_until=None)

    number = factory.Sequence(lambda n: f"APML 033473 26 {n:05d}")
    received_on = RECEIVED_ON
    applicant = None

    @factory.post_generation
    def lessor_email(self: Application, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if extracted is not None:
            self.lessors.update(email=extracted)


class ActFactory(DjangoModelFactory):
    """An act frozen and not rendered yet."""

    class Meta:
        model = Act

    application = factory.SubFactory(CaseFactory, filed=True)
    kind = ActKind.REGISTRATION
    fingerprint = "0" * 64
    issued_on = RECEIVED_ON


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    application = factory.SubFactory(CaseFactory, filed=True)
    kind = Kind.SUBMITTED
    recipient = factory.Sequence(lambda n: f"destinataire{n}@exemple.test")
    sender_name = "Commune de Val-de-Livenne"
    subject = "Demande bien reçue"
    text = "Bonjour.\n"
    html = "<p>Bonjour.</p>"
