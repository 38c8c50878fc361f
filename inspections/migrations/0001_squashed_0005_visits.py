"""Visits, their grids, entries and reports; what was entered is append-only."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

SEAL = """
CREATE FUNCTION inspections_refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was entered during a visit is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER inspections_entries_are_append_only BEFORE UPDATE OR DELETE ON inspections_entry
    FOR EACH ROW EXECUTE FUNCTION inspections_refuse_entry_change();
"""
UNSEAL = """
DROP TRIGGER inspections_entries_are_append_only ON inspections_entry;
DROP FUNCTION inspections_refuse_entry_change();
"""


class Migration(migrations.Migration):
    replaces = [
        ("inspections", "0001_initial"),
        ("inspections", "0002_grid_items"),
        ("inspections", "0003_entries_and_editions"),
        ("inspections", "0004_late_and_sealed_entries"),
        ("inspections", "0005_visits"),
    ]

    initial = True

    dependencies = [
        ("documents", "0001_squashed_0011_law_ends"),
        ("permis", "0001_squashed_0016_search"),
        ("territories", "0001_squashed_0002_delegation_announced"),
    ]

    operations = [
        migrations.CreateModel(
            name="GridSnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("content", models.JSONField(verbose_name="contenu")),
                ("kept_at", models.DateTimeField(auto_now_add=True, verbose_name="gardée depuis")),
            ],
            options={
                "verbose_name": "grille utilisée",
                "verbose_name_plural": "grilles utilisées",
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False, verbose_name="identifiant")),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="appareil")),
                ("first_seen_at", models.DateTimeField(auto_now_add=True, verbose_name="vu la première fois")),
                ("last_seen_at", models.DateTimeField(verbose_name="vu la dernière fois")),
                ("skew_seconds", models.IntegerField(default=0, verbose_name="avance de son horloge en secondes")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="révoqué le")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "téléphone",
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="organisme")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operators",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        blank=True, related_name="operators", to=settings.AUTH_USER_MODEL, verbose_name="personnes"
                    ),
                ),
            ],
            options={
                "verbose_name": "opérateur de visites",
                "verbose_name_plural": "opérateurs de visites",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "name"),
                        name="operator_once",
                        violation_error_message="Cet organisme est déjà enregistré.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        help_text="Par exemple « marché n° 2026-12, lot 1 ».", max_length=120, verbose_name="référence"
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signé le")),
                ("starts_on", models.DateField(verbose_name="début")),
                ("ends_on", models.DateField(help_text="Dernier jour du mandat.", verbose_name="fin")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mandates",
                        to="inspections.operator",
                        verbose_name="opérateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandat",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="mandate_ends_after_its_start",
                        violation_error_message="La fin du mandat précède son début.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False, verbose_name="identifiant")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte annoncée")),
                ("size", models.PositiveIntegerField(verbose_name="taille en octets")),
                ("taken_at", models.DateTimeField(verbose_name="prise à, selon le téléphone")),
                (
                    "file",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo",
                        to="documents.storedfile",
                        verbose_name="fichier",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
            },
        ),
        migrations.CreateModel(
            name="PhotoChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offset", models.PositiveIntegerField(verbose_name="à partir de l’octet")),
                ("content", models.BinaryField(verbose_name="octets")),
                (
                    "photo",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="inspections.photo"),
                ),
            ],
            options={
                "verbose_name": "morceau de photo",
                "verbose_name_plural": "morceaux de photo",
                "constraints": [models.UniqueConstraint(fields=("photo", "offset"), name="chunk_once")],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("first", "Première visite"), ("counter", "Contre-visite")],
                        default="first",
                        max_length=10,
                        verbose_name="objet",
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("planned", "Planifiée"),
                            ("done", "Faite"),
                            ("no_show", "Personne au rendez-vous"),
                            ("access_refused", "Accès refusé"),
                            ("cancelled", "Annulée"),
                        ],
                        default="planned",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="début")),
                ("ends_at", models.DateTimeField(verbose_name="fin")),
                (
                    "instructions",
                    models.TextField(blank=True, help_text="Imprimées sur la convocation.", verbose_name="consignes"),
                ),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="accord du bailleur le")),
                ("convoked_on", models.DateField(blank=True, null=True, verbose_name="convocation du")),
                ("reminded_on", models.DateField(blank=True, null=True, verbose_name="rappel du")),
                ("sequence", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="rang du rendez-vous")),
                ("occupied", models.BooleanField(blank=True, null=True, verbose_name="logement occupé")),
                ("occupant_name", models.CharField(blank=True, max_length=160, verbose_name="nom de l’occupant")),
                ("occupant_email", models.EmailField(blank=True, max_length=254, verbose_name="courriel de l’occupant")),
                ("occupant_phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone de l’occupant")),
                (
                    "answered_by",
                    models.CharField(
                        blank=True,
                        choices=[("landlord", "Bailleur"), ("occupant", "Occupant")],
                        max_length=10,
                        verbose_name="dernière réponse de",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="dernière réponse")),
                ("answers", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="réponses reçues")),
                ("judge_asked_on", models.DateField(blank=True, null=True, verbose_name="autorisation du juge demandée le")),
                ("judge_granted_on", models.DateField(blank=True, null=True, verbose_name="autorisation du juge obtenue le")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="commencée à")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="terminée à")),
                (
                    "people_present",
                    models.CharField(blank=True, max_length=250, verbose_name="personnes présentes et leur qualité"),
                ),
                ("consent", models.BooleanField(null=True, verbose_name="accord de l’occupant pour la visite")),
                ("rooms_not_visited", models.CharField(blank=True, max_length=250, verbose_name="pièces non visitées")),
                (
                    "conclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("favourable", "Favorable"),
                            ("reserves", "Favorable avec réserves"),
                            ("unfavourable", "Défavorable"),
                        ],
                        max_length=14,
                        verbose_name="conclusion",
                    ),
                ),
                ("report", models.TextField(blank=True, verbose_name="observations")),
                ("reported_on", models.DateField(null=True, verbose_name="rapport du")),
                ("grid_version", models.CharField(blank=True, max_length=20, verbose_name="version de la grille")),
                (
                    "scope_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="points à regarder",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="permis.application",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.gridsnapshot",
                        verbose_name="grille",
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agent de visite",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.mandate",
                        verbose_name="mandat",
                    ),
                ),
                (
                    "works",
                    models.ManyToManyField(
                        blank=True, related_name="counter_visits", to="permis.prescribedwork", verbose_name="travaux à revoir"
                    ),
                ),
            ],
            options={
                "verbose_name": "visite",
                "indexes": [models.Index(fields=["inspector", "starts_at"], name="visit_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="visit_ends_after_its_start",
                        violation_error_message="La fin de la visite précède son début.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(models.Q(("conclusion", ""), _negated=True), ("reported_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="visit_done_concludes",
                        violation_error_message="Un rapport de visite a toujours une conclusion.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judge_granted_on__isnull", True),
                            ("judge_granted_on__gte", models.F("judge_asked_on")),
                            _connector="OR",
                        ),
                        name="judge_grants_what_was_asked",
                        violation_error_message="L’autorisation du juge suit sa demande.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "planned")),
                        expressions=[
                            (
                                models.Func(
                                    "inspector",
                                    "inspector",
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    "starts_at",
                                    "ends_at",
                                    function="tstzrange",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_visit_at_a_time",
                        violation_error_message="Cette personne a déjà une visite à cette heure.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="raison de la correction")),
                (
                    "conclusion",
                    models.CharField(
                        choices=[
                            ("favourable", "Favorable"),
                            ("reserves", "Favorable avec réserves"),
                            ("unfavourable", "Défavorable"),
                        ],
                        max_length=14,
                        verbose_name="conclusion",
                    ),
                ),
                ("mandate", models.CharField(blank=True, max_length=160, verbose_name="qualité ou mandat de l’agent de visite")),
                (
                    "signature",
                    models.CharField(
                        choices=[
                            ("drawn", "A signé sur le téléphone"),
                            ("paper", "A signé sur papier"),
                            ("refused", "A refusé de signer"),
                            ("not_asked", "Signature non recueillie"),
                        ],
                        max_length=12,
                        verbose_name="signature de la personne présente",
                    ),
                ),
                (
                    "others_conform",
                    models.BooleanField(
                        default=False, verbose_name="tous les autres points de la grille ont été examinés : rien à signaler"
                    ),
                ),
                ("established_on", models.DateField(verbose_name="établi le")),
                ("established_at", models.DateTimeField(auto_now_add=True, verbose_name="établi à")),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="documents.act",
                        verbose_name="acte",
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
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="inspections.visit",
                        verbose_name="visite",
                    ),
                ),
            ],
            options={
                "verbose_name": "rapport de visite",
                "verbose_name_plural": "rapports de visite",
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "number"), name="reports_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1), models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)), _connector="OR"
                        ),
                        name="correction_says_why",
                        violation_error_message="Un rapport corrigé dit toujours pourquoi.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="photo",
            name="visit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="inspections.visit", verbose_name="visite"
            ),
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="point de contrôle")),
                ("place", models.CharField(max_length=120, verbose_name="lieu")),
                ("description", models.TextField(verbose_name="constat")),
                (
                    "severity",
                    models.CharField(
                        choices=[("D", "Danger"), ("B", "Bloquant"), ("R", "Réserve"), ("O", "Observation")],
                        max_length=1,
                        verbose_name="gravité",
                    ),
                ),
                (
                    "severity_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="raison d’une autre gravité que celle de la grille"
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=160, verbose_name="fondement")),
                ("work", models.TextField(blank=True, verbose_name="travaux proposés")),
                ("quick", models.BooleanField(default=False, verbose_name="travaux rapides, possibles avant la location")),
                ("room", models.UUIDField(null=True, verbose_name="pièce, selon la saisie")),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="inspections.visit"
                    ),
                ),
            ],
            options={
                "verbose_name": "constat",
                "constraints": [models.UniqueConstraint(fields=("visit", "position"), name="findings_in_order")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False, verbose_name="identifiant")),
                ("sequence", models.PositiveIntegerField(verbose_name="rang sur le téléphone")),
                ("number", models.PositiveIntegerField(verbose_name="rang")),
                ("base", models.PositiveIntegerField(default=0, verbose_name="dernier rang connu")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("start", "Début de la visite"),
                            ("room", "Pièce"),
                            ("answer", "Point de contrôle"),
                            ("measure", "Mesure"),
                            ("photo", "Photo"),
                            ("photo_removed", "Photo ôtée"),
                            ("people", "Personnes présentes"),
                            ("conclusion", "Conclusion"),
                            ("signature", "Signature"),
                            ("outcome", "Visite impossible"),
                            ("finish", "Fin de la visite"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("key", models.CharField(max_length=100, verbose_name="objet")),
                ("payload", models.JSONField(verbose_name="saisie")),
                ("made_at", models.DateTimeField(verbose_name="saisie à, selon le téléphone")),
                ("skew_seconds", models.IntegerField(default=0, verbose_name="avance de l’horloge en secondes")),
                ("received_at", models.DateTimeField(auto_now_add=True, verbose_name="reçue à")),
                ("is_late", models.BooleanField(default=False, verbose_name="arrivée après le compte rendu")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="auteur",
                    ),
                ),
                (
                    "conflicts_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contradicted_by",
                        to="inspections.entry",
                        verbose_name="contredit",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="inspections.device",
                        verbose_name="téléphone",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="inspections.visit",
                        verbose_name="visite",
                    ),
                ),
            ],
            options={
                "verbose_name": "saisie",
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "number"), name="entries_in_order"),
                    models.UniqueConstraint(fields=("visit", "device", "sequence"), name="entries_in_order_of_a_device"),
                    models.CheckConstraint(
                        condition=models.Q(("base__lt", models.F("number"))),
                        name="entry_knows_only_what_precedes",
                        violation_error_message="Une saisie ne peut pas connaître celles qui la suivent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitRoutine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opens", models.TimeField(default=datetime.time(9, 0), verbose_name="première visite à partir de")),
                ("closes", models.TimeField(default=datetime.time(17, 30), verbose_name="dernière visite finie à")),
                (
                    "visit_minutes",
                    models.PositiveSmallIntegerField(
                        default=45,
                        validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(240)],
                        verbose_name="durée d’une visite, en minutes",
                    ),
                ),
                (
                    "travel_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[django.core.validators.MaxValueValidator(180)],
                        verbose_name="trajet entre deux visites, en minutes",
                    ),
                ),
                (
                    "margin_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Les rendez-vous proposés laissent au moins ces jours avant l’échéance.",
                        validators=[django.core.validators.MaxValueValidator(20)],
                        verbose_name="jours gardés pour décider",
                    ),
                ),
                ("saturdays", models.BooleanField(default=False, verbose_name="proposer aussi le samedi")),
                (
                    "authority",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visit_routine",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
            ],
            options={
                "verbose_name": "horaires de visite",
                "verbose_name_plural": "horaires de visite",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes__gt", models.F("opens")),
                            ("closes__lte", datetime.time(21, 0)),
                            ("opens__gte", datetime.time(6, 0)),
                        ),
                        name="visit_routine_within_the_law",
                        violation_error_message="Les visites se font entre 6 h et 21 h (CCH L. 635-3), et finissent après leur début.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="jour")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="inscrite le")),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "Téléphone"), ("mail", "Courriel"), ("letter", "Lettre"), ("on_spot", "Sur place")],
                        max_length=10,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "person",
                    models.CharField(help_text="Par exemple : Mme Duprat, bailleresse.", max_length=160, verbose_name="personne"),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("joined", "Personne jointe"),
                            ("no_answer", "Pas de réponse"),
                            ("wrong_number", "Mauvais numéro ou mauvaise adresse"),
                            ("refuses", "Refuse la visite"),
                            ("agrees", "D’accord pour la visite"),
                        ],
                        max_length=14,
                        verbose_name="résultat",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_attempts",
                        to="permis.application",
                        verbose_name="dossier",
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
                "verbose_name": "essai de contact",
                "verbose_name_plural": "essais de contact",
                "indexes": [models.Index(fields=["application", "-made_at"], name="contact_latest")],
            },
        ),
        migrations.CreateModel(
            name="GridEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="numéro")),
                ("added", models.JSONField(default=list, verbose_name="points ajoutés")),
                ("switched_off", models.JSONField(default=list, verbose_name="points facultatifs désactivés")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grid_editions",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "édition de la grille",
                "verbose_name_plural": "éditions de la grille",
                "constraints": [models.UniqueConstraint(fields=("authority", "number"), name="grid_editions_in_order")],
            },
        ),
        migrations.RunSQL(SEAL, UNSEAL),
    ]
