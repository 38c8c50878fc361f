"""Write again the normalised addresses, by which cases, police orders and sanctions meet: once after the upgrade, then never by need."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from permis import addresses
from permis.models import Dwelling, PoliceOrder, Sanction

BATCH = 1_000


class Command(BaseCommand):
    help = "Recalcule les adresses normalisées des logements, des arrêtés de police et des sanctions ; sans danger, à volonté."

    def handle(self, *args: object, **options: Any) -> None:
        dwellings = Dwelling.objects.select_related("application__commune").order_by("pk")
        orders = PoliceOrder.objects.select_related("commune").order_by("pk")
        written = _rewrite(dwellings, lambda each: each.normalised)
        written += _rewrite(orders, lambda each: addresses.key(each.commune_id, each.address, town=each.commune.name))
        sanctions = Sanction.objects.select_related("commune").order_by("pk")
        written += _rewrite(sanctions, lambda each: each.normalised, "dwelling_key")
        self.stdout.write(f"{written} adresses récrites.")


def _rewrite(rows: Any, key: Any, name: str = "address_key") -> int:
    changed = []
    for row in rows.iterator(BATCH):
        if getattr(row, name) != (known := key(row)):
            setattr(row, name, known)
            changed.append(row)
    rows.model.objects.bulk_update(changed, [name], BATCH)
    return len(changed)
