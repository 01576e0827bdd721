import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('population', '0001_initial'),
        ('population', '0002_codes_of_businesses_are_read'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=12, unique=True)),
                ('occasion', models.CharField(blank=True, max_length=120)),
                ('issued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number__regex', '^[0-9]{12}$')), name='number_has_12_digits'), models.UniqueConstraint(condition=models.Q(('occasion', ''), _negated=True), fields=('occasion',), name='one_number_an_occasion')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=14)),
                ('service', models.CharField(max_length=80)),
                ('agency', models.CharField(max_length=35)),
                ('reader', models.CharField(max_length=120)),
                ('reader_name', models.CharField(blank=True, max_length=120)),
                ('purpose', models.CharField(max_length=200)),
                ('dossier', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-at', '-id'], name='population__subject_e89431_idx')],
            },
        ),
        migrations.CreateModel(
            name='PersonVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('superseded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ground', models.CharField(choices=[('dossier', 'dossier'), ('document', 'document'), ('decision', 'decision'), ('takeover', 'records taken over')], max_length=10)),
                ('reference', models.CharField(max_length=120)),
                ('agency', models.CharField(max_length=35)),
                ('full_name', models.CharField(max_length=100)),
                ('sex', models.CharField(max_length=6)),
                ('born_on', models.DateField()),
                ('ethnicity', models.CharField(max_length=40)),
                ('nationality', models.CharField(max_length=40)),
                ('home_town', models.CharField(blank=True, max_length=200)),
                ('residence', models.CharField(blank=True, max_length=200)),
                ('residence_unit', models.CharField(blank=True, max_length=5)),
                ('mother_number', models.CharField(blank=True, max_length=12)),
                ('father_number', models.CharField(blank=True, max_length=12)),
                ('is_alive', models.BooleanField(default=True)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='population.person')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='personversion_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='personversion_names_its_basis'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('subject', 'valid_from'), name='personversion_one_current_a_day'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('valid_to__isnull', True)), fields=('subject',), name='personversion_one_current_open')],
            },
        ),
    ]
