"""Applications, what hangs from them, sanctions, and the journals that the database itself keeps append-only."""

import datetime
from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django_fsm
from django.conf import settings
from django.db import migrations, models

import permis.models.sanction
import permis.validators

SEAL = """
CREATE FUNCTION permis_refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER permis_journal_is_append_only BEFORE UPDATE OR DELETE ON permis_entry
    FOR EACH ROW EXECUTE FUNCTION permis_refuse_journal_change();
"""
UNSEAL = """
DROP TRIGGER permis_journal_is_append_only ON permis_entry;
DROP FUNCTION permis_refuse_journal_change();
"""
SEAL_SANCTIONS = """
CREATE TRIGGER permis_sanction_journal_is_append_only BEFORE UPDATE OR DELETE ON permis_sanctionentry
    FOR EACH ROW EXECUTE FUNCTION permis_refuse_journal_change();
"""
UNSEAL_SANCTIONS = "DROP TRIGGER permis_sanction_journal_is_append_only ON permis_sanctionentry;"


class Migration(migrations.Migration):
    replaces = [
        ("permis", "0001_initial"),
        ("permis", "0002_seal_the_journal"),
        ("permis", "0003_file_unusable"),
        ("permis", "0004_verdict_undone"),
        ("permis", "0005_free_documents"),
        ("permis", "0006_piece_described"),
        ("permis", "0007_dpe_number_of_every_type"),
        ("permis", "0008_visits"),
        ("permis", "0009_law"),
        ("permis", "0010_seal_the_sanctions"),
        ("permis", "0011_events"),
        ("permis", "0012_work_done_words"),
        ("permis", "0013_law_ends"),
        ("permis", "0014_clock"),
        ("permis", "0015_transmission_events"),
        ("permis", "0016_search"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0003_law"),
        ("territories", "0001_squashed_0002_delegation_announced"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("suspended_on", models.DateField(null=True, verbose_name="suspendue par le juge depuis le")),
                ("posted_on", models.DateField(blank=True, null=True, verbose_name="postée le")),
                ("receipt_due_on", models.DateField(null=True, verbose_name="récépissé dû le")),
                ("receipted_on", models.DateField(null=True, verbose_name="récépissé délivré le")),
                (
                    "future_buyer",
                    models.BooleanField(
                        default=False,
                        help_text="Seul le bailleur demande. Avant l’acte, vous le pouvez avec l’accord écrit du vendeur, pour qui vous agissez alors.",
                        verbose_name="J’achète ce logement : l’acte de vente n’est pas encore signé",
                    ),
                ),
                ("seller_agrees", models.BooleanField(default=False, verbose_name="Le vendeur est d’accord par écrit")),
                (
                    "zoning",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("certain", "Dans un périmètre"),
                            ("to_check", "À vérifier par une personne"),
                            ("outside", "Dans aucun périmètre"),
                        ],
                        max_length=10,
                        verbose_name="périmètre",
                    ),
                ),
                (
                    "zone_doubts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("streets", "le périmètre est une liste de rues, reconnues par leur nom"),
                                ("number", "le numéro dans la rue n’est pas connu"),
                                ("boundary", "le logement est au bord du périmètre"),
                                ("unplaced", "le logement n’est pas placé sur la carte"),
                                ("undrawn", "le tracé du périmètre n’est pas enregistré"),
                                ("category", "une caractéristique du logement dont dépend le périmètre n’est pas connue"),
                                ("overlap", "plusieurs périmètres se recouvrent à cet endroit"),
                                ("declared", "le périmètre indiqué par le demandeur n’est pas celui que donne l’adresse"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="à vérifier",
                    ),
                ),
                ("zone_confirmed_on", models.DateField(null=True, verbose_name="périmètre vérifié le")),
                ("kept_in_scope", models.TextField(blank=True, verbose_name="raison de garder le dossier dans le champ")),
                (
                    "told_alarm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deadline", "Échéance de la décision"),
                            ("answer", "Pièces attendues"),
                            ("receipt", "Récépissé dû"),
                            ("lapse", "Fin de l’autorisation"),
                            ("bar", "Prescription de l’amende"),
                            ("works", "Terme de travaux prescrits"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("told_of", models.DateField(editable=False, null=True)),
                ("tell_on", models.DateField(editable=False, null=True)),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        default="APML",
                        max_length=4,
                        verbose_name="régime",
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=24, null=True, unique=True, verbose_name="numéro")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "Brouillon"),
                            ("submitted", "Déposée – à vérifier"),
                            ("out_of_scope", "Hors champ"),
                            ("incomplete", "Incomplète – pièces attendues"),
                            ("under_review", "En instruction"),
                            ("awaiting_decision", "Décision à signer"),
                            ("decision_signed", "Signée – à notifier"),
                            ("granted", "Autorisée"),
                            ("granted_conditional", "Autorisée sous conditions"),
                            ("granted_tacit", "Autorisée tacitement"),
                            ("refused", "Refusée"),
                            ("withdrawn", "Retirée par le demandeur"),
                            ("closed_incomplete", "Classée sans suite"),
                            ("used", "Utilisée (bail signé)"),
                            ("lapsed", "Caduque"),
                            ("revoked", "Retirée par l’autorité"),
                            ("repealed", "Abrogée"),
                            ("annulled", "Annulée par le juge"),
                            ("receipted", "Récépissé délivré"),
                            ("expired", "Non complétée – à déclarer de nouveau"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("online", "En ligne"), ("email", "Courriel"), ("paper", "Courrier"), ("counter", "Guichet")],
                        default="online",
                        max_length=10,
                        verbose_name="reçue par",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[("first", "Première mise en location"), ("again", "Relocation")],
                        max_length=10,
                        verbose_name="nature de la location",
                    ),
                ),
                (
                    "lease_kind",
                    models.CharField(
                        choices=[
                            ("unfurnished", "Location vide, résidence principale"),
                            ("furnished", "Location meublée, résidence principale"),
                            ("student", "Bail étudiant de neuf mois"),
                            ("colocation", "Colocation"),
                            ("anah_intermediate", "Convention Anah, loyer intermédiaire"),
                            ("mobility", "Bail mobilité"),
                            ("tacit_renewal", "Reconduction tacite du bail"),
                            ("renewal", "Renouvellement du bail"),
                            ("amendment", "Avenant au bail"),
                            ("tourist", "Meublé de tourisme"),
                            ("secondary", "Résidence secondaire"),
                            ("company", "Location à une société"),
                            ("commercial", "Bail commercial ou professionnel"),
                            ("staff_housing", "Logement de fonction"),
                            ("free_loan", "Prêt gratuit"),
                            ("precarious", "Convention d’occupation précaire"),
                            ("hostel", "Logement-foyer, résidence sociale"),
                            ("social_housing", "Organisme de logement social"),
                            ("apl_convention", "Logement conventionné APL"),
                            ("sublet", "Sous-location"),
                        ],
                        default="unfurnished",
                        max_length=20,
                        verbose_name="type de location",
                    ),
                ),
                ("separate_leases", models.PositiveSmallIntegerField(default=1, verbose_name="nombre de baux")),
                ("lease_planned_on", models.DateField(blank=True, null=True, verbose_name="date prévue du bail")),
                ("police_order", models.BooleanField(default=False, verbose_name="arrêté de police sur l’immeuble")),
                ("visit_waiver", models.TextField(blank=True, verbose_name="raison de décider sans visite")),
                ("access_name", models.CharField(blank=True, max_length=120, verbose_name="personne qui ouvre le logement")),
                ("access_phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone de cette personne")),
                ("accuracy_declared", models.BooleanField(default=False, verbose_name="exactitude certifiée")),
                ("step", models.PositiveSmallIntegerField(default=1, verbose_name="étape atteinte")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="créée le")),
                ("received_on", models.DateField(null=True, verbose_name="reçue le")),
                ("clock_started_on", models.DateField(null=True, verbose_name="délai commencé le")),
                ("tacit_on", models.DateField(null=True, verbose_name="autorisation tacite le")),
                ("completed_on", models.DateField(null=True, verbose_name="dernière pièce reçue le")),
                ("respond_by", models.DateField(null=True, verbose_name="pièces attendues avant le")),
                ("reminded_on", models.DateField(null=True, verbose_name="relancée le")),
                ("lease_signed_on", models.DateField(blank=True, null=True, verbose_name="bail signé le")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "Autorisation"),
                            ("conditional", "Autorisation sous conditions"),
                            ("refused", "Refus"),
                        ],
                        max_length=12,
                        verbose_name="sens de la décision",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prior", "Travaux avant la mise en location"),
                            ("deferred", "Travaux dans un délai, location permise"),
                        ],
                        max_length=10,
                        verbose_name="mode des conditions",
                    ),
                ),
                ("signed_on", models.DateField(null=True, verbose_name="signée le")),
                ("held_until", models.DateField(null=True, verbose_name="silence suspendu jusqu’au")),
                ("notified_on", models.DateField(null=True, verbose_name="notifiée le")),
                ("valid_until", models.DateField(null=True, verbose_name="valable jusqu’au")),
                ("lifted_on", models.DateField(null=True, verbose_name="conditions levées le")),
                ("reexamined_on", models.DateField(null=True, verbose_name="réexamen ordonné le")),
                ("reexamine_by", models.DateField(null=True, verbose_name="à réexaminer avant le")),
                ("ended_on", models.DateField(null=True, verbose_name="close le")),
                (
                    "state_before_silence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Brouillon"),
                            ("submitted", "Déposée – à vérifier"),
                            ("out_of_scope", "Hors champ"),
                            ("incomplete", "Incomplète – pièces attendues"),
                            ("under_review", "En instruction"),
                            ("awaiting_decision", "Décision à signer"),
                            ("decision_signed", "Signée – à notifier"),
                            ("granted", "Autorisée"),
                            ("granted_conditional", "Autorisée sous conditions"),
                            ("granted_tacit", "Autorisée tacitement"),
                            ("refused", "Refusée"),
                            ("withdrawn", "Retirée par le demandeur"),
                            ("closed_incomplete", "Classée sans suite"),
                            ("used", "Utilisée (bail signé)"),
                            ("lapsed", "Caduque"),
                            ("revoked", "Retirée par l’autorité"),
                            ("repealed", "Abrogée"),
                            ("annulled", "Annulée par le juge"),
                            ("receipted", "Récépissé délivré"),
                            ("expired", "Non complétée – à déclarer de nouveau"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("search", models.TextField(default="", editable=False)),
                (
                    "applicant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="demandeur",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_applications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suivi par",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="accounts.organisation",
                        verbose_name="organisme",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.authority",
                        verbose_name="collectivité du dépôt",
                    ),
                ),
                (
                    "resubmits",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resubmissions",
                        to="permis.application",
                        verbose_name="fait suite à",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="territories.zone",
                        verbose_name="périmètre",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier",
                "indexes": [
                    models.Index(fields=["authority", "state", "tacit_on"], name="application_worklist"),
                    models.Index(
                        condition=models.Q(("state__in", ["submitted", "under_review", "awaiting_decision", "decision_signed"])),
                        fields=["tacit_on"],
                        name="application_clock",
                    ),
                    models.Index(
                        condition=models.Q(("held_until__isnull", False), ("state", "decision_signed")),
                        fields=["held_until"],
                        name="application_unread",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["granted", "granted_conditional", "granted_tacit"])),
                        fields=["valid_until"],
                        name="application_lapse",
                    ),
                    models.Index(
                        condition=models.Q(("regime", "DML"), ("state", "incomplete")),
                        fields=["respond_by"],
                        name="application_uncompleted",
                    ),
                    models.Index(
                        models.Case(
                            models.When(
                                models.Q(
                                    ("state__in", ["submitted", "under_review", "awaiting_decision", "decision_signed"]),
                                    ("tacit_on__isnull", False),
                                ),
                                then=models.Case(
                                    models.When(
                                        models.Q(("told_alarm", "deadline"), ("told_of", models.F("tacit_on"))),
                                        then=models.F("tell_on"),
                                    ),
                                    default=models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("tacit_on"), "+", models.Value(-10)
                                        ),
                                        output_field=models.DateField(),
                                    ),
                                    output_field=models.DateField(),
                                ),
                            ),
                            models.When(
                                models.Q(("state__in", ["granted", "granted_conditional", "granted_tacit"])),
                                then=models.Case(
                                    models.When(
                                        models.Q(("told_alarm", "lapse"), ("told_of", models.F("valid_until"))),
                                        then=models.F("tell_on"),
                                    ),
                                    default=models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("valid_until"), "+", models.Value(-90)
                                        ),
                                        output_field=models.DateField(),
                                    ),
                                    output_field=models.DateField(),
                                ),
                            ),
                            models.When(
                                models.Q(("state", "incomplete"), ("respond_by__isnull", False)),
                                then=models.Case(
                                    models.When(
                                        models.Q(("told_alarm", "answer"), ("told_of", models.F("respond_by"))),
                                        then=models.F("tell_on"),
                                    ),
                                    default=models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("respond_by"), "+", models.Value(1)
                                        ),
                                        output_field=models.DateField(),
                                    ),
                                    output_field=models.DateField(),
                                ),
                            ),
                            models.When(
                                models.Q(("regime", "DML"), ("state__in", ["submitted", "incomplete"])),
                                then=models.Case(
                                    models.When(
                                        models.Q(("told_alarm", "receipt"), ("told_of", models.F("receipt_due_on"))),
                                        then=models.F("tell_on"),
                                    ),
                                    default=models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("receipt_due_on"), "+", models.Value(1)
                                        ),
                                        output_field=models.DateField(),
                                    ),
                                    output_field=models.DateField(),
                                ),
                            ),
                            output_field=models.DateField(),
                        ),
                        name="application_tell_on",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["submitted", "under_review", "awaiting_decision", "decision_signed", "incomplete"])
                        ),
                        fields=["commune", "authority", "regime"],
                        name="application_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("number__isnull", False), ("received_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="filed_means_numbered_and_received",
                        violation_error_message="Une demande déposée porte toujours son numéro et sa date de réception.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("regime", "APML"),
                                (
                                    "state__in",
                                    [
                                        "draft",
                                        "submitted",
                                        "out_of_scope",
                                        "incomplete",
                                        "under_review",
                                        "awaiting_decision",
                                        "decision_signed",
                                        "granted",
                                        "granted_conditional",
                                        "granted_tacit",
                                        "refused",
                                        "withdrawn",
                                        "closed_incomplete",
                                        "used",
                                        "lapsed",
                                        "revoked",
                                        "repealed",
                                        "annulled",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("regime", "DML"),
                                (
                                    "state__in",
                                    ["draft", "submitted", "incomplete", "out_of_scope", "withdrawn", "receipted", "expired"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="state_belongs_to_regime",
                        violation_error_message="Cet état n’existe pas dans ce régime.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("regime", "DML"), _negated=True),
                            ("state", "draft"),
                            ("lease_signed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="declaration_names_its_lease",
                        violation_error_message="Une déclaration porte la date de conclusion du bail (CCH R. 634-2).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("future_buyer", False), ("state", "draft"), ("seller_agrees", True), _connector="OR"),
                        name="future_buyer_acts_for_the_seller",
                        violation_error_message="Un futur acquéreur dépose avec l’accord écrit du vendeur (CCH R. 635-2).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decision_signed"), _negated=True), ("signed_on__isnull", False), _connector="OR"
                        ),
                        name="signed_means_dated",
                        violation_error_message="Une décision signée porte toujours sa date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "granted_conditional", "refused"]), _negated=True),
                            models.Q(("notified_on__isnull", False), ("notified_on__lte", models.F("tacit_on"))),
                            _connector="OR",
                        ),
                        name="granted_in_time_means_notified",
                        violation_error_message="Une décision ne prend effet que notifiée dans le délai.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "incomplete"), _negated=True), ("tacit_on__isnull", True), _connector="OR"
                        ),
                        name="incomplete_has_no_deadline",
                        violation_error_message="Un dossier incomplet n’a pas d’échéance : son délai n’a pas commencé.",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="WordVariant",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("variant", "word", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("variant", models.CharField(max_length=40, verbose_name="variante")),
                ("word", models.CharField(max_length=40, verbose_name="mot")),
            ],
            options={
                "verbose_name": "variante d’un mot",
                "verbose_name_plural": "variantes des mots",
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("administrative", "Recours gracieux"), ("court", "Recours devant le tribunal administratif")],
                        max_length=16,
                        verbose_name="recours",
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("pending", "En cours d’examen"),
                            ("implicitly_rejected", "Rejeté par le silence"),
                            ("rejected", "Rejeté"),
                            ("accepted", "Accueilli"),
                            ("before_court", "Devant le tribunal"),
                            ("dismissed", "Requête rejetée"),
                            ("annulled", "Décision annulée"),
                            ("withdrawn", "Désistement"),
                        ],
                        default="pending",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                ("against", models.CharField(max_length=160, verbose_name="contre")),
                ("author", models.CharField(max_length=200, verbose_name="formé par")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "En ligne"),
                            ("letter", "Courrier"),
                            ("counter", "Guichet"),
                            ("email", "Courriel"),
                            ("court", "Tribunal"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="reçu par",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="reçu le")),
                ("until", models.DateField(null=True, verbose_name="pouvait être formé jusqu’au")),
                ("arguments", models.TextField(blank=True, verbose_name="ce qui est contesté et pourquoi")),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="pièces jointes",
                    ),
                ),
                ("next_on", models.DateField(null=True, verbose_name="prochaine date")),
                ("implicit_rejection_on", models.DateField(null=True, verbose_name="rejet implicite le")),
                ("decided_on", models.DateField(null=True, verbose_name="décidé le")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="désistement du")),
                ("act_sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de l’acte")),
                ("notified_on", models.DateField(null=True, verbose_name="décision notifiée le")),
                ("court_until", models.DateField(null=True, verbose_name="tribunal à saisir jusqu’au")),
                ("reasons_asked_on", models.DateField(null=True, verbose_name="motifs demandés le")),
                ("reasons_due_on", models.DateField(null=True, verbose_name="motifs dus le")),
                ("reasons_given_on", models.DateField(null=True, verbose_name="motifs donnés le")),
                ("court_name", models.CharField(blank=True, max_length=160, verbose_name="tribunal")),
                ("court_number", models.CharField(blank=True, max_length=40, verbose_name="numéro de la requête")),
                (
                    "suspension",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("asked", "Suspension demandée"),
                            ("ordered", "Suspension ordonnée"),
                            ("rejected", "Suspension refusée"),
                        ],
                        max_length=10,
                        verbose_name="référé-suspension",
                    ),
                ),
                ("suspended_on", models.DateField(null=True, verbose_name="suspension ordonnée le")),
                ("suspension_notified_on", models.DateField(null=True, verbose_name="ordonnance notifiée le")),
                (
                    "suspension_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de l’ordonnance"),
                ),
                (
                    "suspends",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Brouillon"),
                            ("submitted", "Déposée – à vérifier"),
                            ("out_of_scope", "Hors champ"),
                            ("incomplete", "Incomplète – pièces attendues"),
                            ("under_review", "En instruction"),
                            ("awaiting_decision", "Décision à signer"),
                            ("decision_signed", "Signée – à notifier"),
                            ("granted", "Autorisée"),
                            ("granted_conditional", "Autorisée sous conditions"),
                            ("granted_tacit", "Autorisée tacitement"),
                            ("refused", "Refusée"),
                            ("withdrawn", "Retirée par le demandeur"),
                            ("closed_incomplete", "Classée sans suite"),
                            ("used", "Utilisée (bail signé)"),
                            ("lapsed", "Caduque"),
                            ("revoked", "Retirée par l’autorité"),
                            ("repealed", "Abrogée"),
                            ("annulled", "Annulée par le juge"),
                            ("receipted", "Récépissé délivré"),
                            ("expired", "Non complétée – à déclarer de nouveau"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="état du dossier suspendu",
                    ),
                ),
                ("defence_due_on", models.DateField(blank=True, null=True, verbose_name="mémoire en défense attendu le")),
                ("defence_sent_on", models.DateField(blank=True, null=True, verbose_name="mémoire en défense produit le")),
                ("sits_on", models.DateField(blank=True, null=True, verbose_name="audience le")),
                ("notes", models.TextField(blank=True, verbose_name="notes de défense")),
                ("judged_on", models.DateField(null=True, verbose_name="jugement du")),
                (
                    "judgment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dismissed", "Requête rejetée"),
                            ("annulled", "Décision annulée"),
                            ("annulled_reexamine", "Décision annulée, demande à réexaminer"),
                        ],
                        max_length=20,
                        verbose_name="jugement",
                    ),
                ),
                ("judgment_notified_on", models.DateField(null=True, verbose_name="jugement notifié le")),
                (
                    "judgment_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte du jugement"),
                ),
                ("reexamine_by", models.DateField(null=True, verbose_name="à réexaminer avant le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeals",
                        to="permis.application",
                        verbose_name="dossier",
                    ),
                ),
            ],
            options={
                "verbose_name": "recours",
                "verbose_name_plural": "recours",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "implicitly_rejected", "before_court"])),
                        fields=["next_on", "id"],
                        name="litigation_by_next_date",
                    ),
                    models.Index(
                        condition=models.Q(("state", "pending")), fields=["implicit_rejection_on"], name="appeal_silence"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("application",),
                        name="one_appeal_examined_at_a_time",
                        violation_error_message="Un recours gracieux est déjà en cours d’examen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "administrative"),
                                ("state__in", ["pending", "implicitly_rejected", "rejected", "accepted", "withdrawn"]),
                            ),
                            models.Q(("kind", "court"), ("state__in", ["before_court", "dismissed", "annulled", "withdrawn"])),
                            _connector="OR",
                        ),
                        name="appeal_state_belongs_to_its_kind",
                        violation_error_message="Cet état n’existe pas pour cette sorte de recours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "administrative"), _negated=True),
                            ("implicit_rejection_on__isnull", False),
                            _connector="OR",
                        ),
                        name="administrative_appeal_has_its_term",
                        violation_error_message="Un recours gracieux porte la date de son rejet implicite.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judgment", ""),
                            models.Q(models.Q(("judgment_sha256", ""), _negated=True), ("judged_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="judged_appeal_keeps_its_judgment",
                        violation_error_message="Un jugement est inscrit avec sa date et son texte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspended_on__isnull", True),
                            models.Q(models.Q(("suspension_sha256", ""), _negated=True), ("suspension", "ordered")),
                            _connector="OR",
                        ),
                        name="suspended_appeal_keeps_its_order",
                        violation_error_message="Une suspension est inscrite avec sa date et son ordonnance.",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Agent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="nom ou dénomination")),
                ("activity", models.CharField(max_length=120, verbose_name="activité")),
                ("card_number", models.CharField(blank=True, max_length=40, verbose_name="numéro de carte professionnelle")),
                ("card_issued_at", models.CharField(blank=True, max_length=80, verbose_name="lieu de délivrance de la carte")),
                ("address", models.CharField(max_length=250, verbose_name="adresse")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="agent", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "mandataire",
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.TextField(
                        help_text="Ce que vous ferez, pièce par pièce, avec vos mots.", verbose_name="travaux promis"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="faits au plus tard le")),
                ("name", models.CharField(max_length=160, verbose_name="nom de la personne qui s’engage")),
                ("made_on", models.DateField(verbose_name="pris le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="commitments", to="permis.application"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrit par",
                    ),
                ),
            ],
            options={
                "verbose_name": "engagement de travaux",
                "verbose_name_plural": "engagements de travaux",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("made_on"))),
                        name="commitment_is_about_the_future",
                        violation_error_message="La date des travaux ne peut pas être passée.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_given", models.BooleanField(verbose_name="accord donné")),
                ("recipient", models.CharField(max_length=200, verbose_name="destinataire")),
                ("text", models.TextField(verbose_name="texte accepté")),
                ("on", models.DateField(verbose_name="le")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistré le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="permis.application"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "accord pour la notification en ligne",
                "verbose_name_plural": "accords pour la notification en ligne",
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        max_length=4,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "commune",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.commune"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("regime", "commune", "year"), name="one_counter")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("replaced_on", models.DateField(null=True, verbose_name="remplacée le")),
                (
                    "replaced_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("appeal", "Remplacée sur recours gracieux"),
                            ("judgment", "Annulée, demande à réexaminer"),
                            ("suspension", "Suspendue par le juge, demande à réexaminer"),
                        ],
                        max_length=10,
                        verbose_name="raison du remplacement",
                    ),
                ),
                ("notified_on", models.DateField(null=True, verbose_name="notifiée le")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("granted", "Autorisation"),
                            ("conditional", "Autorisation sous conditions"),
                            ("refused", "Refus"),
                        ],
                        max_length=12,
                        verbose_name="sens de la décision",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("prior", "Travaux avant la mise en location"),
                            ("deferred", "Travaux dans un délai, location permise"),
                        ],
                        max_length=10,
                        verbose_name="travaux",
                    ),
                ),
                (
                    "grounds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("decency", "Non-décence (loi du 6 juillet 1989, art. 6)"),
                                (
                                    "health_safety",
                                    "Atteinte à la sécurité des occupants ou à la salubrité publique (CCH L. 635-3)",
                                ),
                                ("police_order", "Arrêté de police sur l’immeuble (CCH L. 635-9)"),
                                ("colocation_dignity", "Colocation à baux multiples : dignité (loi 2024-322, art. 33)"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="motifs",
                    ),
                ),
                (
                    "considerations",
                    models.TextField(
                        blank=True,
                        help_text="Ce que le service a constaté et pourquoi il propose cette décision. Un paragraphe par considérant.",
                        verbose_name="considérants",
                    ),
                ),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="numéro d’arrêté")),
                (
                    "private_areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=2, max_digits=5),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="surfaces privatives",
                    ),
                ),
                ("shared_equipment", models.CharField(blank=True, max_length=250, verbose_name="équipements partagés")),
                ("visas_required", models.PositiveSmallIntegerField(default=0, verbose_name="visas attendus")),
                ("sent_back_reason", models.TextField(blank=True, verbose_name="raison du renvoi")),
                ("signatory_name", models.CharField(blank=True, max_length=160, verbose_name="nom du signataire")),
                ("signatory_capacity", models.CharField(blank=True, max_length=160, verbose_name="qualité du signataire")),
                ("signed_on", models.DateField(null=True, verbose_name="signée le")),
                ("act_sha256", models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de l’acte")),
                ("appeal_routes", models.BooleanField(default=True, verbose_name="voies et délais de recours mentionnés")),
                (
                    "application",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="decision", to="permis.application"
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="rédigée par",
                    ),
                ),
                (
                    "former_case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_decisions",
                        to="permis.application",
                        verbose_name="décision antérieure de",
                    ),
                ),
                (
                    "signatory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signataire",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("application__isnull", False), ("former_case__isnull", True), ("replaced_on__isnull", True)
                            ),
                            models.Q(
                                ("application__isnull", True), ("former_case__isnull", False), ("replaced_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_in_force_or_replaced",
                        violation_error_message="Une décision est celle de son dossier, ou une décision antérieure remplacée à une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_on__isnull", True),
                            models.Q(
                                models.Q(("signatory_name", ""), _negated=True), models.Q(("act_sha256", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="signed_decision_names_its_signatory",
                        violation_error_message="Une décision signée porte son signataire et l’empreinte de l’acte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "granted"), ("grounds__len__gt", 0), _connector="OR"),
                        name="refusal_and_conditions_cite_a_ground",
                        violation_error_message="Un refus ou une autorisation sous conditions doit citer un motif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "conditional"), models.Q(("mode", ""), _negated=True)),
                            models.Q(models.Q(("outcome", "conditional"), _negated=True), ("mode", "")),
                            _connector="OR",
                        ),
                        name="only_conditions_have_a_mode",
                        violation_error_message="Dites si les travaux précèdent la location ou ont un délai.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dwelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=200, verbose_name="numéro et voie")),
                ("complement", models.CharField(blank=True, max_length=120, verbose_name="complément d’adresse")),
                (
                    "postcode",
                    models.CharField(
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{5}\\Z", "Un code postal a cinq chiffres, par exemple 33920."
                            )
                        ],
                        verbose_name="code postal",
                    ),
                ),
                ("building", models.CharField(blank=True, max_length=40, verbose_name="bâtiment")),
                ("staircase", models.CharField(blank=True, max_length=40, verbose_name="escalier")),
                ("floor", models.CharField(blank=True, max_length=40, verbose_name="étage")),
                ("door", models.CharField(blank=True, max_length=40, verbose_name="porte")),
                ("lot", models.CharField(blank=True, max_length=40, verbose_name="numéro de lot")),
                (
                    "cadastral_reference",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:\\d{5}|2[AB]\\d{3})?\\d{0,3} ?[0-9A-Z]{1,2} ?\\d{1,4}\\Z",
                                "Une référence cadastrale se lit par exemple « AB 214 » : la section, puis le numéro de la parcelle.",
                            )
                        ],
                        verbose_name="référence cadastrale",
                    ),
                ),
                (
                    "address_key",
                    models.CharField(
                        blank=True, db_index=True, editable=False, max_length=200, verbose_name="adresse normalisée"
                    ),
                ),
                (
                    "housing",
                    models.CharField(
                        blank=True,
                        choices=[("individual", "Maison individuelle"), ("collective", "Immeuble collectif")],
                        max_length=12,
                        verbose_name="type d’immeuble",
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[("single", "Propriétaire unique"), ("condominium", "Copropriété")],
                        max_length=12,
                        verbose_name="propriété de l’immeuble",
                    ),
                ),
                ("syndic", models.CharField(blank=True, max_length=160, verbose_name="syndic")),
                (
                    "construction_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Une année approchée suffit. Elle décide des diagnostics à fournir.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1000, "Écrivez l’année sur quatre chiffres."),
                            django.core.validators.MaxValueValidator(2100, "Cette année est trop lointaine."),
                        ],
                        verbose_name="année de construction",
                    ),
                ),
                ("levels", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="nombre de niveaux")),
                ("dwellings", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="nombre de logements")),
                (
                    "surface",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="En mètres carrés. Elle est écrite sur la première page du DPE.",
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("1"), "La surface est trop petite.")],
                        verbose_name="surface habitable",
                    ),
                ),
                (
                    "rooms",
                    models.PositiveSmallIntegerField(
                        help_text="Séjour et chambres, sans la cuisine ni la salle d’eau.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1, "Un logement a au moins une pièce principale."),
                            django.core.validators.MaxValueValidator(50, "Vérifiez ce nombre."),
                        ],
                        verbose_name="nombre de pièces principales",
                    ),
                ),
                (
                    "ceiling_height",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=4, null=True, verbose_name="hauteur sous plafond"
                    ),
                ),
                ("furnished", models.BooleanField(null=True, verbose_name="loué meublé")),
                (
                    "rooms_open_to_air",
                    models.BooleanField(blank=True, null=True, verbose_name="chaque pièce principale ouvre sur l’extérieur"),
                ),
                (
                    "kitchen",
                    models.CharField(
                        blank=True,
                        choices=[("inside", "Dans le logement"), ("outside", "Hors du logement"), ("none", "Absente")],
                        max_length=10,
                        verbose_name="cuisine",
                    ),
                ),
                ("kitchen_equipment", models.JSONField(blank=True, default=list, verbose_name="équipement de la cuisine")),
                (
                    "bathroom",
                    models.CharField(
                        blank=True,
                        choices=[("inside", "Dans le logement"), ("outside", "Hors du logement"), ("none", "Absente")],
                        max_length=10,
                        verbose_name="salle d’eau",
                    ),
                ),
                ("bathroom_equipment", models.JSONField(blank=True, default=list, verbose_name="équipement de la salle d’eau")),
                (
                    "toilet",
                    models.CharField(
                        blank=True,
                        choices=[("inside", "Dans le logement"), ("outside", "Hors du logement"), ("none", "Absente")],
                        max_length=10,
                        verbose_name="WC",
                    ),
                ),
                ("toilet_private", models.BooleanField(blank=True, null=True, verbose_name="WC privatif")),
                ("toilet_separate", models.BooleanField(blank=True, null=True, verbose_name="WC séparé de la cuisine")),
                ("ventilation", models.CharField(blank=True, max_length=80, verbose_name="ventilation")),
                ("smoke_detector", models.BooleanField(blank=True, null=True, verbose_name="détecteur de fumée")),
                (
                    "heating",
                    models.CharField(
                        blank=True,
                        choices=[("none", "Aucun"), ("individual", "Individuel"), ("collective", "Collectif")],
                        max_length=12,
                        verbose_name="chauffage",
                    ),
                ),
                ("heating_energy", models.CharField(blank=True, max_length=60, verbose_name="énergie du chauffage")),
                (
                    "hot_water",
                    models.CharField(
                        blank=True,
                        choices=[("none", "Aucun"), ("individual", "Individuel"), ("collective", "Collectif")],
                        max_length=12,
                        verbose_name="eau chaude",
                    ),
                ),
                ("hot_water_energy", models.CharField(blank=True, max_length=60, verbose_name="énergie de l’eau chaude")),
                (
                    "gas",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("absent", "Pas d’installation"),
                            ("recent", "Quinze ans ou moins"),
                            ("old", "Plus de quinze ans"),
                            ("unknown", "Je ne sais pas"),
                        ],
                        max_length=10,
                        verbose_name="installation de gaz",
                    ),
                ),
                (
                    "electricity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("absent", "Pas d’installation"),
                            ("recent", "Quinze ans ou moins"),
                            ("old", "Plus de quinze ans"),
                            ("unknown", "Je ne sais pas"),
                        ],
                        max_length=10,
                        verbose_name="installation électrique",
                    ),
                ),
                (
                    "dpe_number",
                    models.CharField(
                        blank=True,
                        max_length=13,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?P<year>[0-9]{2})(?P<department>[0-9]{2}|2[AB])(?P<type>[ENTVCL])[0-9]{7}[A-Z]\\Z",
                                "Un numéro de DPE a treize caractères, par exemple 2433E0412076K. Il est en haut de la première page.",
                            )
                        ],
                        verbose_name="numéro du DPE",
                    ),
                ),
                (
                    "dpe_class",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D"), ("E", "E"), ("F", "F"), ("G", "G")],
                        max_length=1,
                        verbose_name="classe du DPE",
                    ),
                ),
                (
                    "dpe_adjusted_class",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D"), ("E", "E"), ("F", "F"), ("G", "G")],
                        max_length=1,
                        verbose_name="classe rectifiée du DPE",
                    ),
                ),
                ("dpe_established_on", models.DateField(blank=True, null=True, verbose_name="date du DPE")),
                (
                    "latitude",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                ("in_risk_zone", models.BooleanField(default=False, verbose_name="commune concernée par l’état des risques")),
                ("in_noise_zone", models.BooleanField(default=False, verbose_name="zone de bruit d’un aérodrome")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dwelling", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "logement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="dwelling_placed_by_two_coordinates",
                        violation_error_message="Un point de la carte a une latitude et une longitude.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entrusted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrusted",
                        to="permis.application",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entrusted",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier confié",
                "verbose_name_plural": "dossiers confiés",
                "constraints": [models.UniqueConstraint(fields=("application", "user"), name="entrusted_once")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("on", models.DateField(verbose_name="date du fait")),
                ("recorded_at", models.DateTimeField(verbose_name="enregistré le")),
                ("author_name", models.CharField(blank=True, max_length=170)),
                ("facts", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("submitted", "Dossier déposé"),
                            ("out_of_scope", "Hors champ"),
                            ("complete", "Dossier complet"),
                            ("missing_requested", "Pièces demandées"),
                            ("optional_requested", "Pièces facultatives demandées"),
                            ("piece_accepted", "Pièce acceptée"),
                            ("piece_refused", "Pièce refusée"),
                            ("verdict_undone", "Avis sur une pièce annulé"),
                            ("pieces_received", "Pièces reçues"),
                            ("piece_described", "Pièce décrite autrement"),
                            ("file_unusable", "Fichier inutilisable"),
                            ("reminded", "Relance envoyée"),
                            ("closed_incomplete", "Dossier classé sans suite"),
                            ("withdrawn", "Retrait par le demandeur"),
                            ("assigned", "Dossier attribué"),
                            ("police_order", "Arrêté de police vérifié"),
                            ("order_found", "Arrêté de police trouvé à cette adresse"),
                            ("order_dismissed", "Arrêté de police écarté"),
                            ("order_confirmed", "Arrêté de police rattaché au dossier"),
                            ("visit_planned", "Visite planifiée"),
                            ("visit_moved", "Visite déplacée"),
                            ("visit_answered", "Réponse à une convocation"),
                            ("occupant_named", "Occupant du logement indiqué"),
                            ("contact_attempted", "Essai de contact"),
                            ("judge_asked", "Autorisation de visite demandée au juge"),
                            ("judge_granted", "Visite autorisée par le juge"),
                            ("placed", "Logement placé sur la carte"),
                            ("visit_waived", "Décision sans visite"),
                            ("visit_cancelled", "Visite annulée"),
                            ("visit_done", "Visite faite"),
                            ("report_established", "Rapport de visite établi"),
                            ("report_corrected", "Rapport de visite corrigé"),
                            ("danger_found", "Danger constaté, responsable alerté"),
                            ("police_note", "Note de saisine du pouvoir de police établie"),
                            ("conflict_settled", "Écart entre deux saisies de la visite tranché"),
                            ("visit_missed", "Visite manquée"),
                            ("access_refused", "Accès au logement refusé"),
                            ("grid_attached", "Grille papier jointe à la visite"),
                            ("opinion_asked", "Avis demandé"),
                            ("opinion_reminded", "Avis relancé"),
                            ("opinion_given", "Avis reçu"),
                            ("written", "Message échangé"),
                            ("decision_proposed", "Projet de décision transmis à la signature"),
                            ("vised", "Projet visé"),
                            ("sent_back", "Projet renvoyé au service"),
                            ("signed", "Décision signée"),
                            ("notice_sent", "Décision envoyée"),
                            ("notice_returned", "Lettre recommandée revenue"),
                            ("notified", "Décision notifiée"),
                            ("notified_late", "Notification tardive, sans effet"),
                            ("silence_reversed", "Autorisation tacite effacée par une notification faite à temps"),
                            ("granted_tacitly", "Autorisation tacite"),
                            ("attested", "Attestation d’autorisation tacite délivrée"),
                            ("works_proved", "Preuve de travaux reçue"),
                            ("works_settled", "Travaux vérifiés"),
                            ("works_reminded", "Travaux rappelés"),
                            ("counter_visit_ordered", "Contre-visite ordonnée"),
                            ("hearing_opened", "Lettre contradictoire envoyée"),
                            ("hearing_received", "Lettre contradictoire reçue"),
                            ("observations_received", "Observations reçues"),
                            ("interview_asked", "Entretien demandé"),
                            ("interview_held", "Entretien tenu"),
                            ("file_read", "Dossier consulté"),
                            ("hearing_dropped", "Procédure contradictoire abandonnée"),
                            ("photo_blurred", "Photo floutée"),
                            ("photos_shared", "Photos remises"),
                            ("conditions_lifted", "Conditions levées"),
                            ("lease_declared", "Bail déclaré"),
                            ("lapse_warned", "Fin prochaine de l’autorisation annoncée"),
                            ("transfer_filed", "Déclaration de transfert déposée"),
                            ("transfer_effective", "Autorisation transférée"),
                            ("transfer_refused", "Transfert resté sans effet"),
                            ("transfer_closed", "Déclaration de transfert close"),
                            ("transfer_withdrawn", "Déclaration de transfert abandonnée"),
                            ("resubmitted", "Nouvelle demande déposée pour ce logement"),
                            ("works_committed", "Engagement écrit de travaux"),
                            ("revoked", "Autorisation retirée"),
                            ("repealed", "Autorisation abrogée"),
                            ("act_notified", "Acte notifié"),
                            ("appeal_filed", "Recours gracieux reçu"),
                            ("appeal_silent", "Recours gracieux rejeté par le silence"),
                            ("appeal_rejected", "Recours gracieux rejeté"),
                            ("appeal_accepted", "Recours gracieux accueilli"),
                            ("appeal_withdrawn", "Désistement d’un recours"),
                            ("reasons_asked", "Motifs d’un rejet implicite demandés"),
                            ("reasons_given", "Motifs d’un rejet implicite donnés"),
                            ("court_seized", "Tribunal administratif saisi"),
                            ("court_followed", "Suite de l’affaire devant le tribunal"),
                            ("suspended", "Décision suspendue par le juge des référés"),
                            ("suspension_ended", "Fin de la suspension"),
                            ("restored", "Autorisation rendue"),
                            ("resumed", "Demande reprise, le classement étant retiré"),
                            ("judged", "Jugement rendu"),
                            ("annulled", "Décision annulée par le tribunal"),
                            ("reopened", "Demande à réexaminer"),
                            ("lapsed", "Autorisation caduque"),
                            ("handed_over", "Dossier transmis à une autre collectivité"),
                            ("date_corrected", "Date corrigée"),
                            ("alerted", "Alerte d’échéance"),
                            ("receipted", "Récépissé délivré"),
                            ("expired", "Déclaration non complétée, sans suite"),
                            ("zone_confirmed", "Périmètre vérifié"),
                            ("kept_in_scope", "Gardé dans le champ"),
                            ("consent_given", "Accord donné pour la notification en ligne"),
                            ("consent_withdrawn", "Accord pour la notification en ligne retiré"),
                            ("notice_available", "Décision mise à disposition en ligne"),
                            ("notice_opened", "Décision ouverte en ligne"),
                            ("notice_collected", "Lettre recommandée retirée"),
                            ("notice_presented", "Autre lettre recommandée présentée"),
                            ("notice_corrected", "Suivi d’une lettre recommandée corrigé"),
                            ("answered", "Pièces demandées toutes reçues"),
                            ("letter_posted", "Courrier posté"),
                            ("answer_overdue", "Pièces non reçues à la date fixée"),
                            ("transmitted", "Transmission envoyée"),
                            ("transmission_acknowledged", "Transmission acquittée par son destinataire"),
                            ("transmission_corrected", "Rectificatif d’une transmission ouvert"),
                        ],
                        max_length=30,
                        verbose_name="événement",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="journal", to="permis.application"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne de journal",
                "verbose_name_plural": "lignes de journal",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "position"), name="journal_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)),
                        name="journal_starts_at_one",
                        violation_error_message="Position invalide.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_service", models.BooleanField(verbose_name="écrit par le service")),
                ("text", models.TextField(verbose_name="message")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="envoyé le")),
                ("read_at", models.DateTimeField(null=True, verbose_name="lu le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exchanges", to="permis.application"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "message échangé",
                "verbose_name_plural": "messages échangés",
                "indexes": [
                    models.Index(
                        condition=models.Q(("from_service", False), ("read_at__isnull", True)),
                        fields=["application"],
                        name="exchange_to_read",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_on", models.DateField(verbose_name="signé le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("landlord", "Déclaré par le bailleur"),
                            ("for_landlord", "Déclaré au service par le bailleur"),
                            ("evidence", "Établi par une pièce"),
                        ],
                        max_length=12,
                        verbose_name="connu par",
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=200, verbose_name="pièce ou renseignement")),
                ("declared_on", models.DateField(verbose_name="déclaré le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leases", to="permis.application"
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déclaré par",
                    ),
                ),
            ],
            options={
                "verbose_name": "bail",
                "verbose_name_plural": "baux",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("declared_on__gte", models.F("signed_on"))),
                        name="lease_declared_once_signed",
                        violation_error_message="Un bail se déclare une fois signé.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "evidence"), _negated=True),
                            models.Q(("evidence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="lease_by_evidence_names_it",
                        violation_error_message="Dites quelle pièce établit la date du bail.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lessor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Personne physique"), ("company", "Personne morale"), ("joint", "Indivision")],
                        default="person",
                        max_length=10,
                        verbose_name="le bailleur est",
                    ),
                ),
                (
                    "civility",
                    models.CharField(blank=True, choices=[("mrs", "Mme"), ("mr", "M.")], max_length=5, verbose_name="civilité"),
                ),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="nom")),
                ("company", models.CharField(blank=True, max_length=160, verbose_name="dénomination")),
                ("legal_form", models.CharField(blank=True, max_length=80, verbose_name="forme juridique")),
                (
                    "siret",
                    models.CharField(
                        blank=True, max_length=20, validators=[permis.validators.validate_siret], verbose_name="SIRET"
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        help_text="Gérant, président, indivisaire…",
                        max_length=120,
                        verbose_name="qualité du signataire",
                    ),
                ),
                ("address", models.CharField(max_length=250, verbose_name="adresse")),
                ("postcode", models.CharField(max_length=12, verbose_name="code postal")),
                ("city", models.CharField(max_length=100, verbose_name="ville")),
                ("country", models.CharField(default="France", max_length=60, verbose_name="pays")),
                ("overseas", models.BooleanField(default=False, verbose_name="demeure outre-mer")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                (
                    "accept_email",
                    models.BooleanField(
                        default=False,
                        help_text="J’accepte que la décision me soit notifiée en ligne, sur la page de ma demande, et non par lettre recommandée. Un courriel m’avertira du jour où elle m’attend, sans dire ce qu’elle décide. Le jour où je l’ouvre est celui de sa notification : les délais de recours en partent. Si je ne l’ouvre pas dans les quinze jours, elle est réputée notifiée le jour où elle a été mise à ma disposition. Je peux retirer cet accord à tout moment, pour les envois suivants.",
                        verbose_name="accepte de recevoir les décisions en ligne",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lessors", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "bailleur",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "company"), models.Q(("company", ""), _negated=True)),
                            models.Q(models.Q(("kind", "company"), _negated=True), models.Q(("last_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="lessor_is_identified",
                        violation_error_message="Indiquez le nom du bailleur ou la dénomination de la société.",
                    ),
                    models.UniqueConstraint(fields=("application", "position"), name="lessors_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(help_text="Le bailleur ne la voit jamais.", verbose_name="note interne")),
                ("written_at", models.DateTimeField(auto_now_add=True, verbose_name="écrite le")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="permis.application"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "note interne",
                "verbose_name_plural": "notes internes",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("registered_letter", "Lettre recommandée avec avis de réception"),
                            ("hand", "Remise en main propre contre récépissé"),
                            ("portal", "Mise à disposition en ligne"),
                        ],
                        max_length=20,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "tracking_number",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:\\d[A-Z]\\d{11}|[A-Z]{2}\\d{9}[A-Z]{2}|\\d{15})\\Z",
                                "Un numéro de recommandé se lit par exemple « 1A 204 873 0614 7 » : recopiez-le en entier depuis le bordereau.",
                            )
                        ],
                        verbose_name="numéro de recommandé",
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="envoyée le")),
                ("first_presented_on", models.DateField(blank=True, null=True, verbose_name="première présentation le")),
                ("collected_on", models.DateField(blank=True, null=True, verbose_name="retirée le")),
                ("returned_on", models.DateField(blank=True, null=True, verbose_name="revenue le")),
                (
                    "return_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unclaimed", "Pli avisé et non réclamé"),
                            ("unknown", "Destinataire inconnu à l’adresse"),
                            ("address", "Défaut d’accès ou d’adressage"),
                            ("refused", "Pli refusé par le destinataire"),
                        ],
                        max_length=12,
                        verbose_name="motif du retour",
                    ),
                ),
                ("handed_over_on", models.DateField(blank=True, null=True, verbose_name="remise le")),
                ("recipient", models.CharField(blank=True, max_length=160, verbose_name="remise à")),
                ("available_on", models.DateField(null=True, verbose_name="mise à disposition le")),
                ("opened_on", models.DateField(null=True, verbose_name="ouverte le")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="ouverte à")),
                ("is_deemed", models.BooleanField(default=False, verbose_name="réputée notifiée faute d’ouverture")),
                (
                    "sent_proof_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de la preuve de dépôt"),
                ),
                (
                    "proof_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de la preuve"),
                ),
                (
                    "act_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de l’acte notifié"),
                ),
                (
                    "returned_proof_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte du pli revenu"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_presented_on__isnull", True),
                            ("sent_on__isnull", True),
                            ("first_presented_on__gte", models.F("sent_on")),
                            _connector="OR",
                        ),
                        name="letter_presented_after_it_was_sent",
                        violation_error_message="La première présentation ne peut pas précéder l’envoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("collected_on__isnull", True),
                            ("first_presented_on__isnull", True),
                            ("collected_on__gte", models.F("first_presented_on")),
                            _connector="OR",
                        ),
                        name="letter_collected_after_it_was_presented",
                        violation_error_message="Une lettre ne peut pas être retirée avant sa première présentation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("collected_on__isnull", True), ("returned_on__isnull", True), _connector="OR"),
                        name="letter_collected_or_returned",
                        violation_error_message="Une lettre est retirée par son destinataire, ou elle revient : pas les deux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_on__isnull", True),
                            models.Q(("available_on__isnull", False), ("opened_on__gte", models.F("available_on"))),
                            _connector="OR",
                        ),
                        name="online_notice_opened_after_it_was_available",
                        violation_error_message="Une décision ne peut pas être ouverte avant d’être mise à disposition.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_deemed", False), ("available_on__isnull", False), _connector="OR"),
                        name="online_notice_opened_or_deemed",
                        violation_error_message="Seule une décision mise à disposition en ligne peut être réputée notifiée.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "adviser",
                    models.CharField(
                        choices=[
                            ("schs", "Service communal d’hygiène et de santé"),
                            ("ars", "Agence régionale de santé"),
                            ("operator", "Opérateur de l’habitat"),
                            ("syndic", "Syndic de copropriété"),
                            ("other", "Autre service"),
                        ],
                        max_length=10,
                        verbose_name="service consulté",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="nom du service ou de la personne")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("question", models.TextField(verbose_name="question posée")),
                ("asked_on", models.DateField(verbose_name="demandé le")),
                ("due_on", models.DateField(verbose_name="attendu avant le")),
                ("reminded_on", models.DateField(null=True, verbose_name="relancé le")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("favourable", "Favorable"),
                            ("reserved", "Favorable avec réserves"),
                            ("unfavourable", "Défavorable"),
                            ("none", "Sans avis"),
                        ],
                        max_length=12,
                        verbose_name="avis",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="réponse")),
                ("answered_by", models.CharField(blank=True, max_length=160, verbose_name="donné par")),
                ("answered_on", models.DateField(null=True, verbose_name="reçu le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="permis.application"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="demandé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "avis",
                "verbose_name_plural": "avis",
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_on__isnull", True), ("reminded_on__isnull", True)),
                        fields=["due_on"],
                        name="opinion_to_remind",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("asked_on"))),
                        name="opinion_due_after_it_was_asked",
                        violation_error_message="L’avis ne peut pas être attendu avant d’avoir été demandé.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on__isnull", True), ("outcome", "")),
                            models.Q(("answered_on__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="opinion_given_is_dated",
                        violation_error_message="Un avis rendu a son sens et sa date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="fichier")),
                ("content", models.TextField(verbose_name="contenu")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="déposé le")),
                ("imported_on", models.DateField(null=True, verbose_name="importé le")),
                ("counts", models.JSONField(default=dict, verbose_name="bilan")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="order_imports",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déposé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "import d’arrêtés",
                "verbose_name_plural": "imports d’arrêtés",
            },
        ),
        migrations.CreateModel(
            name="PieceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("form", "Formulaire de demande (Cerfa 15652)"),
                                ("dpe", "Diagnostic de performance énergétique (DPE)"),
                                ("crep", "Constat de risque d’exposition au plomb (CREP)"),
                                ("electricity", "État de l’installation électrique"),
                                ("gas", "État de l’installation de gaz"),
                                ("erp", "État des risques (ERP)"),
                                ("noise", "État des nuisances sonores aériennes"),
                                ("asbestos", "Dossier amiante (DAPP)"),
                                ("title_deed", "Titre de propriété"),
                                ("photos", "Photographies du logement"),
                                ("lease", "Projet de bail"),
                                ("holder_agreement", "Accord du titulaire initial"),
                                ("declaration_form", "Formulaire de déclaration (Cerfa 15651)"),
                                ("seller_agreement", "Accord écrit du vendeur"),
                                ("other", "Autre document"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="pièces demandées",
                    ),
                ),
                ("reasons", models.JSONField(default=dict, verbose_name="raisons, par pièce")),
                ("message", models.TextField(blank=True, verbose_name="message du service")),
                ("required", models.BooleanField(default=True, verbose_name="pièces exigées par la loi")),
                ("requested_on", models.DateField(verbose_name="demandées le")),
                ("respond_by", models.DateField(verbose_name="attendues avant le")),
                ("is_late", models.BooleanField(default=False, verbose_name="faite dans les cinq derniers jours")),
                ("answered_on", models.DateField(null=True, verbose_name="complétée le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="piece_requests", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "demande de pièces",
                "verbose_name_plural": "demandes de pièces",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_on__isnull", True), ("required", True)),
                        fields=("application",),
                        name="one_open_request_a_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoliceOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "taken_by",
                    models.CharField(
                        choices=[("mayor", "Maire"), ("epci", "Président de l’intercommunalité"), ("prefect", "Préfet")],
                        default="mayor",
                        max_length=10,
                        verbose_name="pris par",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("safety", "Mise en sécurité (CCH L. 511-11)"),
                            ("insalubrity", "Traitement de l’insalubrité (CCH L. 511-11)"),
                            ("urgent", "Urgence, danger imminent (CCH L. 511-19)"),
                            ("other", "Autre arrêté de police"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="numéro")),
                ("dated_on", models.DateField(verbose_name="date de l’arrêté")),
                ("address", models.CharField(max_length=250, verbose_name="adresse, telle que l’arrêté l’écrit")),
                (
                    "address_key",
                    models.CharField(
                        blank=True, db_index=True, editable=False, max_length=200, verbose_name="adresse normalisée"
                    ),
                ),
                (
                    "cadastral_reference",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:\\d{5}|2[AB]\\d{3})?\\d{0,3} ?[0-9A-Z]{1,2} ?\\d{1,4}\\Z",
                                "Une référence cadastrale se lit par exemple « AB 214 » : la section, puis le numéro de la parcelle.",
                            )
                        ],
                        verbose_name="référence cadastrale",
                    ),
                ),
                ("plot", models.CharField(blank=True, editable=False, max_length=10)),
                (
                    "building",
                    models.CharField(
                        blank=True,
                        help_text="Vide si l’arrêté vise tout l’immeuble.",
                        max_length=120,
                        verbose_name="bâtiment ou partie visée",
                    ),
                ),
                ("lifted_on", models.DateField(blank=True, null=True, verbose_name="mainlevée le")),
                ("lifting", models.CharField(blank=True, max_length=120, verbose_name="arrêté de mainlevée")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Qui vous l’a transmis, ou le registre dont il vient.",
                        max_length=120,
                        verbose_name="source",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="police_orders",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_orders",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "imported_in",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="orders",
                        to="permis.orderimport",
                        verbose_name="importé par",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="enregistré par",
                    ),
                ),
            ],
            options={
                "verbose_name": "arrêté de police",
                "verbose_name_plural": "arrêtés de police",
                "indexes": [models.Index(fields=["authority", "commune", "plot"], name="police_order_plot")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "commune", "number"),
                        name="police_order_known_once",
                        violation_error_message="Un arrêté de ce numéro est déjà enregistré dans cette commune.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_on__isnull", True), ("lifted_on__gte", models.F("dated_on")), _connector="OR"
                        ),
                        name="police_order_lifted_after_it_was_taken",
                        violation_error_message="La mainlevée ne peut pas précéder l’arrêté.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "certainty",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "Adresse identique"), (2, "Adresse proche"), (1, "Même rue, numéro à vérifier")],
                        verbose_name="rapprochement",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("candidate", "À vérifier"),
                            ("confirmed", "Vise ce logement"),
                            ("dismissed", "Ne vise pas ce logement"),
                        ],
                        default="candidate",
                        max_length=10,
                        verbose_name="avis",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=250, verbose_name="raison")),
                ("settled_on", models.DateField(null=True, verbose_name="vérifié le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="order_matches", to="permis.application"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="vérifié par",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="matches", to="permis.policeorder"
                    ),
                ),
            ],
            options={
                "verbose_name": "rapprochement d’arrêté",
                "verbose_name_plural": "rapprochements d’arrêtés",
                "constraints": [
                    models.UniqueConstraint(fields=("order", "application"), name="order_matched_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dismissed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dismissed_order_says_why",
                        violation_error_message="Dites pourquoi cet arrêté ne vise pas le logement.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrescribedWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "told_alarm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deadline", "Échéance de la décision"),
                            ("answer", "Pièces attendues"),
                            ("receipt", "Récépissé dû"),
                            ("lapse", "Fin de l’autorisation"),
                            ("bar", "Prescription de l’amende"),
                            ("works", "Terme de travaux prescrits"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("told_of", models.DateField(editable=False, null=True)),
                ("tell_on", models.DateField(editable=False, null=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="point de contrôle")),
                ("place", models.CharField(max_length=120, verbose_name="lieu")),
                ("finding", models.TextField(verbose_name="constat")),
                ("evidence", models.CharField(blank=True, max_length=250, verbose_name="preuve du constat")),
                ("basis", models.CharField(max_length=160, verbose_name="fondement")),
                ("work", models.TextField(verbose_name="travaux ou aménagements prescrits")),
                ("proof", models.CharField(blank=True, max_length=160, verbose_name="preuve attendue")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="à faire avant le")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("open", "À faire"), ("proof_received", "Preuve reçue"), ("met", "Fait"), ("unmet", "Non fait")],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                ("settled_on", models.DateField(null=True, verbose_name="constatée le")),
                (
                    "decision",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="works", to="permis.decision"),
                ),
            ],
            options={
                "verbose_name": "travaux prescrits",
                "verbose_name_plural": "travaux prescrits",
                "indexes": [
                    models.Index(
                        models.Case(
                            models.When(
                                models.Q(("state", "met"), _negated=True),
                                then=models.Case(
                                    models.When(
                                        models.Q(("told_alarm", "works"), ("told_of", models.F("due_on"))),
                                        then=models.F("tell_on"),
                                    ),
                                    default=models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("due_on"), "+", models.Value(-30)
                                        ),
                                        output_field=models.DateField(),
                                    ),
                                    output_field=models.DateField(),
                                ),
                            ),
                            output_field=models.DateField(),
                        ),
                        name="works_tell_on",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("decision", "position"), name="works_in_order")],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("repeal", "Abrogation, travaux non faits"), ("revocation", "Retrait, autorisation illégale")],
                        default="repeal",
                        max_length=12,
                        verbose_name="en vue de",
                    ),
                ),
                ("reasons", models.TextField(verbose_name="faits reprochés")),
                ("texts", models.TextField(blank=True, verbose_name="textes en cause")),
                ("answer_days", models.PositiveSmallIntegerField(default=15, verbose_name="jours pour répondre")),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("registered_letter", "Lettre recommandée avec avis de réception"),
                            ("hand", "Remise en main propre contre récépissé"),
                            ("portal", "Mise à disposition en ligne"),
                        ],
                        max_length=20,
                        verbose_name="envoyée par",
                    ),
                ),
                ("tracking_number", models.CharField(blank=True, max_length=40, verbose_name="numéro de recommandé")),
                ("sent_on", models.DateField(verbose_name="envoyée le")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="reçue ou présentée le")),
                ("answer_by", models.DateField(null=True, verbose_name="observations attendues jusqu’au")),
                ("observations", models.TextField(blank=True, verbose_name="observations")),
                ("observations_on", models.DateField(blank=True, null=True, verbose_name="observations reçues le")),
                ("oral_asked_on", models.DateField(blank=True, null=True, verbose_name="entretien demandé le")),
                ("oral_held_on", models.DateField(blank=True, null=True, verbose_name="entretien tenu le")),
                ("oral_report", models.TextField(blank=True, verbose_name="compte rendu de l’entretien")),
                ("file_read_on", models.DateField(blank=True, null=True, verbose_name="dossier consulté le")),
                ("dropped_on", models.DateField(blank=True, null=True, verbose_name="abandonnée le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hearings", to="permis.application"
                    ),
                ),
                (
                    "works",
                    models.ManyToManyField(
                        blank=True, related_name="hearings", to="permis.prescribedwork", verbose_name="travaux non faits"
                    ),
                ),
            ],
            options={
                "verbose_name": "procédure contradictoire",
                "verbose_name_plural": "procédures contradictoires",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_on__isnull", True), ("received_on__gte", models.F("sent_on")), _connector="OR"
                        ),
                        name="hearing_received_after_it_was_sent",
                        violation_error_message="La lettre ne peut pas être reçue avant son envoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("observations", ""), ("observations_on__isnull", False), _connector="OR"),
                        name="observations_are_dated",
                        violation_error_message="Dites quel jour ces observations ont été reçues.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("oral_held_on__isnull", True), models.Q(("oral_report", ""), _negated=True), _connector="OR"
                        ),
                        name="held_interview_is_reported",
                        violation_error_message="Dites ce qui a été dit pendant l’entretien, ou qui ne s’y est pas présenté.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40, verbose_name="règle")),
                ("value", models.JSONField(verbose_name="réponse")),
                ("since", models.DateField(verbose_name="depuis le")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="délibération ou raison")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistré le")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_changes",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "choix de la collectivité",
                "verbose_name_plural": "choix de la collectivité",
                "indexes": [models.Index(fields=["authority", "rule", "since"], name="rule_in_force")],
            },
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "told_alarm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deadline", "Échéance de la décision"),
                            ("answer", "Pièces attendues"),
                            ("receipt", "Récépissé dû"),
                            ("lapse", "Fin de l’autorisation"),
                            ("bar", "Prescription de l’amende"),
                            ("works", "Terme de travaux prescrits"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("told_of", models.DateField(editable=False, null=True)),
                ("tell_on", models.DateField(editable=False, null=True)),
                ("number", models.CharField(editable=False, max_length=24, unique=True, verbose_name="numéro")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("constat", "Constat établi"),
                            ("observations_open", "Observations attendues"),
                            ("regularised", "Régularisée"),
                            ("to_decide", "À décider"),
                            ("fined", "Amende prononcée"),
                            ("closed", "Classée"),
                            ("title_issued", "Titre de recette émis"),
                            ("paid", "Payée"),
                            ("recovery", "En recouvrement forcé"),
                            ("appeal", "Contestée"),
                            ("withdrawn", "Retirée ou annulée"),
                        ],
                        default="constat",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                (
                    "breach",
                    models.CharField(
                        choices=[
                            ("no_request", "Mise en location sans demande d’autorisation"),
                            ("despite_refusal", "Mise en location malgré un refus notifié"),
                            ("no_declaration", "Mise en location sans déclaration"),
                        ],
                        max_length=20,
                        verbose_name="manquement",
                    ),
                ),
                ("address", models.CharField(max_length=250, verbose_name="adresse du logement")),
                (
                    "postcode",
                    models.CharField(
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{5}\\Z", "Un code postal a cinq chiffres, par exemple 33920."
                            )
                        ],
                        verbose_name="code postal du logement",
                    ),
                ),
                (
                    "person_kind",
                    models.CharField(
                        choices=[("person", "Personne physique"), ("company", "Personne morale"), ("joint", "Indivision")],
                        default="person",
                        max_length=10,
                        verbose_name="la personne est",
                    ),
                ),
                ("person_name", models.CharField(max_length=200, verbose_name="nom ou dénomination")),
                (
                    "person_siret",
                    models.CharField(
                        blank=True, max_length=20, validators=[permis.validators.validate_siret], verbose_name="SIRET"
                    ),
                ),
                ("person_address", models.CharField(max_length=250, verbose_name="adresse de la personne")),
                ("person_postcode", models.CharField(max_length=12, verbose_name="code postal")),
                ("person_city", models.CharField(max_length=100, verbose_name="ville")),
                ("person_email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("blames_applicant", models.BooleanField(default=False, verbose_name="la personne est le demandeur du dossier")),
                ("found_on", models.DateField(verbose_name="constatée le")),
                ("barred_after", models.DateField(editable=False, verbose_name="amende possible jusqu’au")),
                ("found_by_name", models.CharField(max_length=170, verbose_name="auteur du constat")),
                ("let_on", models.DateField(blank=True, null=True, verbose_name="logement loué depuis le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("lease", "Bail ou quittance"),
                            ("visit", "Visite ou constat sur place"),
                            ("complaint", "Signalement ou plainte"),
                            ("benefit", "Données de la CAF ou de la MSA"),
                            ("other", "Autre élément"),
                        ],
                        max_length=12,
                        verbose_name="élément de preuve",
                    ),
                ),
                ("facts", models.TextField(verbose_name="faits constatés")),
                ("repeated", models.BooleanField(default=False, verbose_name="nouveau manquement dans les trois ans")),
                ("letter_sent_on", models.DateField(blank=True, null=True, verbose_name="lettre envoyée le")),
                (
                    "letter_means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered_letter", "Lettre recommandée avec avis de réception"),
                            ("hand", "Remise en main propre contre récépissé"),
                            ("portal", "Mise à disposition en ligne"),
                        ],
                        max_length=20,
                        verbose_name="envoyée par",
                    ),
                ),
                ("letter_tracking", models.CharField(blank=True, max_length=40, verbose_name="numéro de recommandé")),
                ("letter_received_on", models.DateField(blank=True, null=True, verbose_name="lettre présentée le")),
                ("observations_until", models.DateField(blank=True, null=True, verbose_name="observations jusqu’au")),
                ("observations", models.TextField(blank=True, verbose_name="observations écrites")),
                ("observations_on", models.DateField(blank=True, null=True, verbose_name="observations reçues le")),
                ("hearing_asked", models.BooleanField(default=False, verbose_name="audition demandée")),
                ("heard_on", models.DateField(blank=True, null=True, verbose_name="audition faite le")),
                ("heard", models.TextField(blank=True, verbose_name="compte rendu de l’audition")),
                ("regularised_on", models.DateField(blank=True, null=True, verbose_name="régularisée le")),
                ("receipt", models.CharField(blank=True, max_length=80, verbose_name="récépissé")),
                ("amount", models.PositiveIntegerField(blank=True, null=True, verbose_name="montant de l’amende")),
                ("reasons", models.TextField(blank=True, verbose_name="motifs et proportion")),
                ("exception", models.TextField(blank=True, verbose_name="raison d’une amende malgré la régularisation")),
                ("fined_on", models.DateField(blank=True, null=True, verbose_name="signée le")),
                ("signatory_name", models.CharField(blank=True, max_length=170, verbose_name="signée par")),
                ("signatory_capacity", models.CharField(blank=True, max_length=120, verbose_name="qualité du signataire")),
                ("fine_sha256", models.CharField(blank=True, max_length=64, verbose_name="empreinte de l’arrêté")),
                ("notified_on", models.DateField(blank=True, null=True, verbose_name="notifiée le")),
                (
                    "notice_means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered_letter", "Lettre recommandée avec avis de réception"),
                            ("hand", "Remise en main propre contre récépissé"),
                            ("portal", "Mise à disposition en ligne"),
                        ],
                        max_length=20,
                        verbose_name="notifiée par",
                    ),
                ),
                ("notice_tracking", models.CharField(blank=True, max_length=40, verbose_name="numéro de recommandé de l’amende")),
                ("title_number", models.CharField(blank=True, max_length=60, verbose_name="numéro du titre de recette")),
                ("title_issued_on", models.DateField(blank=True, null=True, verbose_name="titre émis le")),
                ("recovery_on", models.DateField(blank=True, null=True, verbose_name="recouvrement forcé depuis le")),
                ("contested_on", models.DateField(blank=True, null=True, verbose_name="contestée le")),
                (
                    "state_before_appeal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("constat", "Constat établi"),
                            ("observations_open", "Observations attendues"),
                            ("regularised", "Régularisée"),
                            ("to_decide", "À décider"),
                            ("fined", "Amende prononcée"),
                            ("closed", "Classée"),
                            ("title_issued", "Titre de recette émis"),
                            ("paid", "Payée"),
                            ("recovery", "En recouvrement forcé"),
                            ("appeal", "Contestée"),
                            ("withdrawn", "Retirée ou annulée"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("reduced_to", models.PositiveIntegerField(blank=True, null=True, verbose_name="ramenée à")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="close le")),
                ("ending", models.TextField(blank=True, verbose_name="raison de la clôture")),
                ("person_key", models.CharField(editable=False, max_length=200)),
                ("dwelling_key", models.CharField(editable=False, max_length=260)),
                ("search", models.TextField(default="", editable=False)),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="permis.application",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="projet de",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="constatée par",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="permis.sanction",
                        verbose_name="manquement antérieur",
                    ),
                ),
                (
                    "regularised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mended_sanctions",
                        to="permis.application",
                        verbose_name="demande qui régularise",
                    ),
                ),
                (
                    "repeat_confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmé par",
                    ),
                ),
                (
                    "signatory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signataire",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="territories.zone",
                        verbose_name="périmètre",
                    ),
                ),
            ],
            options={
                "verbose_name": "sanction",
                "indexes": [
                    models.Index(fields=["authority", "state", "barred_after"], name="sanction_worklist"),
                    models.Index(fields=["authority", "person_key"], name="sanction_of_person"),
                    models.Index(fields=["authority", "dwelling_key"], name="sanction_of_dwelling"),
                    models.Index(
                        condition=models.Q(("state", "observations_open")),
                        fields=["observations_until"],
                        name="sanction_observed",
                    ),
                    models.Index(
                        models.Case(
                            models.When(
                                models.Q(("state__in", ["constat", "observations_open", "regularised", "to_decide"])),
                                then=models.Case(
                                    models.When(
                                        models.Q(("told_alarm", "bar"), ("told_of", models.F("barred_after"))),
                                        then=models.F("tell_on"),
                                    ),
                                    default=models.ExpressionWrapper(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("barred_after"), "+", models.Value(-90)
                                        ),
                                        output_field=models.DateField(),
                                    ),
                                    output_field=models.DateField(),
                                ),
                            ),
                            output_field=models.DateField(),
                        ),
                        name="sanction_tell_on",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("found_on__gte", datetime.date(2024, 4, 11))),
                        name="sanction_found_under_this_regime",
                        violation_error_message="Avant le 11 avril 2024, l’amende relève du préfet et de l’Anah (loi 2024-322, art. 23) : elle ne peut pas être traitée ici. Transmettez le constat à la préfecture.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("barred_after", permis.models.sanction.OneYearAfter("found_on"))),
                        name="sanction_barred_after_one_year",
                        violation_error_message="L’amende se prescrit un an après le constat.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fined_on__isnull", True), ("fined_on__lte", models.F("barred_after")), _connector="OR"
                        ),
                        name="fine_within_the_year",
                        violation_error_message="Plus d’un an a passé depuis le constat : l’amende ne peut plus être prononcée (CCH L. 634-4, L. 635-7).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", True),
                            ("amount__range", (1, 5000)),
                            models.Q(("amount__range", (1, 15000)), ("breach", "despite_refusal")),
                            models.Q(("amount__range", (1, 15000)), ("breach", "no_request"), ("repeated", True)),
                            _connector="OR",
                        ),
                        name="fine_within_the_cap",
                        violation_error_message="Ce montant dépasse le maximum que la loi fixe pour ce manquement.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repeated", False),
                            models.Q(("previous__isnull", False), ("repeat_confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="repeat_is_confirmed_by_somebody",
                        violation_error_message="Un nouveau manquement nomme le précédent, et la personne qui l’a confirmé.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["fined", "title_issued", "paid", "recovery", "appeal"]), _negated=True),
                            models.Q(
                                ("amount__isnull", False),
                                ("fined_on__isnull", False),
                                models.Q(("reasons", ""), _negated=True),
                                models.Q(("fine_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="fine_signed_dated_and_reasoned",
                        violation_error_message="Une amende prononcée porte sa date, son montant, ses motifs et son acte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fined_on__isnull", True),
                            models.Q(("fined_on__gt", models.F("observations_until")), ("observations_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="fine_after_the_observations",
                        violation_error_message="Le mois laissé pour présenter des observations n’est pas passé : aucune amende avant (CCH R. 634-4, R. 635-4).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("letter_received_on__isnull", True),
                            ("letter_received_on__gte", models.F("letter_sent_on")),
                            _connector="OR",
                        ),
                        name="sanction_letter_received_after_it_was_sent",
                        violation_error_message="La lettre ne peut pas être présentée avant son envoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("breach", "despite_refusal"), _negated=True),
                            models.Q(("application__isnull", False), ("regularised_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="refusal_is_not_regularised",
                        violation_error_message="Louer malgré un refus ne se régularise pas (CCH R. 635-4 II ne vise que le premier alinéa de L. 635-7).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("title_issued_on__isnull", True),
                            models.Q(("notified_on__isnull", False), ("title_issued_on__gte", models.F("notified_on"))),
                            _connector="OR",
                        ),
                        name="fine_recovered_once_notified",
                        violation_error_message="L’amende n’est pas encore notifiée : elle n’est pas exécutoire (CRPA L. 221-8). Inscrivez d’abord sa notification.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notified_on__isnull", True),
                            models.Q(("fined_on__isnull", False), ("notified_on__gte", models.F("fined_on"))),
                            _connector="OR",
                        ),
                        name="fine_notified_once_signed",
                        violation_error_message="Une amende est signée avant d’être notifiée.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "withdrawn"]), _negated=True),
                            models.Q(("ended_on__isnull", False), models.Q(("ending", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sanction_ends_for_a_reason",
                        violation_error_message="Dites pourquoi la procédure prend fin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("blames_applicant", False), ("application__isnull", False), _connector="OR"),
                        name="applicant_blamed_on_their_case",
                        violation_error_message="Sans dossier, il n’y a pas de demandeur.",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.PositiveIntegerField(verbose_name="montant")),
                ("on", models.DateField(verbose_name="reçu le")),
                (
                    "sanction",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="permis.sanction"),
                ),
            ],
            options={
                "verbose_name": "paiement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="payment_is_not_nothing",
                        violation_error_message="Un paiement n’est pas nul.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SanctionCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.authority"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("authority", "year"), name="one_sanction_counter")],
            },
        ),
        migrations.CreateModel(
            name="SanctionEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("on", models.DateField(verbose_name="date du fait")),
                ("recorded_at", models.DateTimeField(verbose_name="enregistré le")),
                ("author_name", models.CharField(blank=True, max_length=170)),
                ("facts", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("opened", "Constat établi"),
                            ("evidence_added", "Élément de preuve joint"),
                            ("repeat_settled", "Manquement antérieur examiné"),
                            ("letter_sent", "Lettre d’observations envoyée"),
                            ("letter_received", "Lettre d’observations présentée"),
                            ("observations", "Observations reçues"),
                            ("heard", "Audition faite"),
                            ("regularised", "Situation régularisée"),
                            ("to_decide", "Mois des observations passé"),
                            ("fine_proposed", "Projet d’amende transmis à la signature"),
                            ("fined", "Amende signée"),
                            ("notified", "Amende notifiée"),
                            ("closed", "Procédure classée"),
                            ("title_issued", "Titre de recette émis"),
                            ("payment", "Paiement reçu"),
                            ("paid", "Amende payée"),
                            ("recovery", "Recouvrement forcé engagé"),
                            ("contested", "Amende contestée"),
                            ("upheld", "Amende maintenue"),
                            ("annulled", "Amende annulée"),
                            ("withdrawn", "Amende retirée"),
                            ("alerted", "Alerte de prescription"),
                        ],
                        max_length=30,
                        verbose_name="événement",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
                (
                    "sanction",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="journal", to="permis.sanction"),
                ),
            ],
            options={
                "verbose_name": "ligne de journal d’une sanction",
                "verbose_name_plural": "lignes de journal des sanctions",
                "constraints": [
                    models.UniqueConstraint(fields=("sanction", "position"), name="sanction_journal_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)),
                        name="sanction_journal_starts_at_one",
                        violation_error_message="Position invalide.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("awaiting_agreement", "Accord du titulaire attendu"),
                            ("to_check", "Accord à vérifier"),
                            ("effective", "Effectif"),
                            ("refused", "Sans effet"),
                            ("withdrawn", "Abandonné"),
                            ("closed", "Clos, l’autorisation n’étant plus en vigueur"),
                        ],
                        default="awaiting_agreement",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[("sale", "Vente"), ("gift", "Donation"), ("inheritance", "Succession")],
                        max_length=12,
                        verbose_name="nature de la mutation",
                    ),
                ),
                ("deed_on", models.DateField(verbose_name="date de l’acte")),
                ("filed_on", models.DateField(verbose_name="déposée le")),
                (
                    "agreement_sha256",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="empreinte de l’accord"),
                ),
                (
                    "proof_sha256",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="empreinte de la preuve de la succession"
                    ),
                ),
                ("answered_on", models.DateField(null=True, verbose_name="réponse reçue le")),
                ("answered_by", models.CharField(blank=True, max_length=160, verbose_name="réponse de")),
                ("reason", models.TextField(blank=True, verbose_name="raison")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="effective dans le dossier depuis")),
                ("former_agent", models.CharField(blank=True, max_length=200, verbose_name="mandataire du titulaire initial")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="transfers", to="permis.application"
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déposée par",
                    ),
                ),
                (
                    "former_applicant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permits_given_up",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte du titulaire initial",
                    ),
                ),
                (
                    "former_organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permits_given_up",
                        to="accounts.organisation",
                        verbose_name="organisme du titulaire initial",
                    ),
                ),
                (
                    "new_applicant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte du nouveau titulaire",
                    ),
                ),
                (
                    "new_organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisme du nouveau titulaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfert",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("filed_on__gte", models.F("deed_on"))),
                        name="transfer_follows_its_deed",
                        violation_error_message="Le transfert se déclare une fois l’acte signé : la date de l’acte est dans le futur.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "effective"), _negated=True),
                            models.Q(("answered_on__isnull", False), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="effective_transfer_is_agreed",
                        violation_error_message="Un transfert ne prend effet qu’avec l’accord du titulaire initial.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["awaiting_agreement", "to_check"])),
                        fields=("application", "filed_by"),
                        name="one_pending_transfer_a_person",
                        violation_error_message="Vous avez déjà déclaré ce transfert : il attend l’accord du titulaire initial.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferAgent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="nom ou dénomination")),
                ("activity", models.CharField(max_length=120, verbose_name="activité")),
                ("card_number", models.CharField(blank=True, max_length=40, verbose_name="numéro de carte professionnelle")),
                ("card_issued_at", models.CharField(blank=True, max_length=80, verbose_name="lieu de délivrance de la carte")),
                ("address", models.CharField(max_length=250, verbose_name="adresse")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                (
                    "transfer",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="agent", to="permis.transfer"),
                ),
            ],
            options={
                "verbose_name": "mandataire du nouveau propriétaire",
            },
        ),
        migrations.CreateModel(
            name="TransferParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Personne physique"), ("company", "Personne morale"), ("joint", "Indivision")],
                        default="person",
                        max_length=10,
                        verbose_name="le bailleur est",
                    ),
                ),
                (
                    "civility",
                    models.CharField(blank=True, choices=[("mrs", "Mme"), ("mr", "M.")], max_length=5, verbose_name="civilité"),
                ),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="nom")),
                ("company", models.CharField(blank=True, max_length=160, verbose_name="dénomination")),
                ("legal_form", models.CharField(blank=True, max_length=80, verbose_name="forme juridique")),
                (
                    "siret",
                    models.CharField(
                        blank=True, max_length=20, validators=[permis.validators.validate_siret], verbose_name="SIRET"
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        help_text="Gérant, président, indivisaire…",
                        max_length=120,
                        verbose_name="qualité du signataire",
                    ),
                ),
                ("address", models.CharField(max_length=250, verbose_name="adresse")),
                ("postcode", models.CharField(max_length=12, verbose_name="code postal")),
                ("city", models.CharField(max_length=100, verbose_name="ville")),
                ("country", models.CharField(default="France", max_length=60, verbose_name="pays")),
                ("overseas", models.BooleanField(default=False, verbose_name="demeure outre-mer")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                (
                    "accept_email",
                    models.BooleanField(
                        default=False,
                        help_text="J’accepte que la décision me soit notifiée en ligne, sur la page de ma demande, et non par lettre recommandée. Un courriel m’avertira du jour où elle m’attend, sans dire ce qu’elle décide. Le jour où je l’ouvre est celui de sa notification : les délais de recours en partent. Si je ne l’ouvre pas dans les quinze jours, elle est réputée notifiée le jour où elle a été mise à ma disposition. Je peux retirer cet accord à tout moment, pour les envois suivants.",
                        verbose_name="accepte de recevoir les décisions en ligne",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "side",
                    models.CharField(
                        choices=[("former", "Titulaire initial"), ("new", "Nouveau propriétaire")],
                        max_length=6,
                        verbose_name="qualité",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parties", to="permis.transfer"),
                ),
            ],
            options={
                "verbose_name": "partie au transfert",
                "verbose_name_plural": "parties au transfert",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "company"), models.Q(("company", ""), _negated=True)),
                            models.Q(models.Q(("kind", "company"), _negated=True), models.Q(("last_name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="party_is_identified",
                        violation_error_message="Indiquez le nom du propriétaire ou la dénomination de la société.",
                    ),
                    models.UniqueConstraint(fields=("transfer", "side", "position"), name="parties_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visa",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("given_at", models.DateTimeField(auto_now_add=True, verbose_name="visé le")),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="observation")),
                ("fingerprint", models.CharField(editable=False, max_length=64, verbose_name="empreinte du projet")),
                ("void_on", models.DateField(null=True, verbose_name="sans effet depuis le")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="visé par",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="visas", to="permis.decision"),
                ),
            ],
            options={
                "verbose_name": "visa",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("void_on__isnull", True)),
                        fields=("decision", "rank"),
                        name="one_standing_visa_a_rank",
                        violation_error_message="Ce visa est déjà donné.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("void_on__isnull", True)),
                        fields=("decision", "by"),
                        name="one_standing_visa_a_person",
                        violation_error_message="Vous avez déjà visé ce projet.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseIndex",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="permis.application",
                        verbose_name="dossier",
                    ),
                ),
                ("document", django.contrib.postgres.search.SearchVectorField(verbose_name="mots")),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
            ],
            options={
                "verbose_name": "index d’un dossier",
                "verbose_name_plural": "index des dossiers",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["document"], name="case_words"),
                    models.Index(
                        models.F("authority"),
                        django.db.models.expressions.CombinedExpression(models.F("application"), "*", models.Value(-1)),
                        name="case_words_recent",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SEAL, UNSEAL),
        migrations.RunSQL(SEAL_SANCTIONS, UNSEAL_SANCTIONS),
    ]
