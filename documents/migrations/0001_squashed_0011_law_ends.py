"""Stored files, scans, pieces and acts; the database itself refuses a clean file that no scan found clean."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION documents_refuse_unscanned_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM documents_scan WHERE file_id = NEW.id AND verdict = 'clean' AND sha256 = NEW.sha256
    ) THEN
        RAISE EXCEPTION 'A file is clean only by a scan of these very bytes.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_clean_means_scanned BEFORE INSERT OR UPDATE OF state, sha256 ON documents_storedfile
    FOR EACH ROW WHEN (NEW.state = 'clean') EXECUTE FUNCTION documents_refuse_unscanned_file();

CREATE FUNCTION documents_refuse_scan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What an engine said does not change.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER documents_scan_never_changes BEFORE UPDATE ON documents_scan
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_scan_change();
"""
UNGUARD = """
DROP TRIGGER documents_clean_means_scanned ON documents_storedfile;
DROP FUNCTION documents_refuse_unscanned_file();
DROP TRIGGER documents_scan_never_changes ON documents_scan;
DROP FUNCTION documents_refuse_scan_change();
"""


class Migration(migrations.Migration):
    replaces = [
        ("documents", "0001_initial"),
        ("documents", "0002_examined_files"),
        ("documents", "0003_clean_means_scanned"),
        ("documents", "0004_facts_read"),
        ("documents", "0005_free_documents"),
        ("documents", "0006_reconciliation"),
        ("documents", "0007_visits"),
        ("documents", "0008_law"),
        ("documents", "0009_law"),
        ("documents", "0010_titles_data"),
        ("documents", "0011_law_ends"),
    ]

    initial = True

    dependencies = [
        ("permis", "0001_squashed_0016_search"),
        ("territories", "0001_squashed_0002_delegation_announced"),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateLookUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=13, verbose_name="numéro du DPE")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("found", "Publié"), ("absent", "Absent du registre"), ("unavailable", "Registre indisponible")],
                        max_length=12,
                        verbose_name="réponse",
                    ),
                ),
                ("answer", models.JSONField(default=dict, verbose_name="DPE publié")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="empreinte de la réponse")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="demandée le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="look_ups", to="permis.application"
                    ),
                ),
            ],
            options={
                "verbose_name": "interrogation de l’ADEME",
                "verbose_name_plural": "interrogations de l’ADEME",
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="commencé le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="terminé le")),
                ("objects_seen", models.PositiveIntegerField(default=0, verbose_name="objets vus")),
                ("rows_seen", models.PositiveIntegerField(default=0, verbose_name="fichiers et actes attendus")),
                ("hashed", models.PositiveIntegerField(default=0, verbose_name="contenus relus")),
                ("counts", models.JSONField(default=dict, verbose_name="écarts par sorte")),
                ("discrepancies", models.JSONField(default=list, verbose_name="premiers écarts")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="interrompu par")),
            ],
            options={
                "verbose_name": "rapprochement du stockage",
                "verbose_name_plural": "rapprochements du stockage",
                "indexes": [models.Index(fields=["-started_at"], name="reconciliation_latest")],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("deposited", "Document du dossier"),
                            ("visit", "Document de visite"),
                            ("opinion", "Pièce d’un avis"),
                            ("exchange", "Pièce jointe d’un message"),
                            ("litigation", "Document de contentieux"),
                            ("service", "Document réservé au service"),
                        ],
                        default="deposited",
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="empreinte")),
                ("quarantine", models.CharField(blank=True, max_length=120, verbose_name="en quarantaine sous")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaited", "Envoi commencé"),
                            ("pending", "Vérification en cours"),
                            ("clean", "Vérifié"),
                            ("infected", "Dangereux"),
                            ("unreadable", "Illisible"),
                            ("error", "Vérification à refaire"),
                        ],
                        default="pending",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="problème")),
                ("page_count", models.PositiveIntegerField(null=True, verbose_name="pages")),
                ("pictures", models.PositiveSmallIntegerField(default=0, verbose_name="pages en image")),
                ("active", models.JSONField(default=list, verbose_name="contenus actifs")),
                ("facts", models.JSONField(default=dict, verbose_name="lu sur le document")),
                ("name", models.CharField(max_length=200, verbose_name="nom du fichier")),
                ("content_type", models.CharField(max_length=60, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="taille en octets")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="déposé le")),
                ("announced", models.JSONField(default=dict, verbose_name="annoncé comme")),
                ("locked_until", models.DateTimeField(null=True, verbose_name="verrouillé jusqu’au")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="permis.application",
                    ),
                ),
                (
                    "sanction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="permis.sanction",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déposé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier",
                "indexes": [
                    models.Index(fields=["sha256"], name="file_by_hash"),
                    models.Index(condition=models.Q(("state__in", ["pending", "error"])), fields=["id"], name="file_to_examine"),
                    models.Index(
                        condition=models.Q(("quarantine", ""), _negated=True), fields=["quarantine"], name="file_in_quarantine"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", False), ("sanction__isnull", True)),
                            models.Q(("application__isnull", True), ("sanction__isnull", False)),
                            _connector="OR",
                        ),
                        name="file_of_a_case_or_a_sanction",
                        violation_error_message="Un document appartient à un dossier ou à une sanction.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("engine", models.CharField(max_length=80, verbose_name="moteur")),
                ("signatures", models.CharField(blank=True, max_length=80, verbose_name="signatures")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("awaited", "Envoi commencé"),
                            ("pending", "Vérification en cours"),
                            ("clean", "Vérifié"),
                            ("infected", "Dangereux"),
                            ("unreadable", "Illisible"),
                            ("error", "Vérification à refaire"),
                        ],
                        max_length=12,
                        verbose_name="verdict",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="détail")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="le")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scans", to="documents.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "analyse",
                "verbose_name_plural": "analyses",
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                        verbose_name="pièce",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="nom du document")),
                ("established_on", models.DateField(blank=True, null=True, verbose_name="établie le")),
                ("first_page", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="de la page")),
                ("last_page", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="à la page")),
                ("lead_found", models.BooleanField(blank=True, null=True, verbose_name="présence de plomb")),
                ("received_on", models.DateField(verbose_name="reçue le")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("pending", "À vérifier"), ("accepted", "Acceptée"), ("refused", "Refusée")],
                        default="pending",
                        max_length=10,
                        verbose_name="avis du service",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="raison du refus")),
                ("replaced_on", models.DateField(null=True, verbose_name="remplacée le")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="permis.application"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="vérifiée par",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="documents.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_piece_says_why",
                        violation_error_message="Dites au bailleur pourquoi la pièce est refusée.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_page__isnull", True),
                            ("first_page__isnull", True),
                            ("last_page__gte", models.F("first_page")),
                            _connector="OR",
                        ),
                        name="pages_follow_each_other",
                        violation_error_message="La dernière page précède la première.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "other"), models.Q(("title", ""), _negated=True)),
                            models.Q(models.Q(("kind", "other"), _negated=True), ("title", "")),
                            _connector="OR",
                        ),
                        name="free_documents_alone_are_named",
                        violation_error_message="Donnez un nom à ce document.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Blurring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("has_people", models.BooleanField(verbose_name="une personne est visible")),
                ("regions", models.JSONField(default=list, verbose_name="zones floutées")),
                ("made_at", models.DateTimeField(auto_now=True, verbose_name="le")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blurring",
                        to="documents.storedfile",
                        verbose_name="photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "floutage",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("has_people", False), models.Q(("regions", []), _negated=True), _connector="OR"),
                        name="people_are_blurred",
                        violation_error_message="Dites où une personne est visible : une zone au moins est floutée.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "exchange",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="permis.exchange"
                    ),
                ),
                (
                    "opinion",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="permis.opinion"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="documents.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce jointe",
                "verbose_name_plural": "pièces jointes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("exchange__isnull", False), ("opinion__isnull", True)),
                            models.Q(("exchange__isnull", True), ("opinion__isnull", False)),
                            _connector="OR",
                        ),
                        name="attached_to_one_thing",
                        violation_error_message="Une pièce jointe l’est à un message ou à un avis.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("registration", "Accusé d’enregistrement"),
                            ("receipt", "Accusé de réception valant récépissé"),
                            ("receipt_after_completion", "Accusé de réception du dossier complété"),
                            ("missing_pieces", "Demande de pièces"),
                            ("decision_granted", "Autorisation préalable de mise en location"),
                            ("decision_conditional", "Autorisation assortie de conditions"),
                            ("decision_refused", "Refus d’autorisation"),
                            ("lifting", "Levée des conditions"),
                            ("closure", "Classement sans suite"),
                            ("tacit_attestation", "Attestation d’autorisation tacite"),
                            ("out_of_scope_letter", "Réponse « hors champ »"),
                            ("withdrawal_ack", "Accusé de retrait de la demande"),
                            ("revocation", "Retrait de l’autorisation"),
                            ("visit_report", "Rapport de visite"),
                            ("police_note", "Note de saisine du pouvoir de police"),
                            ("convocation", "Convocation à une visite"),
                            ("occupant_convocation", "Convocation de l’occupant"),
                            ("hearing", "Lettre contradictoire"),
                            ("hearing_revocation", "Lettre contradictoire avant retrait"),
                            ("repeal", "Abrogation de l’autorisation"),
                            ("appeal_receipt", "Accusé de réception d’un recours"),
                            ("appeal_rejection", "Rejet d’un recours gracieux"),
                            ("appeal_acceptance", "Recours gracieux accueilli"),
                            ("sanction_letter", "Lettre d’observations avant amende"),
                            ("sanction_closure", "Classement de la procédure de sanction"),
                            ("fine", "Arrêté prononçant une amende"),
                            ("fine_title", "Données du titre de recette"),
                            ("fine_withdrawal", "Retrait de l’amende"),
                            ("declaration_receipt", "Récépissé de déclaration"),
                            ("tenant_copy", "Récépissé, exemplaire à remettre au locataire"),
                            ("declaration_incomplete", "Accusé de réception d’une déclaration incomplète"),
                            ("declaration_expired", "Déclaration non complétée"),
                            ("transfer_receipt", "Récépissé de transfert"),
                            ("works_commitment", "Engagement écrit de travaux"),
                        ],
                        max_length=24,
                        verbose_name="acte",
                    ),
                ),
                ("content", models.JSONField(default=dict, verbose_name="contenu")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="empreinte du contenu")),
                ("preview_sha256", models.CharField(blank=True, max_length=64, verbose_name="empreinte de l’aperçu")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="empreinte de l’acte")),
                ("sealed_at", models.DateTimeField(null=True, verbose_name="scellé le")),
                ("issued_on", models.DateField(null=True, verbose_name="pris le")),
                ("void_on", models.DateField(null=True, verbose_name="sans effet depuis le")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("locked_until", models.DateTimeField(null=True, verbose_name="verrouillé jusqu’au")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="permis.application",
                    ),
                ),
                (
                    "sanction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="permis.sanction",
                    ),
                ),
            ],
            options={
                "verbose_name": "acte",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", False), ("sanction__isnull", True)),
                            models.Q(("application__isnull", True), ("sanction__isnull", False)),
                            _connector="OR",
                        ),
                        name="act_of_a_case_or_a_sanction",
                        violation_error_message="Un document appartient à un dossier ou à une sanction.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sha256", ""), _negated=True),
                        fields=("sha256", "application"),
                        name="act_stored_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sha256", ""), _negated=True),
                        fields=("sha256", "sanction"),
                        name="sanction_act_stored_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("registration", "Accusé d’enregistrement"),
                            ("receipt", "Accusé de réception valant récépissé"),
                            ("receipt_after_completion", "Accusé de réception du dossier complété"),
                            ("missing_pieces", "Demande de pièces"),
                            ("decision_granted", "Autorisation préalable de mise en location"),
                            ("decision_conditional", "Autorisation assortie de conditions"),
                            ("decision_refused", "Refus d’autorisation"),
                            ("lifting", "Levée des conditions"),
                            ("closure", "Classement sans suite"),
                            ("tacit_attestation", "Attestation d’autorisation tacite"),
                            ("out_of_scope_letter", "Réponse « hors champ »"),
                            ("withdrawal_ack", "Accusé de retrait de la demande"),
                            ("revocation", "Retrait de l’autorisation"),
                            ("visit_report", "Rapport de visite"),
                            ("police_note", "Note de saisine du pouvoir de police"),
                            ("convocation", "Convocation à une visite"),
                            ("occupant_convocation", "Convocation de l’occupant"),
                            ("hearing", "Lettre contradictoire"),
                            ("hearing_revocation", "Lettre contradictoire avant retrait"),
                            ("repeal", "Abrogation de l’autorisation"),
                            ("appeal_receipt", "Accusé de réception d’un recours"),
                            ("appeal_rejection", "Rejet d’un recours gracieux"),
                            ("appeal_acceptance", "Recours gracieux accueilli"),
                            ("sanction_letter", "Lettre d’observations avant amende"),
                            ("sanction_closure", "Classement de la procédure de sanction"),
                            ("fine", "Arrêté prononçant une amende"),
                            ("fine_title", "Données du titre de recette"),
                            ("fine_withdrawal", "Retrait de l’amende"),
                            ("declaration_receipt", "Récépissé de déclaration"),
                            ("tenant_copy", "Récépissé, exemplaire à remettre au locataire"),
                            ("declaration_incomplete", "Accusé de réception d’une déclaration incomplète"),
                            ("declaration_expired", "Déclaration non complétée"),
                            ("transfer_receipt", "Récépissé de transfert"),
                            ("works_commitment", "Engagement écrit de travaux"),
                        ],
                        max_length=30,
                        verbose_name="acte",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("changes", models.JSONField(verbose_name="modifications")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="enregistrée le")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="act_templates",
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
                        verbose_name="auteur",
                    ),
                ),
            ],
            options={
                "verbose_name": "modèle d’acte",
                "verbose_name_plural": "modèles d’actes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "kind", "number"),
                        name="template_version_once",
                        violation_error_message="Une autre version vient d’être enregistrée. Relisez-la avant de continuer.",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
