"""What the clock warns of: the date that each alarm is about, and its first step."""

from django.db import models

from permis import deadlines


class Alarm(models.TextChoices):
    DEADLINE = "deadline", "Échéance de la décision"
    ANSWER = "answer", "Pièces attendues"
    RECEIPT = "receipt", "Récépissé dû"
    LAPSE = "lapse", "Fin de l’autorisation"
    BAR = "bar", "Prescription de l’amende"
    WORKS = "works", "Terme de travaux prescrits"

    @property
    def term(self) -> str:
        """The field of the record that holds the date it is about."""
        return _TERMS[self][0]

    @property
    def first_step(self) -> int:
        """How many days after the term it is first told; before it where negative."""
        return _TERMS[self][1]


_TERMS = {
    Alarm.DEADLINE: ("tacit_on", -max(deadlines.ALERT_DAYS)),
    Alarm.ANSWER: ("respond_by", 1),
    Alarm.RECEIPT: ("receipt_due_on", 1),
    Alarm.LAPSE: ("valid_until", -max(deadlines.LAPSE_WARNING_DAYS)),
    Alarm.BAR: ("barred_after", -max(deadlines.BAR_ALERT_DAYS)),
    Alarm.WORKS: ("due_on", -max(deadlines.WORKS_REMINDER_DAYS)),
}
