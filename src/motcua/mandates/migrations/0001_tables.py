import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('mandates', '0001_initial'),
        ('mandates', '0002_every_mandate_ends'),
    ]

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('proxy', 'Mandate of a person'), ('parent', 'Parent or guardian of a child under 18'), ('representative', 'Legal representative of a business'), ('staff', 'Staff of a business')], max_length=15)),
                ('state', models.CharField(choices=[('waiting', 'To be looked at'), ('upheld', 'Confirmed'), ('dismissed', 'Not confirmed')], default='waiting', max_length=10)),
                ('agency', models.CharField(max_length=35)),
                ('origin', models.CharField(max_length=35)),
                ('principal_number', models.CharField(max_length=14)),
                ('principal_name', models.CharField(max_length=200)),
                ('born_on', models.DateField(blank=True, null=True)),
                ('agent_number', models.CharField(max_length=12)),
                ('agent_name', models.CharField(max_length=120)),
                ('paper', models.JSONField()),
                ('reason', models.TextField(blank=True)),
                ('arrived_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'state', 'arrived_at'], name='mandates_cl_agency_eabd2d_idx')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('proxy', 'Mandate of a person'), ('parent', 'Parent or guardian of a child under 18'), ('representative', 'Legal representative of a business'), ('staff', 'Staff of a business')], max_length=15)),
                ('state', models.CharField(choices=[('offered', 'Waiting for the agent'), ('claimed', 'Waiting for the agency'), ('in_force', 'In force'), ('declined', 'Declined'), ('refused', 'Not confirmed'), ('revoked', 'Revoked')], default='offered', max_length=10)),
                ('principal_number', models.CharField(max_length=14)),
                ('principal_name', models.CharField(max_length=200)),
                ('born_on', models.DateField(blank=True, help_text='Of a child.', null=True)),
                ('procedures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, default=list)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list)),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('proof', models.JSONField(blank=True, default=dict)),
                ('paper', models.JSONField(blank=True, default=dict)),
                ('agency', models.CharField(blank=True, max_length=35)),
                ('reason', models.TextField(blank=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_given', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'state'], name='mandates_ma_agent_i_de3d43_idx'), models.Index(fields=['principal_number', 'state'], name='mandates_ma_princip_18d536_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='mandate_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', False)), name='every_mandate_has_a_last_day'), models.UniqueConstraint(condition=models.Q(('kind__in', ['parent', 'representative']), ('state__in', ['claimed', 'in_force'])), fields=('agent', 'principal_number', 'kind'), name='one_representation_at_a_time')],
            },
        ),
    ]
