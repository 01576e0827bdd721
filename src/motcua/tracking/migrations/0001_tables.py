from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('tracking', '0001_initial'),
        ('tracking', '0002_overdue'),
        ('tracking', '0003_rating'),
        ('tracking', '0004_sent_on'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('pk', models.CompositePrimaryKey('dossier', 'state', 'step', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.UUIDField()),
                ('state', models.PositiveSmallIntegerField(choices=[(0, 'Draft'), (1, 'Sent, waiting to be received'), (2, 'Received'), (3, 'Not received'), (4, 'Being handled'), (5, 'Waiting for you to add papers'), (6, 'Waiting for the fee'), (7, 'Withdrawn'), (8, 'Stopped'), (9, 'Finished'), (10, 'Result delivered')])),
                ('step', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'passage',
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('dossier', models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'rating',
            },
        ),
        migrations.CreateModel(
            name='Tracked',
            fields=[
                ('dossier', models.UUIDField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('procedure', models.TextField()),
                ('agency', models.TextField()),
                ('channel', models.PositiveSmallIntegerField(choices=[(1, 'At the counter'), (2, 'Online'), (3, 'By post')])),
                ('state', models.PositiveSmallIntegerField(choices=[(0, 'Draft'), (1, 'Sent, waiting to be received'), (2, 'Received'), (3, 'Not received'), (4, 'Being handled'), (5, 'Waiting for you to add papers'), (6, 'Waiting for the fee'), (7, 'Withdrawn'), (8, 'Stopped'), (9, 'Finished'), (10, 'Result delivered')])),
                ('step', models.TextField()),
                ('due_at', models.DateTimeField(null=True)),
                ('on_time', models.BooleanField()),
                ('first_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('seen', models.PositiveSmallIntegerField()),
                ('is_away', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('code', ''), _negated=True), fields=['code'], name='tracking_by_code'), models.Index(condition=models.Q(('state__in', [1, 2, 4])), fields=['due_at', 'dossier'], name='tracking_by_due_date')],
            },
        ),
    ]
