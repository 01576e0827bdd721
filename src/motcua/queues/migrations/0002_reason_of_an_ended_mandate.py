from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('queues', '0001_tables'),
    ]

    operations = [
        migrations.AlterField(
            model_name='booking',
            name='reason',
            field=models.CharField(blank=True, choices=[('full', 'Someone else has just taken the last place at this time.'), ('closed', 'The one-stop desk takes no appointments at present.'), ('not_offered', 'The one-stop desk does not offer this time.'), ('twice', 'You have an appointment there for this procedure already.'), ('many', 'You have five appointments there already. Cancel one you do not need.'), ('calendar', 'The agency does not work at this time any more.'), ('ended', 'The agency has ended; another one answers for it now.'), ('unheard', 'Your wish could not be brought to the agency.'), ('mandate', "What you were to come by in another's stead has ended.")], max_length=12),
        ),
    ]
