import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('reorganisations', '0001_initial'),
    ]

    initial = True

    dependencies = [
        ('organisations', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('decision', models.CharField(max_length=200)),
                ('on', models.DateField()),
                ('kind', models.CharField(choices=[('merge', 'Several become one'), ('split', 'One is divided'), ('rename', 'Another name'), ('dissolve', 'Dissolved, its work goes to others'), ('transfer', 'Under another agency, with another code')], max_length=10)),
                ('content', models.JSONField()),
                ('state', models.CharField(choices=[('draft', 'Being written'), ('approved', 'Approved'), ('running', 'Being carried out'), ('done', 'Carried out'), ('discarded', 'Given up')], default='draft', max_length=10)),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120))),
                ('author', models.CharField(max_length=120)),
                ('approved_by', models.CharField(blank=True, max_length=120)),
                ('approver', models.CharField(blank=True, max_length=120)),
                ('trouble', models.TextField(blank=True)),
                ('report', models.JSONField(default=dict)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.agency')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'on'], name='reorganisat_state_595589_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'running', 'done']), _negated=True), models.Q(models.Q(('approved_by', ''), _negated=True), ('approved_at__isnull', False)), _connector='OR'), name='a_reorganisation_is_approved_first'), models.CheckConstraint(condition=models.Q(('approved_by', ''), models.Q(('authors__contains', [models.F('approved_by')]), _negated=True), _connector='OR'), name='a_reorganisation_is_approved_by_a_second_person')],
            },
        ),
    ]
