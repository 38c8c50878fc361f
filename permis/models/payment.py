"""What the public accountant received for a fine."""

from django.db import models
from django.db.models import Q

from permis.models.sanction import Sanction
from permis.sanctions import euros


class Payment(models.Model):
    """One sum received for a fine, on the day that the public accountant says."""

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="payments")
    amount = models.PositiveIntegerField("montant")
    on = models.DateField("reçu le")

    class Meta:
        verbose_name = "paiement"
        constraints = [
            models.CheckConstraint(
                name="payment_is_not_nothing", condition=Q(amount__gt=0), violation_error_message="Un paiement n’est pas nul."
            )
        ]

    def __str__(self) -> str:
        return f"{euros(self.amount)}, {self.on:%d/%m/%Y}"
