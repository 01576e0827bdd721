import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('sharing', '0001_initial'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('service', models.CharField(max_length=80)),
                ('sender', models.CharField(max_length=35)),
                ('to', models.CharField(max_length=35)),
                ('purpose', models.CharField(max_length=200)),
                ('dossier', models.CharField(blank=True, max_length=80)),
                ('correlation', models.CharField(max_length=120, unique=True)),
                ('params', models.JSONField()),
                ('message', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('asked', 'Waiting for the answer'), ('answered', 'Answered'), ('refused', 'Refused')], default='asked', max_length=10)),
                ('answer', models.JSONField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Errand',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('service', models.CharField(max_length=80)),
                ('asker', models.CharField(max_length=35)),
                ('agency', models.CharField(max_length=35)),
                ('purpose', models.CharField(max_length=200)),
                ('dossier', models.CharField(blank=True, max_length=80)),
                ('params', models.JSONField()),
                ('state', models.CharField(choices=[('taken', 'Taken'), ('waiting', 'Waiting for another agency'), ('answered', 'Answered'), ('refused', 'Refused')], default='taken', max_length=10)),
                ('then', models.CharField(blank=True, max_length=80)),
                ('answer', models.JSONField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('onward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sharing.request')),
            ],
        ),
    ]
