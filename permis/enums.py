"""The words of the procedure: states, pieces, grounds and outcomes, each with its French label."""

from django.db import models

from permis.grounds import BY_CODE
from territories.enums import Regime


class State(models.TextChoices):
    """Where a case stands in law; labels are those an agent reads."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Déposée – à vérifier"
    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    INCOMPLETE = "incomplete", "Incomplète – pièces attendues"
    UNDER_REVIEW = "under_review", "En instruction"
    AWAITING_DECISION = "awaiting_decision", "Décision à signer"
    DECISION_SIGNED = "decision_signed", "Signée – à notifier"
    GRANTED = "granted", "Autorisée"
    GRANTED_CONDITIONAL = "granted_conditional", "Autorisée sous conditions"
    GRANTED_TACIT = "granted_tacit", "Autorisée tacitement"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée par le demandeur"
    CLOSED_INCOMPLETE = "closed_incomplete", "Classée sans suite"
    USED = "used", "Utilisée (bail signé)"
    LAPSED = "lapsed", "Caduque"
    REVOKED = "revoked", "Retirée par l’autorité"
    REPEALED = "repealed", "Abrogée"
    ANNULLED = "annulled", "Annulée par le juge"
    RECEIPTED = "receipted", "Récépissé délivré"
    EXPIRED = "expired", "Non complétée – à déclarer de nouveau"

    @property
    def landlord_label(self) -> str:
        """What the landlord reads: a decision is never shown before it is notified."""
        return _LANDLORD_LABELS.get(self, str(self.label))

    @classmethod
    def clock_running(cls) -> list["State"]:
        """Le silence vaut autorisation : le délai court."""
        return [cls.SUBMITTED, cls.UNDER_REVIEW, cls.AWAITING_DECISION, cls.DECISION_SIGNED]

    @classmethod
    def open(cls) -> list["State"]:
        """Filed, and no decision has taken effect yet: somebody has something to do."""
        return [*cls.clock_running(), cls.INCOMPLETE]

    @classmethod
    def authorising(cls) -> list["State"]:
        """The landlord holds a permit that can still be used, revoked or lapse."""
        return [cls.GRANTED, cls.GRANTED_CONDITIONAL, cls.GRANTED_TACIT]

    @classmethod
    def of(cls, regime: str) -> list["State"]:
        """Les états que connaît un régime : une déclaration n’est ni instruite, ni décidée (CCH L.634-3, L.635-3)."""
        declared = [cls.RECEIPTED, cls.EXPIRED]
        if regime == Regime.DML:
            return [cls.DRAFT, cls.SUBMITTED, cls.INCOMPLETE, cls.OUT_OF_SCOPE, cls.WITHDRAWN, *declared]
        return [state for state in cls if state not in declared]

    @classmethod
    def renewable(cls) -> list["State"]:
        """No permit is held any more, and none is on its way: letting the dwelling takes a new application."""
        ended = [cls.REFUSED, cls.WITHDRAWN, cls.CLOSED_INCOMPLETE, cls.LAPSED, cls.EXPIRED, cls.USED]
        return [*ended, cls.REVOKED, cls.REPEALED]

    @classmethod
    def judged(cls) -> list["State"]:
        """A decision was taken, expressly or by silence, that a court may annul."""
        return [*cls.authorising(), cls.REFUSED, cls.CLOSED_INCOMPLETE, cls.USED, cls.REVOKED, cls.REPEALED]

    @classmethod
    def suspended_anew(cls) -> list["State"]:
        """A decision on the request itself, which a judge may suspend and order to take again (CJA L.521-1)."""
        return [cls.REFUSED, cls.GRANTED_CONDITIONAL, cls.CLOSED_INCOMPLETE]

    @classmethod
    def notified(cls) -> list["State"]:
        """An express decision took effect by its notification."""
        return [cls.GRANTED, cls.GRANTED_CONDITIONAL, cls.REFUSED]


_LANDLORD_LABELS = {
    State.SUBMITTED: "Reçue, en cours de vérification",
    State.OUT_OF_SCOPE: "Non concernée",
    State.INCOMPLETE: "Pièces à fournir",
    State.AWAITING_DECISION: "En instruction",
    State.DECISION_SIGNED: "En instruction",
    State.GRANTED: "Accordée",
    State.GRANTED_CONDITIONAL: "Accordée sous conditions",
    State.GRANTED_TACIT: "Accordée (silence de l’administration)",
    State.WITHDRAWN: "Demande retirée",
    State.USED: "Bail signé",
    State.REVOKED: "Retirée par l’administration",
    State.ANNULLED: "Annulée par le tribunal",
    State.RECEIPTED: "Récépissé délivré",
    State.EXPIRED: "À déclarer de nouveau",
}


class Channel(models.TextChoices):
    """How the application reached the authority (CRPA L.112-8: an e-mail counts)."""

    ONLINE = "online", "En ligne"
    EMAIL = "email", "Courriel"
    PAPER = "paper", "Courrier"
    COUNTER = "counter", "Guichet"


class LeaseKind(models.TextChoices):
    """What is let, and how; decides whether the application is in scope (R.635-1)."""

    UNFURNISHED = "unfurnished", "Location vide, résidence principale"
    FURNISHED = "furnished", "Location meublée, résidence principale"
    STUDENT = "student", "Bail étudiant de neuf mois"
    COLOCATION = "colocation", "Colocation"
    ANAH_INTERMEDIATE = "anah_intermediate", "Convention Anah, loyer intermédiaire"
    MOBILITY = "mobility", "Bail mobilité"
    TACIT_RENEWAL = "tacit_renewal", "Reconduction tacite du bail"
    RENEWAL = "renewal", "Renouvellement du bail"
    AMENDMENT = "amendment", "Avenant au bail"
    TOURIST = "tourist", "Meublé de tourisme"
    SECONDARY = "secondary", "Résidence secondaire"
    COMPANY = "company", "Location à une société"
    COMMERCIAL = "commercial", "Bail commercial ou professionnel"
    STAFF_HOUSING = "staff_housing", "Logement de fonction"
    FREE_LOAN = "free_loan", "Prêt gratuit"
    PRECARIOUS = "precarious", "Convention d’occupation précaire"
    HOSTEL = "hostel", "Logement-foyer, résidence sociale"
    SOCIAL_HOUSING = "social_housing", "Organisme de logement social"
    APL_CONVENTION = "apl_convention", "Logement conventionné APL"
    SUBLET = "sublet", "Sous-location"


class LessorKind(models.TextChoices):
    PERSON = "person", "Personne physique"
    COMPANY = "company", "Personne morale"
    JOINT = "joint", "Indivision"


class Civility(models.TextChoices):
    MRS = "mrs", "Mme"
    MR = "mr", "M."


class Housing(models.TextChoices):
    INDIVIDUAL = "individual", "Maison individuelle"
    COLLECTIVE = "collective", "Immeuble collectif"


class Ownership(models.TextChoices):
    SINGLE = "single", "Propriétaire unique"
    CONDOMINIUM = "condominium", "Copropriété"


class RequestNature(models.TextChoices):
    FIRST = "first", "Première mise en location"
    AGAIN = "again", "Relocation"


class Situation(models.TextChoices):
    """Where a room of equipment is."""

    INSIDE = "inside", "Dans le logement"
    OUTSIDE = "outside", "Hors du logement"
    NONE = "none", "Absente"


class Supply(models.TextChoices):
    NONE = "none", "Aucun"
    INDIVIDUAL = "individual", "Individuel"
    COLLECTIVE = "collective", "Collectif"


class InstallationAge(models.TextChoices):
    """Age of an installation of gas or electricity: over fifteen years, a diagnostic is required (loi 89-462 art. 3-3)."""

    ABSENT = "absent", "Pas d’installation"
    RECENT = "recent", "Quinze ans ou moins"
    OLD = "old", "Plus de quinze ans"
    UNKNOWN = "unknown", "Je ne sais pas"


class EnergyClass(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    E = "E", "E"
    F = "F", "F"
    G = "G", "G"


class PieceKind(models.TextChoices):
    """The pieces of an application; which of them the law requires of a dwelling is told by `pieces.required`."""

    FORM = "form", "Formulaire de demande (Cerfa 15652)"
    DPE = "dpe", "Diagnostic de performance énergétique (DPE)"
    CREP = "crep", "Constat de risque d’exposition au plomb (CREP)"
    ELECTRICITY = "electricity", "État de l’installation électrique"
    GAS = "gas", "État de l’installation de gaz"
    ERP = "erp", "État des risques (ERP)"
    NOISE = "noise", "État des nuisances sonores aériennes"
    ASBESTOS = "asbestos", "Dossier amiante (DAPP)"
    TITLE_DEED = "title_deed", "Titre de propriété"
    PHOTOS = "photos", "Photographies du logement"
    LEASE = "lease", "Projet de bail"
    HOLDER_AGREEMENT = "holder_agreement", "Accord du titulaire initial"
    DECLARATION_FORM = "declaration_form", "Formulaire de déclaration (Cerfa 15651)"
    SELLER_AGREEMENT = "seller_agreement", "Accord écrit du vendeur"
    OTHER = "other", "Autre document"

    @classmethod
    def forms(cls) -> list["PieceKind"]:
        """Le formulaire lui-même, que le téléservice remplace."""
        return [cls.FORM, cls.DECLARATION_FORM]

    @classmethod
    def diagnostics(cls) -> list["PieceKind"]:
        """Ce qui décrit le logement et vaut d’une demande à l’autre tant que son terme n’est pas passé."""
        return [cls.DPE, cls.CREP, cls.ELECTRICITY, cls.GAS, cls.ERP, cls.NOISE]

    @classmethod
    def dated(cls) -> list["PieceKind"]:
        """Ce dont la validité se compte depuis le jour de l’établissement."""
        return [cls.DPE, cls.CREP, cls.ELECTRICITY, cls.GAS, cls.ERP]


class Outcome(models.TextChoices):
    GRANTED = "granted", "Autorisation"
    CONDITIONAL = "conditional", "Autorisation sous conditions"
    REFUSED = "refused", "Refus"

    @property
    def state(self) -> State:
        """The state that the notification of this decision gives to the case."""
        return _OUTCOME_STATES[self]


_OUTCOME_STATES = {
    Outcome.GRANTED: State.GRANTED,
    Outcome.CONDITIONAL: State.GRANTED_CONDITIONAL,
    Outcome.REFUSED: State.REFUSED,
}


class ConditionMode(models.TextChoices):
    """When the works of a conditional grant are due."""

    PRIOR = "prior", "Travaux avant la mise en location"
    DEFERRED = "deferred", "Travaux dans un délai, location permise"


class Ground(models.TextChoices):
    """The only grounds of a refusal or of conditions (L.635-3, L.635-9, loi 2024-322 art. 33)."""

    DECENCY = "decency", BY_CODE["decency"].label
    HEALTH_SAFETY = "health_safety", BY_CODE["health_safety"].label
    POLICE_ORDER = "police_order", BY_CODE["police_order"].label
    COLOCATION_DIGNITY = "colocation_dignity", BY_CODE["colocation_dignity"].label


class OrderKind(models.TextChoices):
    """Les arrêtés de police qui frappent un immeuble ; ceux de l’article L.635-9 font obstacle à l’autorisation."""

    SAFETY = "safety", "Mise en sécurité (CCH L. 511-11)"
    INSALUBRITY = "insalubrity", "Traitement de l’insalubrité (CCH L. 511-11)"
    URGENT = "urgent", "Urgence, danger imminent (CCH L. 511-19)"
    OTHER = "other", "Autre arrêté de police"

    @classmethod
    def blocking(cls) -> list["OrderKind"]:
        """Tant qu’ils ne sont pas levés, l’autorisation ne peut pas être délivrée (CCH L.635-9)."""
        return [cls.SAFETY, cls.INSALUBRITY, cls.URGENT]


class OrderAuthority(models.TextChoices):
    """Who took the police order."""

    MAYOR = "mayor", "Maire"
    EPCI = "epci", "Président de l’intercommunalité"
    PREFECT = "prefect", "Préfet"


class MatchState(models.TextChoices):
    """What a person said of an order that seems to strike the building of a case."""

    CANDIDATE = "candidate", "À vérifier"
    CONFIRMED = "confirmed", "Vise ce logement"
    DISMISSED = "dismissed", "Ne vise pas ce logement"


class Means(models.TextChoices):
    """How a decision is notified."""

    REGISTERED_LETTER = "registered_letter", "Lettre recommandée avec avis de réception"
    HAND = "hand", "Remise en main propre contre récépissé"
    PORTAL = "portal", "Mise à disposition en ligne"


class NoticeState(models.TextChoices):
    """Where one sending of a decision stands."""

    TO_SEND = "to_send", "À envoyer"
    SENT = "sent", "Envoyée"
    PENDING = "pending", "En attente d’ouverture"
    NOTIFIED = "notified", "Notifiée"
    RETURNED = "returned", "Revenue"


class ReturnReason(models.TextChoices):
    """What the post writes on a letter that comes back."""

    UNCLAIMED = "unclaimed", "Pli avisé et non réclamé"
    UNKNOWN = "unknown", "Destinataire inconnu à l’adresse"
    ADDRESS = "address", "Défaut d’accès ou d’adressage"
    REFUSED = "refused", "Pli refusé par le destinataire"

    @classmethod
    def presented(cls) -> list["ReturnReason"]:
        """The letter reached the address of the recipient, who did not take it: its first presentation counts."""
        return [cls.UNCLAIMED, cls.REFUSED]


class ConditionState(models.TextChoices):
    OPEN = "open", "À faire"
    PROOF_RECEIVED = "proof_received", "Preuve reçue"
    MET = "met", "Fait"
    UNMET = "unmet", "Non fait"


class TransferCause(models.TextChoices):
    """How the dwelling changed hands while its permit was still valid (CCH R.635-3)."""

    SALE = "sale", "Vente"
    GIFT = "gift", "Donation"
    INHERITANCE = "inheritance", "Succession"


class TransferState(models.TextChoices):
    """Where a transfer stands: no authority decides it, only the agreement of the initial holder is awaited (CCH R.635-3)."""

    AWAITING_AGREEMENT = "awaiting_agreement", "Accord du titulaire attendu"
    TO_CHECK = "to_check", "Accord à vérifier"
    EFFECTIVE = "effective", "Effectif"
    REFUSED = "refused", "Sans effet"
    WITHDRAWN = "withdrawn", "Abandonné"
    CLOSED = "closed", "Clos, l’autorisation n’étant plus en vigueur"

    @classmethod
    def pending(cls) -> list["TransferState"]:
        """Filed, and neither agreed nor refused yet."""
        return [cls.AWAITING_AGREEMENT, cls.TO_CHECK]


class Side(models.TextChoices):
    """Who a party to a transfer is."""

    FORMER = "former", "Titulaire initial"
    NEW = "new", "Nouveau propriétaire"


class LeaseSource(models.TextChoices):
    """How the service knows that a lease was signed."""

    LANDLORD = "landlord", "Déclaré par le bailleur"
    FOR_LANDLORD = "for_landlord", "Déclaré au service par le bailleur"
    EVIDENCE = "evidence", "Établi par une pièce"


class Adviser(models.TextChoices):
    """Whom the service asks for an opinion; their answer moves no deadline."""

    SCHS = "schs", "Service communal d’hygiène et de santé"
    ARS = "ars", "Agence régionale de santé"
    OPERATOR = "operator", "Opérateur de l’habitat"
    SYNDIC = "syndic", "Syndic de copropriété"
    OTHER = "other", "Autre service"


class OpinionOutcome(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    RESERVED = "reserved", "Favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "Défavorable"
    NONE = "none", "Sans avis"
