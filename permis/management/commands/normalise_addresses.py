"""Write again the normalised addresses, by which cases and police orders meet: once after the upgrade, then never by need."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from permis import addresses
from permis.models import Dwelling, PoliceOrder

BATCH = 1_000


class Command(BaseCommand):
    help = "Recalcule les adresses normalisées des logements et des arrêtés de police ; sans danger, à volonté."

    def handle(self, *args: object, **options: Any) -> None:
        dwellings = Dwelling.objects.select_related("application__commune").order_by("pk")
        orders = PoliceOrder.objects.select_related("commune").order_by("pk")
        written = _rewrite(dwellings, lambda each: each.normalised)
        written += _rewrite(orders, lambda each: addresses.key(each.commune_id, each.address, town=each.commune.name))
        self.stdout.write(f"{written} adresses récrites.")


def _rewrite(rows: Any, key: Any) -> int:
    changed = []
    for row in rows.iterator(BATCH):
        if row.address_key != (known := key(row)):
            row.address_key = known
            changed.append(row)
    rows.model.objects.bulk_update(changed, ["address_key"], BATCH)
    return len(changed)
