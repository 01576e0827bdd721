import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('petitions', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('dossiers', '0001_tables'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('question', 'Question about a reading of personal data'), ('complaint', 'Complaint about a dossier')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for the answer'), ('answered', 'Answered')], default='waiting', max_length=10)),
                ('agency', models.CharField(max_length=35)),
                ('origin', models.CharField(max_length=35)),
                ('asker_name', models.CharField(max_length=120)),
                ('asker_number', models.CharField(max_length=12)),
                ('dossier', models.UUIDField(blank=True, null=True)),
                ('about', models.JSONField(blank=True, default=dict)),
                ('text', models.TextField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=120)),
                ('arrived_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'received',
                'indexes': [models.Index(fields=['agency', 'state', 'due_at'], name='petitions_r_agency_9cc14d_idx')],
            },
        ),
        migrations.CreateModel(
            name='Petition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('question', 'Question about a reading of personal data'), ('complaint', 'Complaint about a dossier')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for the answer'), ('answered', 'Answered')], default='waiting', max_length=10)),
                ('agency', models.CharField(max_length=35)),
                ('agency_name', models.CharField(max_length=200)),
                ('about', models.JSONField(blank=True, default=dict)),
                ('text', models.TextField(max_length=4000)),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=120)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='petitions', to=settings.AUTH_USER_MODEL)),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='petitions', to='dossiers.application')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-sent_at'], name='petitions_p_account_bad03c_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'complaint'), _negated=True), ('application__isnull', False), _connector='OR'), name='a_complaint_is_about_a_dossier')],
            },
        ),
    ]
