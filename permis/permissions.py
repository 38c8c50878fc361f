"""Who may do what on a case: predicates without side effects, read by the transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import Role
from accounts.models import User
from permis.enums import Channel, State
from permis.litigation import AppealKind

if TYPE_CHECKING:
    from permis.models import Appeal, Application, Sanction, Transfer


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


def can_sign(record: Application | Sanction, user: User) -> bool:
    """Signer les décisions de la collectivité."""
    return user.has_role(Role.SIGNATORY, in_=record.authority)


def can_visa(application: Application, user: User) -> bool:
    """Viser un projet de décision : responsable ou juriste."""
    return user.has_role(Role.MANAGER, Role.LEGAL, in_=application.authority)


def can_send_back(application: Application, user: User) -> bool:
    """Renvoyer un projet au service : qui le vise, qui le signe."""
    return can_sign(application, user) or can_visa(application, user)


def can_judge(record: Application | Sanction, user: User) -> bool:
    """Suites juridiques : recours, jugements, sanctions."""
    return user.has_role(Role.LEGAL, in_=record.authority)


def can_read_sanction(sanction: Sanction, user: User) -> bool:
    """Lire toute la procédure de sanction."""
    return user.has_role(*Role.reading_sanctions(), in_=sanction.authority)


def can_hear(application: Application, user: User) -> bool:
    """Conduire une procédure contradictoire : instructeur, responsable ou juriste."""
    return user.has_role(Role.OFFICER, Role.MANAGER, Role.LEGAL, in_=application.authority)


def can_file_appeal(application: Application, user: User) -> bool:
    """Former un recours gracieux : le demandeur, ou le service qui en reçoit la lettre."""
    return is_applicant(application, user) or can_hear(application, user)


def can_withdraw_appeal(appeal: Appeal, user: User) -> bool:
    """Se désister : le demandeur d’un recours gracieux, ou le service qui en reçoit la lettre ; au tribunal, le juriste l’inscrit."""
    if appeal.kind == AppealKind.COURT:
        return can_judge(appeal.application, user)
    return can_file_appeal(appeal.application, user)


def can_declare_lease(application: Application, user: User) -> bool:
    """Dire le bail signé : le demandeur, ou le service pour lui ; une fois l’autorisation caduque, le service seul, au vu du bail."""
    if application.state == State.LAPSED:
        return can_review(application, user)
    return is_applicant(application, user) or can_review(application, user)


def can_check_transfer(application: Application, user: User) -> bool:
    """Vérifier qu’un titulaire ou ses héritiers sont d’accord avec un transfert : le service, ou son juriste."""
    return can_review(application, user) or can_judge(application, user)


def can_withdraw_transfer(transfer: Transfer, user: User) -> bool:
    """Abandonner une déclaration de transfert : qui l’a déposée, ou un collègue de l’organisme qui agit pour l’acquéreur."""
    return transfer.filed_by_id == user.pk or (
        transfer.new_organisation_id is not None and transfer.new_organisation_id in user.organisations
    )


def can_resubmit(application: Application, user: User) -> bool:
    """Déposer de nouveau : le demandeur, ou le service pour une demande qui n’est pas venue par un compte."""
    return is_applicant(application, user) or (application.applicant_id is None and can_review(application, user))


def can_commit(application: Application, user: User) -> bool:
    """S’engager par écrit à des travaux : le demandeur seul, puisque cela ne lie que lui."""
    return is_applicant(application, user)


def can_provide_pieces(application: Application, user: User) -> bool:
    """Ajouter des pièces : le demandeur, ou le service pour lui."""
    return is_applicant(application, user) or can_review(application, user)


def can_prove_works(application: Application, user: User) -> bool:
    """Fournir la preuve des travaux : le demandeur, ou le service pour lui."""
    return is_applicant(application, user) or can_review(application, user)


def nobody(record: Application | Sanction, user: User) -> bool:
    """Réservé aux traitements automatiques."""
    return False
