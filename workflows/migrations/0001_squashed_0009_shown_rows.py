"""The process, its open tasks, figures and exports."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

# After each line of a journal: who had opened the case before, and did not write the line, has something new to see.
FOLLOW = """
CREATE FUNCTION workflows_case_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workflows_casevisit SET changed_at = NEW.recorded_at
    WHERE application_id = NEW.application_id AND changed_at IS NULL AND user_id IS DISTINCT FROM NEW.author_id;
    RETURN NULL;
END $$;
CREATE TRIGGER workflows_case_changed AFTER INSERT ON permis_entry
    FOR EACH ROW EXECUTE FUNCTION workflows_case_changed();
"""
UNFOLLOW = "DROP TRIGGER workflows_case_changed ON permis_entry; DROP FUNCTION workflows_case_changed();"
# A small table that every action writes: what an index-only scan needs to know of its pages is kept fresh.
VACUUM = "ALTER TABLE workflows_workitem SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);"
NO_VACUUM = "ALTER TABLE workflows_workitem RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor);"
# A commune belongs to one authority and a zone to one commune: without this the planner takes them for independent, expects a
# few rows of a commune, and looks each one up in the table.
PLACES = """
CREATE STATISTICS workflows_workitem_places (dependencies, ndistinct) ON authority_id, commune_id, zone_id FROM workflows_workitem;
"""
NO_PLACES = "DROP STATISTICS workflows_workitem_places;"
# The journal of exports is append-only: the database itself refuses to change or delete a line.
SEAL = """
CREATE FUNCTION workflows_refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal of exports is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER workflows_export_journal_is_append_only BEFORE UPDATE OR DELETE ON workflows_exportrecord
    FOR EACH ROW EXECUTE FUNCTION workflows_refuse_record_change();
