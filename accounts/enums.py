from django.db import models


class Role(models.TextChoices):
    """What a person does in an authority or an organisation; one person may hold several."""

    AGENT = "agent", "Mandataire"
    OFFICER = "officer", "Instructeur"
    INSPECTOR = "inspector", "Agent de visite"
    OPERATOR = "operator", "Opérateur de visites"
    SIGNATORY = "signatory", "Signataire"
    MANAGER = "manager", "Responsable"
    LEGAL = "legal", "Juriste"
    AUDITOR = "auditor", "Auditeur"
    PARTNER = "partner", "Partenaire"
    ELECTED = "elected", "Élu"
    ADMINISTRATOR = "administrator", "Administrateur"

    @classmethod
    def reading_cases(cls) -> list["Role"]:
        """Read the cases of their authority: an elected member sees figures only, an administrator no case, a partner what is sent."""
        return [cls.OFFICER, cls.INSPECTOR, cls.SIGNATORY, cls.MANAGER, cls.LEGAL, cls.AUDITOR]

    @classmethod
    def reading_sanctions(cls) -> list["Role"]:
        """Read the sanctions of their authority: who leads them, who signs them, who answers for them, who audits."""
        return [cls.SIGNATORY, cls.MANAGER, cls.LEGAL, cls.AUDITOR]

    @classmethod
    def visiting(cls) -> list["Role"]:
        """Visit dwellings: the service, and external operators for their own visits."""
        return [cls.OFFICER, cls.INSPECTOR, cls.OPERATOR, cls.MANAGER]
