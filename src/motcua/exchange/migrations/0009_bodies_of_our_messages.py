from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0008_carried'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='leaf',
            name='exchange_leaf_large',
        ),
        migrations.AddIndex(
            model_name='leaf',
            index=models.Index(condition=models.Q(('body', None), models.Q(('envelope__isnull', False), ('what', 'message'), _connector='OR')), fields=['number'], name='exchange_leaf_apart'),
        ),
    ]
