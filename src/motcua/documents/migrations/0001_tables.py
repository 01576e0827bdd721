import django.utils.timezone
import motcua.documents.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('documents', '0001_initial'),
        ('documents', '0002_numbers_of_papers'),
        ('documents', '0003_apology'),
        ('documents', '0004_certificates'),
        ('documents', '0005_fee_receipts_and_extracts'),
        ('documents', '0006_certified_copies'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(default=motcua.documents.models.new_code, editable=False, max_length=19, unique=True)),
                ('kind', models.CharField(choices=[('upload', 'Attached paper'), ('receipt', 'Receipt with appointment'), ('supplement', 'Request to complete a dossier'), ('refusal', 'Refusal of a dossier'), ('stop', 'Notice that work has stopped'), ('register', 'Register of dossiers'), ('apology', 'Apology with a new date'), ('birth', 'Birth certificate'), ('certificate', 'Result of a procedure'), ('extract', 'Copy of a birth certificate'), ('fee', 'Fee receipt'), ('certified', 'Certified copy')], max_length=20)),
                ('state', models.CharField(choices=[('new', 'New'), ('kept', 'Kept'), ('made', 'Not yet signed'), ('signed', 'Signed'), ('revoked', 'Recalled')], default='new', max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('media', models.CharField(max_length=40)),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('pages', models.PositiveSmallIntegerField(default=1)),
                ('about', models.CharField(max_length=120)),
                ('owner', models.CharField(blank=True, help_text='Urn of the person it was made for or who sent it.', max_length=120)),
                ('holder', models.CharField(blank=True, help_text='Name of that person; shown masked to the public.', max_length=120)),
                ('agency', models.CharField(blank=True, help_text='Code of the agency that issued or received it.', max_length=35)),
                ('number', models.CharField(blank=True, help_text='As it is printed: serial and notation, 12/PBS-BPTNTKQ.', max_length=60)),
                ('serial', models.PositiveIntegerField(blank=True, help_text="Its place in the year's series.", null=True)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('signatures', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, help_text='Why it was recalled.', max_length=500)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['about', 'made_at'], name='documents_d_about_d7bc66_idx'), models.Index(fields=['owner', 'made_at'], name='documents_d_owner_d95193_idx'), models.Index(fields=['agency', 'made_at'], name='documents_d_agency_8af5cd_idx')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'kind', 'year', 'serial'), name='one_paper_a_number'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='document_digest_is_sha_256'), models.CheckConstraint(condition=models.Q(('kind__in', ['upload', 'receipt', 'supplement', 'refusal', 'stop', 'register', 'apology', 'birth', 'certificate', 'extract', 'fee', 'certified'])), name='document_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['kept', 'made', 'signed', 'revoked'])), name='document_state_is_lasting'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'upload'), ('state', 'kept')), models.Q(models.Q(('kind', 'upload'), _negated=True), models.Q(('state', 'kept'), _negated=True), models.Q(('agency', ''), _negated=True)), _connector='OR'), name='a_paper_of_ours_has_an_agency'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('state', 'revoked')), models.Q(models.Q(('state', 'revoked'), _negated=True), ('revoked_at', None)), _connector='OR'), name='recalled_documents_say_when')],
            },
        ),
    ]
