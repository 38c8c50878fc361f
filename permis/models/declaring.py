"""A declaration that a dwelling is let: received, completed, and acknowledged; nobody decides it (CCH L.634-3, R.634-3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django_fsm import transition

from permis import deadlines, guards, permissions
from permis.enums import State
from territories.enums import Regime

if TYPE_CHECKING:
    from collections.abc import Container


class Declaring(models.Model):
    """What a case knows only when it is a declaration."""

    posted_on = models.DateField("postée le", null=True, blank=True)
    receipt_due_on = models.DateField("récépissé dû le", null=True)
    receipted_on = models.DateField("récépissé délivré le", null=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        regime: models.CharField[str, str]
        lease_signed_on: models.DateField[date | None, date | None]
        received_on: models.DateField[date | None, date | None]
        respond_by: models.DateField[date | None, date | None]
        ended_on: models.DateField[date | None, date | None]
        completed_on: models.DateField[date | None, date | None]

    @property
    def is_declaration(self) -> bool:
        """A declaration: no visit, no decision, no month of silence."""
        return self.regime == Regime.DML

    @property
    def noun(self) -> str:
        """What was filed, in words: « votre demande », « votre déclaration »."""
        return "déclaration" if self.is_declaration else "demande"

    @transition(
        "state",
        source=[State.SUBMITTED, State.INCOMPLETE],
        target=State.RECEIPTED,
        conditions=[guards.is_declaration],
        permission=permissions.can_review,
    )
    def give_receipt(self, *, on: date) -> None:
        """Délivrer le récépissé d’une déclaration complète (CCH R.634-3, 1°)."""
        guards.require_completed_in_time(self, on)  # type: ignore[arg-type]  # only applications inherit this
        self.receipted_on, self.respond_by = on, None

    @transition(
        "state",
        source=State.INCOMPLETE,
        target=State.INCOMPLETE,
        conditions=[guards.is_declaration],
        permission=permissions.can_review,
    )
    def receive_answer(self, *, on: date) -> None:
        """Recevoir la dernière pièce demandée : le récépissé est de nouveau dû. The service checks it within a week too."""
        self.completed_on, self.respond_by, self.receipt_due_on = on, None, deadlines.receipt_due_on(on)

    @transition(
        "state",
        source=State.INCOMPLETE,
        target=State.INCOMPLETE,
        conditions=[guards.is_declaration],
        permission=permissions.can_review,
    )
    def ask_again(self, *, on: date, respond_by: date) -> None:
        """Demander de nouveau des pièces, quand celles qui sont venues ne conviennent pas."""
        del on  # kept with the other requests: every transition of the check takes its day
        self.respond_by, self.receipt_due_on = respond_by, None

    @transition(
        "state",
        source=State.INCOMPLETE,
        target=State.EXPIRED,
        conditions=[guards.is_declaration],
        permission=permissions.nobody,
    )
    def expire(self, *, on: date) -> None:
        """Constater qu’une déclaration n’a pas été complétée : il en faut une nouvelle (CCH R.634-3, 2°)."""
        guards.require_expired(self, on)  # type: ignore[arg-type]  # only applications inherit this
        self.ended_on = on

    def declaration_due_on(self, holidays: Container[date] = deadlines.NO_HOLIDAYS) -> date | None:
        """Last day to declare, for the lease this declaration is about."""
        return deadlines.declaration_due_on(self.lease_signed_on, holidays) if self.lease_signed_on else None

    def is_declared_late(self, holidays: Container[date] = deadlines.NO_HOLIDAYS, *, filed_on: date | None = None) -> bool:
        """Filed after its last day; the postmark counts where there is one (CRPA L.112-1). A draft is judged on ``filed_on``."""
        filed_on, due = self.posted_on or self.received_on or filed_on, self.declaration_due_on(holidays)
        return filed_on is not None and due is not None and filed_on > due
