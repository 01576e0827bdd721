import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('wallets', '0001_initial'),
        ('wallets', '0002_holdings_of_businesses'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.CharField(max_length=14)),
                ('kind', models.CharField(max_length=60)),
                ('source', models.CharField(choices=[('result', 'Issued by an agency'), ('certified', 'Certified copy'), ('upload', 'Uploaded by you')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('issuer', models.CharField(blank=True, max_length=200)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('media', models.CharField(max_length=60)),
                ('size', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('public_code', models.CharField(blank=True, max_length=40)),
                ('verdict', models.JSONField(blank=True, null=True)),
                ('about', models.CharField(blank=True, help_text='Urn of the application it came from.', max_length=120)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['owner', '-added_at', '-id'], name='wallets_hol_owner_d79426_idx')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'digest'), name='a_wallet_holds_a_file_once'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='holding_digest_is_sha_256'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('issued_on__isnull', True), ('valid_until__gte', models.F('issued_on')), _connector='OR'), name='a_paper_ends_after_it_was_issued')],
            },
        ),
    ]
