"""People and their roles: who may work for an authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import Membership, SignaturePower, User
from notifications import invitations
from territories.models import Authority, Commune
from workflows.guards import require_permission


class LastAdministrator(Exception):
    def __init__(self) -> None:
        super().__init__("C’est le dernier administrateur : donnez d’abord ce rôle à une autre personne.")


@transaction.atomic
def add_member(
    authority: Authority,
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: Role,
    by: User,
    capacity: str = "",
    delegation: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Donner un rôle ; une personne sans compte est invitée à en ouvrir un, dont elle seule connaît le mot de passe.

    An account that somebody opened without proving its address gives no access: its password and its sessions end, and the
    owner of the address is invited.
    """
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=authority))
    user = _person(authority, email=email, first_name=first_name, last_name=last_name)
    membership, _ = Membership.objects.get_or_create(user=user, role=role, authority=authority, organisation=None)
    if role == Role.SIGNATORY and starts_on is not None:
        SignaturePower.objects.create(
            user=user, authority=authority, capacity=capacity, delegation=delegation, starts_on=starts_on, ends_on=ends_on
        )
    return membership


@transaction.atomic
def give_power(power: SignaturePower, *, communes: Iterable[Commune], by: User, on: date) -> SignaturePower:
    """Donner un pouvoir de signature avec sa portée, ou le corriger tant qu’il n’a pas commencé : ensuite, les actes le citent."""
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=power.authority))
    require_permission(not SignaturePower.objects.filter(pk=power.pk, starts_on__lte=on).exists())
    power.save()
    power.communes.set(communes)
    return power


@transaction.atomic
def end_power(power: SignaturePower, *, ends_on: date | None, by: User) -> SignaturePower:
    """Donner un dernier jour à un pouvoir de signature, ou l’ôter ; ce qui a été signé reste signé."""
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=power.authority))
    power.ends_on = ends_on
    power.save(update_fields=["ends_on"])
    return power


@transaction.atomic
def remove_member(membership: Membership, *, by: User, on: date) -> None:
    """Ôter un rôle ; ce que la personne a fait reste au journal sous son nom. Un signataire ne signe plus."""
    authority = Authority.objects.select_for_update(of=("self",)).get(memberships=membership)
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=authority))
    administrators = User.objects.members([authority.pk], [Role.ADMINISTRATOR])
    if membership.role == Role.ADMINISTRATOR and administrators.count() == 1:
        raise LastAdministrator
    if membership.role == Role.SIGNATORY:
        powers = SignaturePower.objects.filter(user=membership.user, authority=authority)
        powers.filter(starts_on__gt=on).delete()
        powers.in_force(on).update(ends_on=on)
    membership.delete()


@transaction.atomic
def open_authority(authority: Authority, *, email: str, first_name: str, last_name: str) -> Membership:
    """Ouvrir une collectivité, ou lui rendre un administrateur ; réservé à qui exploite le logiciel."""
    authority.save()
    user = _person(authority, email=email, first_name=first_name, last_name=last_name)
    membership, _ = Membership.objects.get_or_create(user=user, role=Role.ADMINISTRATOR, authority=authority, organisation=None)
    return membership


def _person(authority: Authority, *, email: str, first_name: str, last_name: str) -> User:
    """Who reads that mailbox; invited unless they already proved that they do."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        invitations.invite(user, authority=authority)
    elif not user.memberships.exists() and not user.has_proved_address:
        user.first_name, user.last_name = first_name, last_name
        user.set_unusable_password()
        user.save()
        invitations.invite(user, authority=authority)
    return user
