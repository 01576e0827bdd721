import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('business', '0001_initial'),
        ('business', '0002_pauses_and_cooperatives'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=14, unique=True)),
                ('kind', models.CharField(choices=[('enterprise', 'enterprise'), ('household', 'household business'), ('cooperative', 'co-operative')], max_length=12)),
                ('occasion', models.CharField(max_length=120, unique=True)),
                ('registered_at', models.CharField(help_text='The agency that registered it.', max_length=35)),
                ('registered_on', models.DateField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code__regex', '^[0-9]{12}$'), ('kind', 'household')), models.Q(('code__regex', '^[0-9]{10}(-[0-9]{3})?$'), ('kind__in', ['enterprise', 'cooperative'])), _connector='OR'), name='an_enterprise_code_has_the_form_of_its_kind')],
            },
        ),
        migrations.CreateModel(
            name='EnterpriseVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('superseded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ground', models.CharField(choices=[('dossier', 'dossier'), ('document', 'document'), ('decision', 'decision'), ('takeover', 'records taken over')], max_length=10)),
                ('reference', models.CharField(max_length=120)),
                ('agency', models.CharField(max_length=35)),
                ('name', models.CharField(max_length=150)),
                ('address', models.CharField(max_length=300)),
                ('representative_name', models.CharField(max_length=100)),
                ('representative_number', models.CharField(max_length=12)),
                ('trade', models.CharField(blank=True, max_length=300)),
                ('capital', models.PositiveBigIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('is_paused', models.BooleanField(default=False)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='business.enterprise')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='enterpriseversion_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='enterpriseversion_names_its_basis'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('subject', 'valid_from'), name='enterpriseversion_one_current_a_day'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('valid_to__isnull', True)), fields=('subject',), name='enterpriseversion_one_current_open')],
            },
        ),
    ]
