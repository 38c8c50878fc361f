"""Which lettings need a permit or a declaration (CCH R.634-1, R.635-1): leases of title I or I bis of the law of 6 July 1989, newly concluded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from permis import rules
from permis.enums import LeaseKind
from permis.rules import Rule
from territories.models import Authority

_TITLE_ONE = "C’est un bail de résidence principale, régi par le titre Ier de la loi du 6 juillet 1989."
_TITLE_ONE_BIS = "C’est un bail meublé de résidence principale, régi par le titre Ier bis de la loi du 6 juillet 1989."
_SAME_LEASE = "Le bail continue : rien n’est conclu de nouveau, ni demande ni déclaration ne sont nécessaires."
_OTHER_LAW = "Cette location n’est pas régie par les titres Ier et Ier bis de la loi du 6 juillet 1989."
_LETTING = "CCH R. 634-1 et R. 635-1"
_BODY = "CCH L. 634-1 et L. 635-1, I, alinéa 2"


@dataclass(frozen=True)
class Scope:
    """Whether a lease is under the rule, why, and by which text; ``is_open`` where the law leaves it to the authority."""

    is_in: bool
    why: str
    basis: str
    is_open: bool = False


SCOPES: Mapping[LeaseKind, Scope] = {
    LeaseKind.UNFURNISHED: Scope(True, _TITLE_ONE, _LETTING),
    LeaseKind.FURNISHED: Scope(True, _TITLE_ONE_BIS, _LETTING),
    LeaseKind.STUDENT: Scope(True, f"{_TITLE_ONE_BIS} Le bail étudiant de neuf mois en est un.", _LETTING),
    LeaseKind.COLOCATION: Scope(True, "Une colocation est un bail de résidence principale, à un ou plusieurs contrats. Une seule démarche suffit pour le logement, avec le nombre de baux.", _LETTING),
    LeaseKind.ANAH_INTERMEDIATE: Scope(True, "Un loyer intermédiaire n’est pas un conventionnement APL : le logement reste soumis à la règle.", "CCH L. 321-4 et L. 635-1", is_open=True),
    LeaseKind.MOBILITY: Scope(False, "Le bail mobilité relève du titre Ier ter de la loi du 6 juillet 1989, que le texte ne cite pas.", "CCH R. 635-1", is_open=True),
    LeaseKind.TACIT_RENEWAL: Scope(False, _SAME_LEASE, _LETTING),
    LeaseKind.RENEWAL: Scope(False, _SAME_LEASE, _LETTING),
    LeaseKind.AMENDMENT: Scope(False, "Un avenant, même pour le loyer ou un nouveau colocataire, n’est pas un nouveau bail.", _LETTING),
    LeaseKind.TOURIST: Scope(False, f"{_OTHER_LAW} Un meublé de tourisme a ses propres règles, auprès de la mairie.", _LETTING),
    LeaseKind.SECONDARY: Scope(False, _OTHER_LAW, _LETTING),
    LeaseKind.COMPANY: Scope(False, _OTHER_LAW, _LETTING),
    LeaseKind.COMMERCIAL: Scope(False, _OTHER_LAW, _LETTING),
    LeaseKind.STAFF_HOUSING: Scope(False, f"{_OTHER_LAW} Le logement suit l’emploi.", _LETTING),
    LeaseKind.FREE_LOAN: Scope(False, "Sans loyer, il n’y a pas de location.", _LETTING),
    LeaseKind.PRECARIOUS: Scope(False, _OTHER_LAW, _LETTING),
    LeaseKind.HOSTEL: Scope(False, _OTHER_LAW, _LETTING),
    LeaseKind.SOCIAL_HOUSING: Scope(False, "Les logements d’un organisme de logement social ne sont pas soumis à la règle.", _BODY),
    LeaseKind.APL_CONVENTION: Scope(False, "Les logements conventionnés APL ne sont pas soumis à la règle.", _BODY),
    LeaseKind.SUBLET: Scope(False, "Une sous-location n’est pas un bail d’habitation principale, sauf si elle en est un elle-même : choisissez alors ce bail.", _LETTING),
}  # fmt: skip
IN_SCOPE = frozenset(kind for kind, scope in SCOPES.items() if scope.is_in)
_SETTLED_BY = {
    LeaseKind.MOBILITY: Rule.MOBILITY_IN_SCOPE,
    LeaseKind.ANAH_INTERMEDIATE: Rule.ANAH_INTERMEDIATE_IN_SCOPE,
}


def is_in_scope(kind: LeaseKind) -> bool:
    """Si ce bail demande une autorisation. A mobility lease does not, by the letter of the text: the officer may override."""
    return kind in IN_SCOPE


def scope_of(kind: LeaseKind, authority: Authority, *, on: date) -> Scope:
    """What the lease is for this authority, that day: what the law leaves open, it has settled."""
    scope = SCOPES[kind]
    if kind not in _SETTLED_BY:
        return scope
    is_in = bool(rules.value(authority, _SETTLED_BY[kind], on=on))
    if is_in == scope.is_in:
        return scope
    told = "soumet ce bail à la règle" if is_in else "ne soumet pas ce bail à la règle"
    return Scope(is_in, f"{authority.name} {told}, la loi laissant la question ouverte.", scope.basis, is_open=True)
