"""Which cases a person may see, as one condition for every query."""

from django.db.models import Q

from accounts.enums import Role
from accounts.models import User
from permis.enums import State


def of(user: User) -> Q:
    """Own and mandated cases; filed cases of the authorities where a role reads them, and the drafts entered there."""
    own = Q(applicant=user) | Q(organisation__in=user.organisations)
    authorities = user.authorities_as(*Role.reading_cases())
    drafting = user.authorities_as(Role.OFFICER, Role.MANAGER)
    return (
        own
        | (Q(authority__in=authorities) & ~Q(state=State.DRAFT))
        | Q(authority__in=drafting, state=State.DRAFT, applicant__isnull=True)
    )
