import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("workflows", "0007_public_figures"),
    ]

    operations = [
        migrations.AddField(
            model_name="actionsheet",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="modifiée par",
            ),
        ),
        migrations.AddField(
            model_name="actionsheet",
            name="changed_at",
            field=models.DateTimeField(auto_now=True, null=True, verbose_name="modifiée le"),
        ),
    ]
