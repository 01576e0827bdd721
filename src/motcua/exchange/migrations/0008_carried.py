import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0007_heard'),
    ]

    operations = [
        migrations.CreateModel(
            name='Carried',
            fields=[
                ('pk', models.CompositePrimaryKey('node', 'way', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('node', models.TextField()),
                ('way', models.TextField()),
                ('number', models.BigIntegerField()),
                ('digest', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('messages', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), db_default=[])),
                ('answers', models.BinaryField(null=True)),
                ('answered', models.BigIntegerField(db_default=0)),
                ('is_settled', models.BooleanField(db_default=False)),
            ],
        ),
    ]
