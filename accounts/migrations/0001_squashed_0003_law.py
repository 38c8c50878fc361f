"""Accounts, organisations and memberships."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("accounts", "0001_initial"), ("accounts", "0002_visits"), ("accounts", "0003_law")]

    initial = True

    dependencies = [
        ("territories", "0001_squashed_0002_delegation_announced"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "Un compte existe déjà avec cette adresse électronique."},
                        max_length=254,
                        unique=True,
                        verbose_name="adresse électronique",
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(max_length=80, verbose_name="nom")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
                ("is_active", models.BooleanField(default=True, verbose_name="compte actif")),
                ("joined_at", models.DateTimeField(auto_now_add=True, verbose_name="inscrit le")),
            ],
            options={
                "verbose_name": "personne",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="dénomination")),
                (
                    "siren",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[django.core.validators.RegexValidator("^\\d{9}\\Z", "Un numéro SIREN a neuf chiffres.")],
                        verbose_name="SIREN",
                    ),
                ),
                ("activity", models.CharField(default="Administration de biens", max_length=120, verbose_name="activité")),
                ("card_number", models.CharField(blank=True, max_length=40, verbose_name="numéro de carte professionnelle")),
                ("card_issued_at", models.CharField(blank=True, max_length=80, verbose_name="lieu de délivrance de la carte")),
                ("address", models.CharField(max_length=250, verbose_name="adresse")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone")),
            ],
            options={
                "verbose_name": "organisme mandataire",
                "verbose_name_plural": "organismes mandataires",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="accounts.organisation",
                        verbose_name="organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "habilitation",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "role", "authority", "organisation"),
                        name="role_held_once",
                        nulls_distinct=False,
                        violation_error_message="Cette personne tient déjà ce rôle.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authority__isnull", True), ("organisation__isnull", False), ("role", "agent")),
                            models.Q(
                                models.Q(("role", "agent"), _negated=True),
                                ("authority__isnull", False),
                                ("organisation__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="agents_belong_to_organisations_others_to_authorities",
                        violation_error_message="Un mandataire appartient à un organisme, les autres rôles à une collectivité.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignaturePower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "capacity",
                    models.CharField(
                        help_text="Par exemple « Vice-président chargé de l’habitat ».", max_length=120, verbose_name="qualité"
                    ),
                ),
                (
                    "delegation",
                    models.CharField(
                        blank=True,
                        help_text="Vide pour le maire ou le président lui-même.",
                        max_length=120,
                        verbose_name="arrêté de délégation",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="début")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="fin")),
                (
                    "regimes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("APML", "Autorisation préalable de mise en location"),
                                ("DML", "Déclaration de mise en location"),
                            ],
                            max_length=4,
                        ),
                        blank=True,
                        default=list,
                        help_text="Aucun coché : tous.",
                        size=None,
                        verbose_name="régimes",
                    ),
                ),
                (
                    "outcomes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        help_text="Aucune cochée : toutes, et les autres actes.",
                        size=None,
                        verbose_name="décisions",
                    ),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0 : signe en toute circonstance. 1 ou plus : en cas d’absence ou d’empêchement de ceux qui précèdent.",
                        verbose_name="rang",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signature_powers",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "communes",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Aucune cochée : toutes.",
                        related_name="+",
                        to="territories.commune",
                        verbose_name="communes",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signature_powers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signataire",
                    ),
                ),
            ],
            options={
                "verbose_name": "pouvoir de signature",
                "verbose_name_plural": "pouvoirs de signature",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="signature_power_ends_after_its_start",
                        violation_error_message="La fin du pouvoir de signature précède son début.",
                    )
                ],
            },
        ),
    ]
