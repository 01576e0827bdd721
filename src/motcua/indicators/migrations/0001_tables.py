import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('indicators', '0001_initial'),
        ('indicators', '0002_declarations'),
        ('indicators', '0003_last_filed'),
        ('indicators', '0004_ratings'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('pk', models.CompositePrimaryKey('agency', 'procedure', 'channel', 'state', blank=True, editable=False, primary_key=True, serialize=False)),
                ('agency', models.TextField()),
                ('procedure', models.TextField()),
                ('channel', models.PositiveSmallIntegerField()),
                ('state', models.PositiveSmallIntegerField()),
                ('number', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'agency', 'procedure', 'channel', 'kind', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('agency', models.TextField()),
                ('procedure', models.TextField()),
                ('channel', models.PositiveSmallIntegerField()),
                ('kind', models.TextField(choices=[('filed', 'filed'), ('received', 'received at the desk'), ('refused', 'not received'), ('supplemented', 'asked for more papers'), ('withdrawn', 'withdrawn'), ('stopped', 'stopped'), ('finished', 'finished'), ('early', 'before the day promised'), ('on_day', 'on the day promised'), ('overdue', 'after the day promised'), ('delivered', 'results delivered'), ('rated', 'rated'), ('satisfied', 'satisfied over all'), ('overall', 'points over all'), ('convenience', 'points for convenience'), ('timeliness', 'points for keeping time'), ('attitude', 'points for attitude')])),
                ('number', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('kind', 'filed')), fields=['procedure', 'day'], name='indicators_last_filed')],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=35)),
                ('year', models.PositiveSmallIntegerField()),
                ('quarter', models.PositiveSmallIntegerField()),
                ('notice_board', models.BooleanField(default=False)),
                ('electronic', models.BooleanField(default=False)),
                ('petitions', models.PositiveIntegerField(default=0)),
                ('petitions_on_time', models.PositiveIntegerField(default=0)),
                ('dragging', models.BooleanField(default=False)),
                ('complaints', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'year', 'quarter'), name='one_declaration_a_period'), models.CheckConstraint(condition=models.Q(('quarter__lte', 4)), name='a_year_has_four_quarters'), models.CheckConstraint(condition=models.Q(('petitions_on_time__lte', models.F('petitions'))), name='no_more_in_time_than_received')],
            },
        ),
    ]
