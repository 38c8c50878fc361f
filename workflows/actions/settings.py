"""What an authority settles where the law leaves a question open."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from permis.models import RuleChange
from permis.rules import Rule
from territories.models import Authority
from workflows.guards import require_permission


class Retroactive(Exception):
    """What was done under a rule stays done under it."""

    def __init__(self) -> None:
        super().__init__("Ce choix vaut pour l’avenir : donnez la date d’aujourd’hui ou une date à venir.")


@transaction.atomic
def settle_rule(
    authority: Authority, *, rule: Rule, value: bool | int, since: date, reason: str, by: User, on: date
) -> RuleChange:
    """Trancher une question que la loi laisse ouverte, à partir d’un jour. Raises Retroactive."""
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=authority))
    if since < on:
        raise Retroactive
    return RuleChange.objects.create(authority=authority, rule=rule, value=value, since=since, reason=reason, by=by)
