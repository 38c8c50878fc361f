"""Who works for an authority, found among all the accounts of the site."""

import json

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_members_hold_one_of_the_roles_there_and_are_told_once():
    town, other = factories.AuthorityFactory(), factories.AuthorityFactory()
    both = factories.member(town, Role.OFFICER)
    both.memberships.create(role=Role.MANAGER, authority=town)
    factories.member(town, Role.INSPECTOR)
    factories.member(other, Role.OFFICER)
    gone = factories.member(town, Role.OFFICER)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert list(User.objects.members([town.pk], [Role.OFFICER, Role.MANAGER])) == [both]
    assert User.objects.members([town.pk, other.pk], [Role.OFFICER, Role.INSPECTOR]).count() == 3
    assert not User.objects.members([], [Role.OFFICER])
    assert not User.objects.members([town.pk], [])


def test_a_member_who_comes_after_all_the_landlords_costs_no_look_at_their_accounts():
    """Joined by the order of their keys, accounts would be read from the first to the last, until statistics are taken again."""
    town = factories.AuthorityFactory()
    for _ in range(20):
        factories.member(town, Role.OFFICER)
    User.objects.bulk_create(User(email=f"bailleur{rank}@exemple.fr", password="!") for rank in range(20_000))
    with connection.cursor() as cursor:
        cursor.execute("analyze accounts_user, accounts_membership")
    factories.member(town, Role.OFFICER)

    found = User.objects.members([town.pk], [Role.OFFICER]).order_by("email")
    plan = json.loads(found.explain(format="json", analyze=True, buffers=True))[0]["Plan"]

    assert plan["Actual Rows"] == 21
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 100
