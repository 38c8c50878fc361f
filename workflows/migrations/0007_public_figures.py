from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0006_exports")]

    operations = [
        migrations.AddField(
            model_name="opendataset",
            name="figures",
            field=models.JSONField(blank=True, null=True, verbose_name="chiffres, masqués"),
        ),
    ]
