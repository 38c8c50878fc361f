import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_law"),
        ("permis", "0013_law_ends"),
        ("territories", "0002_delegation_announced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="tell_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="told_alarm",
            field=models.CharField(
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
        migrations.AddField(
            model_name="application",
            name="told_of",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="prescribedwork",
            name="tell_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="prescribedwork",
            name="told_alarm",
            field=models.CharField(
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
        migrations.AddField(
            model_name="prescribedwork",
            name="told_of",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="sanction",
            name="tell_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="sanction",
            name="told_alarm",
            field=models.CharField(
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
        migrations.AddField(
            model_name="sanction",
            name="told_of",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(condition=models.Q(("state", "pending")), fields=["implicit_rejection_on"], name="appeal_silence"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("held_until__isnull", False), ("state", "decision_signed")),
                fields=["held_until"],
                name="application_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("regime", "DML"), ("state", "incomplete")),
                fields=["respond_by"],
                name="application_uncompleted",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                models.Case(
                    models.When(
                        models.Q(
                            ("state__in", ["submitted", "under_review", "awaiting_decision", "decision_signed"]),
                            ("tacit_on__isnull", False),
                        ),
                        then=models.Case(
                            models.When(
                                models.Q(("told_alarm", "deadline"), ("told_of", models.F("tacit_on"))), then=models.F("tell_on")
                            ),
                            default=models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(models.F("tacit_on"), "+", models.Value(-10)),
                                output_field=models.DateField(),
                            ),
                            output_field=models.DateField(),
                        ),
                    ),
                    models.When(
                        models.Q(("state__in", ["granted", "granted_conditional", "granted_tacit"])),
                        then=models.Case(
                            models.When(
                                models.Q(("told_alarm", "lapse"), ("told_of", models.F("valid_until"))), then=models.F("tell_on")
                            ),
                            default=models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(models.F("valid_until"), "+", models.Value(-90)),
                                output_field=models.DateField(),
                            ),
                            output_field=models.DateField(),
                        ),
                    ),
                    models.When(
                        models.Q(("state", "incomplete"), ("respond_by__isnull", False)),
                        then=models.Case(
                            models.When(
                                models.Q(("told_alarm", "answer"), ("told_of", models.F("respond_by"))), then=models.F("tell_on")
                            ),
                            default=models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(models.F("respond_by"), "+", models.Value(1)),
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
                                django.db.models.expressions.CombinedExpression(models.F("receipt_due_on"), "+", models.Value(1)),
                                output_field=models.DateField(),
                            ),
                            output_field=models.DateField(),
                        ),
                    ),
                    output_field=models.DateField(),
                ),
                name="application_tell_on",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["submitted", "under_review", "awaiting_decision", "decision_signed", "incomplete"])
                ),
                fields=["commune", "authority", "regime"],
                name="application_open",
            ),
        ),
        migrations.AddIndex(
            model_name="opinion",
            index=models.Index(
                condition=models.Q(("answered_on__isnull", True), ("reminded_on__isnull", True)),
                fields=["due_on"],
                name="opinion_to_remind",
            ),
        ),
        migrations.AddIndex(
            model_name="prescribedwork",
            index=models.Index(
                models.Case(
                    models.When(
                        models.Q(("state", "met"), _negated=True),
                        then=models.Case(
                            models.When(
                                models.Q(("told_alarm", "works"), ("told_of", models.F("due_on"))), then=models.F("tell_on")
                            ),
                            default=models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(models.F("due_on"), "+", models.Value(-30)),
                                output_field=models.DateField(),
                            ),
                            output_field=models.DateField(),
                        ),
                    ),
                    output_field=models.DateField(),
                ),
                name="works_tell_on",
            ),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(
                condition=models.Q(("state", "observations_open")), fields=["observations_until"], name="sanction_observed"
            ),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(
                models.Case(
                    models.When(
                        models.Q(("state__in", ["constat", "observations_open", "regularised", "to_decide"])),
                        then=models.Case(
                            models.When(
                                models.Q(("told_alarm", "bar"), ("told_of", models.F("barred_after"))), then=models.F("tell_on")
                            ),
                            default=models.ExpressionWrapper(
                                django.db.models.expressions.CombinedExpression(models.F("barred_after"), "+", models.Value(-90)),
                                output_field=models.DateField(),
                            ),
                            output_field=models.DateField(),
                        ),
                    ),
                    output_field=models.DateField(),
                ),
                name="sanction_tell_on",
            ),
        ),
    ]
