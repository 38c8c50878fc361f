"""Who may do what on a case: predicates without side effects, read by the transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import Role
from accounts.models import User
from permis.enums import Channel

if TYPE_CHECKING:
    from permis.models import Application


def is_applicant(application: Application, user: User) -> bool:
    """Le bailleur lui-même, ou un mandataire de l’organisme qui a déposé pour lui."""
    return application.applicant_id == user.pk or (
        application.organisation_id is not None and application.organisation_id in user.organisations
    )


def can_submit(application: Application, user: User) -> bool:
    """Le demandeur en ligne ; l’instructeur pour une demande papier, au guichet ou par courriel."""
    if application.channel == Channel.ONLINE:
        return is_applicant(application, user)
    return user.has_role(Role.OFFICER, Role.MANAGER, in_=application.authority)


def can_withdraw(application: Application, user: User) -> bool:
    """Le demandeur ; l’instructeur quand la demande n’est pas venue par un compte."""
    return is_applicant(application, user) or (application.applicant_id is None and can_review(application, user))


def can_review(application: Application, user: User) -> bool:
    """Instruire : instructeur ou responsable de la collectivité."""
    return user.has_role(Role.OFFICER, Role.MANAGER, in_=application.authority)


def can_inspect(application: Application, user: User) -> bool:
    """Planifier et faire une visite : instructeur, agent de visite ou responsable."""
    return user.has_role(Role.OFFICER, Role.INSPECTOR, Role.MANAGER, in_=application.authority)


def can_manage(application: Application, user: User) -> bool:
    """Décisions de gestion : classer sans suite, attribuer, corriger une date."""
    return user.has_role(Role.MANAGER, in_=application.authority)


def can_read(application: Application, user: User) -> bool:
    """Lire tout le dossier : chaque rôle de la collectivité qui en lit, même sans rien y décider."""
    return user.has_role(*Role.reading_cases(), in_=application.authority)


def can_sign(application: Application, user: User) -> bool:
    """Signer les décisions de la collectivité."""
    return user.has_role(Role.SIGNATORY, in_=application.authority)


def can_visa(application: Application, user: User) -> bool:
    """Viser un projet de décision : responsable ou juriste."""
    return user.has_role(Role.MANAGER, Role.LEGAL, in_=application.authority)


def can_send_back(application: Application, user: User) -> bool:
    """Renvoyer un projet au service : qui le vise, qui le signe."""
    return can_sign(application, user) or can_visa(application, user)


def can_judge(application: Application, user: User) -> bool:
    """Suites juridiques : recours, jugements, sanctions."""
    return user.has_role(Role.LEGAL, in_=application.authority)


def can_declare_lease(application: Application, user: User) -> bool:
    """Dire le bail signé : le demandeur, ou le service pour lui."""
    return is_applicant(application, user) or can_review(application, user)


def can_provide_pieces(application: Application, user: User) -> bool:
    """Ajouter des pièces : le demandeur, ou le service pour lui."""
    return is_applicant(application, user) or can_review(application, user)


def can_prove_works(application: Application, user: User) -> bool:
    """Fournir la preuve des travaux : le demandeur, ou le service pour lui."""
    return is_applicant(application, user) or can_review(application, user)


def nobody(application: Application, user: User) -> bool:
    """Réservé aux traitements automatiques."""
    return False
