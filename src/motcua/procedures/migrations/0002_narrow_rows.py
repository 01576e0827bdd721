"""Keep the content of a version out of its row: search reads thousands of rows and no content."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE procedures_version SET (toast_tuple_target = 256);
            ALTER TABLE procedures_version ALTER search SET STORAGE MAIN, ALTER heading SET STORAGE MAIN;
            """,
            """
            ALTER TABLE procedures_version RESET (toast_tuple_target);
            ALTER TABLE procedures_version ALTER search SET STORAGE EXTENDED, ALTER heading SET STORAGE EXTENDED;
            """,
        )
    ]
