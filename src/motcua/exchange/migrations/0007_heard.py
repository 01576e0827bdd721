from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0006_order_refusals_and_decisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='peer',
            name='edition',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='peer',
            name='heard_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='peer',
            name='pace',
            field=models.IntegerField(null=True),
        ),
    ]
