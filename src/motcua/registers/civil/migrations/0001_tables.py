import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('civil', '0001_initial'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Birth',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('awaiting', 'Waiting for the personal number'), ('registered', 'Registered')], default='awaiting', max_length=10)),
                ('occasion', models.CharField(max_length=120, unique=True)),
                ('agency', models.CharField(max_length=35)),
                ('parents_key', models.CharField(blank=True, max_length=120)),
                ('name_key', models.CharField(max_length=120)),
                ('born_on', models.DateField()),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('declared', models.JSONField(default=dict)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('number', models.PositiveIntegerField(null=True)),
                ('registered_on', models.DateField(null=True)),
                ('personal_number', models.CharField(max_length=12, null=True, unique=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'year', 'number'), name='one_birth_a_number'), models.UniqueConstraint(condition=models.Q(('parents_key', ''), _negated=True), fields=('parents_key', 'born_on', 'name_key'), name='one_registration_a_child'), models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', False), ('personal_number__isnull', False), ('registered_on__isnull', False), ('state', 'registered'), ('year__isnull', False)), models.Q(('number__isnull', True), ('personal_number__isnull', True), ('state', 'awaiting')), _connector='OR'), name='a_registered_birth_has_its_numbers')],
            },
        ),
        migrations.CreateModel(
            name='BirthVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('superseded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ground', models.CharField(choices=[('dossier', 'dossier'), ('document', 'document'), ('decision', 'decision'), ('takeover', 'records taken over')], max_length=10)),
                ('reference', models.CharField(max_length=120)),
                ('agency', models.CharField(max_length=35)),
                ('surname', models.CharField(max_length=30)),
                ('middle_name', models.CharField(blank=True, max_length=60)),
                ('given_name', models.CharField(max_length=30)),
                ('sex', models.CharField(max_length=6)),
                ('born_on', models.DateField()),
                ('born_at', models.CharField(max_length=200)),
                ('born_in', models.CharField(blank=True, max_length=200)),
                ('home_town', models.CharField(blank=True, max_length=200)),
                ('ethnicity', models.CharField(max_length=40)),
                ('nationality', models.CharField(max_length=40)),
                ('mother', models.JSONField(default=dict)),
                ('father', models.JSONField(default=dict)),
                ('declarant_number', models.CharField(blank=True, max_length=12)),
                ('relation', models.CharField(blank=True, max_length=40)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='civil.birth')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='birthversion_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='birthversion_names_its_basis'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('subject', 'valid_from'), name='birthversion_one_current_a_day'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('valid_to__isnull', True)), fields=('subject',), name='birthversion_one_current_open')],
            },
        ),
    ]
