import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('insurance', '0001_initial'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('personal_number', models.CharField(max_length=12, unique=True)),
                ('code', models.CharField(max_length=10, unique=True)),
                ('number', models.CharField(max_length=15, unique=True)),
                ('occasion', models.CharField(max_length=120, unique=True)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{10}$')), name='code_has_10_digits'), models.CheckConstraint(condition=models.Q(('number__regex', '^[A-Z]{2}[1-5][0-9]{12}$')), name='card_number_has_its_form'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='card_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='CardVersion',
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
                ('address', models.CharField(max_length=200)),
                ('clinic', models.CharField(max_length=200)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='insurance.card')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='cardversion_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='cardversion_names_its_basis'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('subject', 'valid_from'), name='cardversion_one_current_a_day'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('valid_to__isnull', True)), fields=('subject',), name='cardversion_one_current_open')],
            },
        ),
    ]
