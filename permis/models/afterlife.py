"""After the decision: the permit is used, lapses, is taken back or annulled, and what a judge orders opens it again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django_fsm import RETURN_VALUE, transition

from permis import deadlines, guards, permissions
from permis.enums import ConditionMode, Outcome, State

if TYPE_CHECKING:
    Day = models.DateField[date | None, date | None]


# Works are due under the permit, as `Afterlife.follows_works` says of a row in hand.
FOLLOWS_WORKS = models.Q(state=State.GRANTED_CONDITIONAL) | models.Q(
    state=State.USED, outcome=Outcome.CONDITIONAL, mode=ConditionMode.DEFERRED, lifted_on=None
)


class Afterlife(models.Model):
    """Transitions T14 to T22 of an application."""

    suspended_on = models.DateField("suspendue par le juge depuis le", null=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        clock_started_on: Day
        tacit_on: Day
        signed_on: Day
        notified_on: Day
        valid_until: Day
        lifted_on: Day
        completed_on: Day
        respond_by: Day
        reminded_on: Day
        lease_signed_on: Day
        reexamined_on: Day
        reexamine_by: Day
        ended_on: Day
        state: models.CharField[str, str]
        outcome: models.CharField[str, str]
        mode: models.CharField[str, str]

    @transition("state", source=State.authorising(), target=State.REVOKED, permission=permissions.can_sign)
    def revoke(self, *, on: date, adversarial: bool, fraud: bool = False) -> None:
        """Retirer une autorisation illégale (CRPA L.242-1)."""
        guards.require_revocable(self, adversarial=adversarial, fraud=fraud, on=on)  # type: ignore[arg-type]
        self.ended_on = on

    @transition("state", source=State.GRANTED_CONDITIONAL, target=State.GRANTED, permission=permissions.can_sign)
    def lift_conditions(self, *, on: date) -> None:
        """Lever les conditions. The two years of the permit do not start again."""
        self.lifted_on = on

    @transition("state", source=State.GRANTED_CONDITIONAL, target=State.REPEALED, permission=permissions.can_sign)
    def repeal(self, *, on: date, adversarial: bool) -> None:
        """Abroger une autorisation dont une condition n’est pas remplie (CRPA L.242-2, 1°)."""
        guards.require_adversarial(adversarial)
        self.ended_on = on

    @transition("state", source=[*State.authorising(), State.LAPSED], target=State.USED, permission=permissions.can_declare_lease)
    def declare_lease(self, *, on: date) -> None:
        """Dire le bail signé ``on`` : la prochaine mise en location demandera une autorisation nouvelle (CCH L.635-4).

        Nobody must report a lease: a lapse is a presumption, which a lease of the two years reverses (R.635-3).
        """
        guards.require_usable(self, on)  # type: ignore[arg-type]
        self.lease_signed_on, self.ended_on = on, None

    @transition("state", source=State.authorising(), target=State.LAPSED, permission=permissions.nobody)
    def lapse(self, *, on: date) -> None:
        """Constater la caducité, deux ans après la délivrance (R.635-3): from the day that follows, whenever that is noticed."""
        guards.require_lapsed(self, on)  # type: ignore[arg-type]
        assert self.valid_until is not None  # the guard just required it
        self.ended_on = self.valid_until + timedelta(days=1)

    @transition(
        "state",
        source=[State.REFUSED, State.GRANTED_CONDITIONAL],
        target=RETURN_VALUE(State.GRANTED, State.GRANTED_CONDITIONAL),
        permission=permissions.can_sign,
    )
    def decide_appeal(self, *, on: date, outcome: Outcome, mode: str = "") -> State:
        """Accueillir un recours gracieux : une décision nouvelle remplace celle qu’il conteste (CRPA L.411-2)."""
        self.valid_until = self.valid_until or deadlines.valid_until(on)
        self.signed_on, self.outcome, self.mode = on, outcome, mode
        return outcome.state

    @transition(
        "state",
        source=[State.REVOKED, State.REPEALED],
        target=RETURN_VALUE(*State.authorising()),
        permission=permissions.can_sign,
    )
    def restore(self) -> State:
        """Rendre l’autorisation : son retrait ou son abrogation est lui-même retiré, ou suspendu. Its two years went on running."""
        self.ended_on = None
        if self.notified_on is None:
            return State.GRANTED_TACIT
        return State.GRANTED if self.lifted_on else Outcome(self.outcome).state

    @transition(
        "state", source=State.authorising(), target=RETURN_VALUE(State.REVOKED, State.REPEALED), permission=permissions.nobody
    )
    def end_again(self, *, on: date, state: str) -> State:
        """Rendre son effet au retrait, ou à l’abrogation, qu’un juge avait suspendu et n’annule pas."""
        self.ended_on = on
        return State(state)

    @transition(
        "state",
        source=State.CLOSED_INCOMPLETE,
        target=RETURN_VALUE(State.INCOMPLETE, State.UNDER_REVIEW),
        permission=permissions.can_sign,
    )
    def resume(self, *, on: date, respond_by: date | None) -> State:
        """Reprendre une demande dont le classement est retiré : ses pièces attendues jusqu’à ``respond_by``, ou complète.

        A whole file is decided within a month of the day it is taken up again: no text says it, nothing else is certain.
        """
        self.ended_on = self.reminded_on = None
        self.respond_by = respond_by
        if respond_by is not None:
            return State.INCOMPLETE
        self.completed_on = self.clock_started_on = on
        self.tacit_on = deadlines.tacit_on(on)
        return State.UNDER_REVIEW

    @transition("state", source=State.judged(), target=State.ANNULLED, permission=permissions.can_judge)
    def annul(self, *, on: date) -> None:
        """Prendre acte de l’annulation prononcée par le juge."""
        self.ended_on, self.valid_until, self.suspended_on = on, None, None

    @transition(
        "state", source=[State.ANNULLED, *State.suspended_anew()], target=State.UNDER_REVIEW, permission=permissions.can_judge
    )
    def reopen(self, *, on: date, decide_by: date) -> None:
        """Reprendre la demande que le juge ordonne de réexaminer, dans le délai qu’il fixe.

        He annulled the decision, or suspended it only (CJA L.521-1): what is decided then holds until he judges the case.
        """
        self.reexamined_on = self.clock_started_on = on
        self.reexamine_by = self.tacit_on = decide_by
        self.outcome, self.mode = "", ""
        self.signed_on = self.notified_on = self.lifted_on = self.ended_on = self.suspended_on = None
        self.valid_until = self.respond_by = None

    @property
    def taken_on(self) -> date | None:
        """The day the permit was taken: signed, or born of silence."""
        return self.signed_on if self.notified_on else self.tacit_on

    @property
    def took_effect_on(self) -> date | None:
        """The first day on which a lease may rest on this permit: notified, or the month over, and the prior works lifted."""
        if self.mode == ConditionMode.PRIOR and self.lifted_on:
            return self.lifted_on
        if self.notified_on is None:
            # The silence lasts until the end of ``tacit_on``: the permit may be relied on from the day after.
            return self.tacit_on + timedelta(days=1) if self.tacit_on else None
        # A decision taken on appeal takes effect when it is signed, long after the refusal was notified.
        return max(self.notified_on, self.signed_on) if self.signed_on else self.notified_on

    @property
    def is_in_force(self) -> bool:
        """A permit that a lease may still use."""
        return self.state in State.authorising()

    @property
    def follows_works(self) -> bool:
        """Works are due under the permit: a lease that was allowed before they are done does not end them."""
        is_let_first = self.state == State.USED and self.outcome == Outcome.CONDITIONAL and self.mode == ConditionMode.DEFERRED
        return self.state == State.GRANTED_CONDITIONAL or (is_let_first and self.lifted_on is None)
