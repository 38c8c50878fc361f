"""What a service arranges of its worklists: who may, and an example of each."""

from datetime import date

from django.urls import reverse

from accounts.enums import Role
from tests import factories
from workflows.models import Absence, AssignmentRule, SavedView

STAFF = {Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER, Role.LEGAL, Role.AUDITOR}
REVIEW, MANAGE = {Role.OFFICER, Role.MANAGER}, {Role.MANAGER}
# Read by `tests/workflows/test_rights.py` with the policy of every other address.
POLICY = {
    "worklist-assign": (REVIEW, None),
    "worklist-columns": (STAFF, None),
    "saved-views": (STAFF, None),
    "saved-view-add": (STAFF, None),
    "saved-view-rename": (MANAGE, None),
    "saved-view-remove": (MANAGE, None),
    "staffing": (REVIEW, None),
    "assignment-rule": (MANAGE, None),
    "assignment-rule-remove": (MANAGE, None),
    "absence": (REVIEW, None),
    "absence-end": (MANAGE, None),
}
POST_ONLY = {
    "worklist-assign", "worklist-columns", "saved-view-add", "saved-view-rename", "saved-view-remove", "assignment-rule-remove", "absence-end",
}  # fmt: skip
OF_THE_TOWN = {"saved-view-rename", "saved-view-remove", "assignment-rule-remove", "absence-end"}


def address(name, town):
    """The address of a view shared with this town, of one of its rules, or of the absence of one of its people."""
    officer, other = factories.member(town, Role.OFFICER), factories.member(town, Role.OFFICER)
    if name.startswith("saved-view"):
        return reverse(name, args=[SavedView.objects.create(owner=officer, authority=town, name="Urgents", query="file=soon").pk])
    if name == "assignment-rule-remove":
        return reverse(name, args=[AssignmentRule.objects.create(authority=town, officer=officer).pk])
    days = {"starts_on": date(2100, 1, 1), "ends_on": date(2100, 1, 2)}
    return reverse(
        name, args=[Absence.objects.create(authority=town, user=officer, replacement=other, declared_by=other, **days).pk]
    )
