"""Which cases a person may see, as one condition for every query."""

from django.db.models import Q

from accounts.enums import Role
from accounts.models import User
from permis.enums import State


def of(user: User) -> Q:
    """Every case a person may see: by right, or entrusted to them for its visit."""
    return by_right(user) | entrusted_to(user)


def own(user: User) -> Q:
    """The cases a person filed, for themselves or for an organisation."""
    return Q(applicant=user) | Q(organisation__in=user.organisations)


def reading(user: User) -> set[int]:
    """Keys of the authorities whose filed cases a person reads."""
    return user.authorities_as(*Role.reading_cases())


def by_right(user: User) -> Q:
    """Own and mandated cases; filed cases of the authorities where a role reads them, and the drafts entered there."""
    authorities = reading(user)
    drafting = user.authorities_as(Role.OFFICER, Role.MANAGER)
    return (
        own(user)
        | (Q(authority__in=authorities) & ~Q(state=State.DRAFT))
        | Q(authority__in=drafting, state=State.DRAFT, applicant__isnull=True)
    )


def entrusted_to(user: User) -> Q:
    """Cases whose dwelling an external operator visits, as long as the person holds that role there."""
    operating = user.authorities_as(Role.OPERATOR)
    # Without the role nothing is asked of the database: most people are no operators.
    return Q(authority__in=operating, pk__in=user.entrusted.values("application")) if operating else Q(pk__in=[])
