import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('enrolments', '0001_people_shown_at_counters'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=35)),
                ('number', models.CharField(max_length=12)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('gives_password', models.BooleanField(default=False)),
                ('officer', models.CharField(max_length=120)),
                ('shown_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('sent', 'On its way'), ('done', 'Done'), ('refused', 'Refused')], default='sent', max_length=10)),
                ('reason', models.TextField(blank=True, max_length=500)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', '-shown_at', '-id'], name='enrolments_at_a_counter')],
            },
        ),
    ]
