"""What was already said of a term, so that the clock meets a record again only when there is something to say."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When

from permis.alarms import Alarm


def tell_day(alarm: Alarm) -> Case:
    """The day from which a record has something to tell of its term; NULL where it has no term, or told everything of it.

    What was noted is of one term: once the term moves, everything is to be told again, whoever moved it.
    """
    first = ExpressionWrapper(F(alarm.term) + Value(alarm.first_step), output_field=models.DateField())
    noted = Q(told_alarm=alarm.value, told_of=F(alarm.term))
    return Case(When(noted, then=F("tell_on")), default=first, output_field=models.DateField())


def tell_on(*alarms: tuple[Q, Alarm]) -> Case:
    """The same for the first of these alarms whose condition holds, NULL where none does; the index of the clock is this expression.

    The index covers every row: PostgreSQL makes no use of what it knows of an expression in a partial index, and would take
    another way through thousands of rows to find none.
    """
    return Case(*(When(condition, then=tell_day(alarm)) for condition, alarm in alarms), output_field=models.DateField())


class Told(models.Model):
    """The alarm that was last told or looked at, the term it was about, and the day of its next step, if any.

    It only spares the clock: the journal says what was told.
    """

    told_alarm = models.CharField(max_length=10, choices=Alarm, blank=True, editable=False, default="")
    told_of = models.DateField(null=True, editable=False)
    tell_on = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True

    def note_told(self, alarm: Alarm, *, next_on: date | None) -> None:
        """Look at this term again on ``next_on``, or never more."""
        self.told_alarm, self.told_of, self.tell_on = alarm, getattr(self, alarm.term), next_on
        self.save(update_fields=["told_alarm", "told_of", "tell_on"])