"""
UNSEAL = """
DROP TRIGGER workflows_export_journal_is_append_only ON workflows_exportrecord;
DROP FUNCTION workflows_refuse_record_change();
"""


class Migration(migrations.Migration):
    replaces = [
        ("workflows", "0001_initial"),
        ("workflows", "0002_visits"),
        ("workflows", "0003_law"),
        ("workflows", "0004_figures"),
        ("workflows", "0005_lists"),
        ("workflows", "0006_exports"),
        ("workflows", "0007_public_figures"),
        ("workflows", "0008_action_sheet_changed"),
        ("workflows", "0009_shown_rows"),
    ]

    initial = True

    dependencies = [
        ("permis", "0001_squashed_0016_search"),
        ("territories", "0001_squashed_0002_delegation_announced"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChosenColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="colonnes"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chosen_columns", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "colonnes choisies",
            },
        ),
        migrations.CreateModel(
            name="PermisProcess",
            fields=[
                (
                    "process_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="viewflow.process",
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="process", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "procédure",
            },
            bases=("viewflow.process",),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="premier jour")),
                ("ends_on", models.DateField(verbose_name="dernier jour")),
                ("declared_at", models.DateTimeField(auto_now_add=True, verbose_name="déclarée le")),
                ("begun_on", models.DateField(null=True, verbose_name="tâches confiées le")),
                ("closed_on", models.DateField(null=True, verbose_name="tâches rendues le")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déclarée par",
                    ),
                ),
                (
                    "replacement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="remplacée par",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne absente",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="absence_ends_after_its_start",
                        violation_error_message="Le dernier jour précède le premier.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("replacement")), _negated=True),
                        name="nobody_replaces_themselves",
                        violation_error_message="Choisissez une autre personne que celle qui s’absente.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("closed_on__isnull", True)),
                        expressions=[
                            (
                                models.Func(
                                    "user",
                                    "user",
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    "authority",
                                    "authority",
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    "starts_on",
                                    "ends_on",
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_absence_at_a_time",
                        violation_error_message="Une absence est déjà déclarée sur une partie de ces jours.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                (
                    "axis",
                    models.CharField(
                        blank=True,
                        help_text="Par exemple « Logement et cadre de vie ».",
                        max_length=200,
                        verbose_name="axe de la convention",
                    ),
                ),
                ("action", models.CharField(default="Permis de louer", max_length=200, verbose_name="action")),
                ("pilot", models.CharField(blank=True, max_length=200, verbose_name="pilote")),
                (
                    "partners",
                    models.CharField(
                        blank=True, help_text="CAF, MSA, ADIL, opérateur de visites…", max_length=400, verbose_name="partenaires"
                    ),
                ),
                ("objectives", models.TextField(blank=True, verbose_name="objectifs")),
                ("assessment", models.TextField(blank=True, verbose_name="bilan de l’année")),
                ("outlook", models.TextField(blank=True, verbose_name="perspectives")),
                ("changed_at", models.DateTimeField(auto_now=True, null=True, verbose_name="modifiée le")),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.authority"),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="modifiée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "fiche de suivi",
                "verbose_name_plural": "fiches de suivi",
                "constraints": [models.UniqueConstraint(fields=("authority", "year"), name="one_action_sheet_a_year")],
            },
        ),
        migrations.CreateModel(
            name="AssignmentRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regime",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        help_text="Vide : les deux.",
                        max_length=4,
                        verbose_name="régime",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignment_rules",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vide : toutes.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suivi par",
                    ),
                ),
            ],
            options={
                "verbose_name": "règle d’attribution",
                "verbose_name_plural": "règles d’attribution",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "commune", "regime"),
                        name="one_officer_a_place",
                        nulls_distinct=False,
                        violation_error_message="Une règle existe déjà pour cette commune et ce régime.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseTally",
            fields=[
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="permis.application",
                    ),
                ),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        max_length=4,
                        verbose_name="régime",
                    ),
                ),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None, verbose_name="lignes"
                    ),
                ),
                (
                    "counts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), size=None, verbose_name="nombres"
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.commune"
                    ),
                ),
            ],
            options={
                "verbose_name": "part d’un dossier dans les chiffres",
                "verbose_name_plural": "parts des dossiers dans les chiffres",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["lines"], name="cases_behind_a_figure")],
            },
        ),
        migrations.CreateModel(
            name="CaseVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="ouvert le")),
                ("changed_at", models.DateTimeField(null=True, verbose_name="modifié depuis")),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="permis.application"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier ouvert",
                "verbose_name_plural": "dossiers ouverts",
                "indexes": [
                    models.Index(
                        condition=models.Q(("changed_at__isnull", False)),
                        fields=["user", "application"],
                        name="changed_since_opened",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "application"), name="last_visit_of_a_case")],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("liste", "Liste de travail"), ("dossiers", "Dossiers")], max_length=10, verbose_name="source"
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=2000, verbose_name="filtres")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="filtres, en mots")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="colonnes"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "Classeur (XLSX)"), ("csv", "Texte (CSV)")], max_length=4, verbose_name="format"
                    ),
                ),
                ("day", models.DateField(verbose_name="arrêté au")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "En attente"),
                            ("writing", "En préparation"),
                            ("ready", "Prêt"),
                            ("handed_over", "Téléchargé"),
                            ("failed", "En échec"),
                            ("expired", "Effacé"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="lignes")),
                ("written", models.PositiveIntegerField(default=0, verbose_name="lignes écrites")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                (
                    "authorities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None, verbose_name="collectivités"
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=120, verbose_name="fichier")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="taille en octets")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="problème")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="demandé le")),
                ("ready_at", models.DateTimeField(null=True, verbose_name="prêt le")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="effacé le")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="demandé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "indexes": [models.Index(fields=["user", "-asked_at"], name="exports_of_a_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                models.Q(("key", ""), _negated=True), ("expires_at__isnull", False), ("ready_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="export_ready_has_its_file",
                        violation_error_message="Un export prêt a son fichier, et le jour où il s’efface.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_name", models.CharField(max_length=160, verbose_name="nom")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="le")),
                (
                    "source",
                    models.CharField(
                        choices=[("liste", "Liste de travail"), ("dossiers", "Dossiers")], max_length=10, verbose_name="source"
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="filtres")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None, verbose_name="colonnes"
                    ),
                ),
                ("is_personal", models.BooleanField(verbose_name="données personnelles")),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "Classeur (XLSX)"), ("csv", "Texte (CSV)")], max_length=4, verbose_name="format"
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="lignes")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export_records",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "export de données",
                "verbose_name_plural": "exports de données",
                "indexes": [models.Index(fields=["authority", "-made_at"], name="export_journal")],
            },
        ),
        migrations.CreateModel(
            name="OpenDataset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="dernier jour")),
                ("content", models.TextField(blank=True, verbose_name="lignes, sans en-tête")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte")),
                ("rows", models.PositiveIntegerField(verbose_name="nombre de lignes")),
                ("figures", models.JSONField(blank=True, null=True, verbose_name="chiffres, masqués")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="établi le")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_datasets",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
            ],
            options={
                "verbose_name": "décisions publiées d’un trimestre",
                "verbose_name_plural": "décisions publiées par trimestre",
                "constraints": [models.UniqueConstraint(fields=("authority", "until"), name="open_dataset_of_a_quarter")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="nom de la vue")),
                ("query", models.CharField(editable=False, max_length=500, verbose_name="filtres")),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="territories.authority",
                        verbose_name="partagée avec",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "vue enregistrée",
                "verbose_name_plural": "vues enregistrées",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("authority__isnull", True)),
                        fields=("owner", "name"),
                        name="own_view_named_once",
                        violation_error_message="Vous avez déjà une vue de ce nom.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("authority__isnull", False)),
                        fields=("authority", "name"),
                        name="shared_view_named_once",
                        violation_error_message="Une vue partagée porte déjà ce nom.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
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
                        verbose_name="régime",
                    ),
                ),
                ("measure", models.CharField(max_length=12, verbose_name="mesure")),
                ("day", models.DateField(verbose_name="jour")),
                ("key", models.CharField(max_length=40, verbose_name="valeur")),
                ("n", models.IntegerField(verbose_name="nombre")),
                ("folded", models.BooleanField(default=False, verbose_name="repliée")),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.authority"
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.commune"
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne des chiffres",
                "verbose_name_plural": "lignes des chiffres",
                "indexes": [
                    models.Index(
                        fields=["authority", "commune", "measure", "day"],
                        include=("regime", "key", "n"),
                        name="figures_of_a_commune",
                    ),
                    models.Index(condition=models.Q(("folded", False)), fields=["id"], name="figures_to_fold"),
                    models.Index(condition=models.Q(("folded", True), ("n", 0)), fields=["id"], name="figures_at_zero"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("folded", True)),
                        fields=("authority", "commune", "measure", "day", "regime", "key"),
                        name="one_folded_row_a_line",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("node", models.CharField(max_length=40, verbose_name="tâche")),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        max_length=4,
                        verbose_name="régime",
                    ),
                ),
                (
                    "state",
                    models.CharField(
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
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Mandataire"),
                            ("officer", "Instructeur"),
                            ("inspector", "Agent de visite"),
                            ("operator", "Opérateur de visites"),
                            ("signatory", "Signataire"),
                            ("manager", "Responsable"),
                            ("legal", "Juriste"),
                            ("auditor", "Auditeur"),
                            ("partner", "Partenaire"),
                            ("elected", "Élu"),
                            ("administrator", "Administrateur"),
                        ],
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("D", "Danger"), ("B", "Bloquant"), ("R", "Réserve"), ("O", "Observation")],
                        max_length=1,
                        verbose_name="gravité la plus haute constatée",
                    ),
                ),
                ("legal_date", models.DateField(null=True, verbose_name="échéance légale")),
                (
                    "due_on",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            models.F("legal_date"), models.Value(datetime.date(9999, 12, 31))
                        ),
                        output_field=models.DateField(),
                    ),
                ),
                ("received_on", models.DateField(verbose_name="reçue le")),
                ("number", models.CharField(max_length=24, verbose_name="numéro")),
                ("street", models.CharField(max_length=120, verbose_name="voie, pour le tri")),
                ("lessor", models.CharField(max_length=120, verbose_name="bailleur, pour le tri")),
                ("words", models.TextField(verbose_name="mots de la recherche")),
                ("shown", models.JSONField(verbose_name="ce que la ligne montre du dossier")),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="ouverte le")),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work_items",
                        to="permis.application",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.authority"
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.commune"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="instructeur du dossier",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="work_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suivi par",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="work_item", to="viewflow.task"
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="territories.zone",
                    ),
                ),
            ],
            options={
                "verbose_name": "tâche ouverte",
                "verbose_name_plural": "tâches ouvertes",
                "indexes": [
                    models.Index(
                        fields=["authority", "due_on", "application", "id"],
                        include=(
                            "node",
                            "commune",
                            "zone",
                            "regime",
                            "state",
                            "officer",
                            "owner",
                            "severity",
                            "received_on",
                            "number",
                            "street",
                            "lessor",
                        ),
                        name="worklist",
                    ),
                    models.Index(fields=["authority"], include=("id", "words"), name="worklist_words"),
                    models.Index(fields=["authority", "commune", "zone"], name="worklist_places"),
                ],
                "constraints": [models.UniqueConstraint(fields=("application", "node"), name="one_open_task_a_node")],
            },
        ),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(VACUUM, NO_VACUUM),
        migrations.RunSQL(PLACES, NO_PLACES),
        migrations.RunSQL(SEAL, UNSEAL),
    ]
