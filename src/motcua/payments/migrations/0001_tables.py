import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import motcua.payments.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('payments', '0001_charges_and_payments'),
        ('payments', '0002_bundles'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(default=motcua.payments.models.new_code, max_length=12, unique=True)),
                ('key', models.CharField(max_length=64, unique=True)),
                ('payee', models.CharField(max_length=35)),
                ('amount', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_bundle_is_more_than_nothing')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(default=motcua.payments.models.new_code, max_length=12, unique=True)),
                ('subject', models.CharField(max_length=120)),
                ('payee', models.CharField(max_length=35)),
                ('payer', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=300)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('amount', models.PositiveBigIntegerField()),
                ('paid', models.PositiveBigIntegerField(default=0)),
                ('back', models.URLField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('due', 'To be paid'), ('paid', 'Paid'), ('cancelled', 'No longer owed'), ('returned', 'Given back')], default='due', max_length=10)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['payee', 'raised_at'], name='payments_ch_payee_4b015c_idx'), models.Index(fields=['subject'], name='payments_ch_subject_281cd3_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_charge_is_more_than_nothing'), models.CheckConstraint(condition=models.Q(('paid__lte', models.F('amount'))), name='no_charge_is_paid_twice'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('paid', models.F('amount')), ('settled_at__isnull', False)), _connector='OR'), name='a_paid_charge_is_paid_in_full'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'due'), _negated=True), ('paid__lt', models.F('amount')), _connector='OR'), name='what_is_paid_is_not_due'), models.UniqueConstraint(condition=models.Q(('state__in', ['due', 'paid'])), fields=('subject',), name='one_charge_a_subject')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('payee', models.CharField(blank=True, max_length=35)),
                ('provider', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=60)),
                ('order', models.CharField(blank=True, max_length=40)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('amount', models.PositiveBigIntegerField()),
                ('allotted', models.PositiveBigIntegerField(default=0)),
                ('returned', models.PositiveBigIntegerField(default=0)),
                ('state', models.CharField(choices=[('confirmed', 'Received'), ('doubtful', 'In doubt')], default='confirmed', max_length=10)),
                ('source', models.CharField(choices=[('notice', 'Notice of the gateway'), ('query', 'Answer of the gateway'), ('statement', 'Statement'), ('counter', 'Counter')], max_length=10)),
                ('paid_at', models.DateTimeField()),
                ('booked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(blank=True, max_length=120)),
                ('charge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.charge')),
            ],
            options={
                'indexes': [models.Index(fields=['provider', 'paid_at'], name='payments_pa_provide_005ea3_idx'), models.Index(fields=['payee', 'paid_at'], name='payments_pa_payee_1b406a_idx'), models.Index(condition=models.Q(('state', 'doubtful'), ('amount__gt', django.db.models.expressions.CombinedExpression(models.F('allotted'), '+', models.F('returned'))), _connector='OR'), fields=['paid_at'], name='payments_to_look_at')],
                'constraints': [models.UniqueConstraint(fields=('provider', 'reference'), name='a_payment_is_booked_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_payment_is_more_than_nothing'), models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('allotted'), '+', models.F('returned')))), name='no_money_counts_twice'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'doubtful'), _negated=True), models.Q(('allotted', 0), ('returned', 0)), _connector='OR'), name='what_is_in_doubt_counts_nothing'), models.CheckConstraint(condition=models.Q(('charge__isnull', False), ('allotted', 0), _connector='OR'), name='only_a_charge_is_paid')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.PositiveBigIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('owed', 'To be returned'), ('made', 'Returned')], default='owed', max_length=10)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('owed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('by_name', models.CharField(blank=True, max_length=120)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.payment')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'owed_at'], name='payments_re_state_d70328_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_refund_is_more_than_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), models.Q(('made_at__isnull', False), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='a_refund_made_says_when_and_how')],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=60)),
                ('order', models.CharField(blank=True, max_length=40)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('amount', models.PositiveBigIntegerField()),
                ('paid_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.payment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'reference'), name='a_statement_line_is_read_once')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('order', models.CharField(max_length=40)),
                ('amount', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('open', 'Under way'), ('paid', 'Paid'), ('failed', 'Not paid')], default='open', max_length=10)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('bundle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.bundle')),
                ('charge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.charge')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'order'), name='an_order_is_given_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='an_attempt_is_more_than_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('bundle', None), ('charge__isnull', False)), models.Q(('bundle__isnull', False), ('charge', None)), _connector='OR'), name='an_attempt_is_for_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.PositiveBigIntegerField()),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='payments.bundle')),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundled', to='payments.charge')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bundle', 'charge'), name='a_charge_is_bundled_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='an_item_is_more_than_nothing')],
            },
        ),
    ]
