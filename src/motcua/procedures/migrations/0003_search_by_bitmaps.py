"""Search by bitmaps kept in each process: no more text search in the database, but a stamp that says when it changed."""

from django.db import migrations, models

from motcua.procedures.folding import fold

TOUCH = """
CREATE FUNCTION procedures_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO procedures_edition (id, stamp) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;
    RETURN NULL;
END $$;
"""
ON_CHANGE = """
CREATE TRIGGER {table}_new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION procedures_new_edition();
"""
TABLES = ("procedures_version", "organisations_agency")
UNDO = "".join(f"DROP TRIGGER {table}_new_edition ON {table};" for table in TABLES) + "DROP FUNCTION procedures_new_edition();"


def fold_agencies(apps, _editor):
    """What was published before knows its agency only in its content."""
    version = apps.get_model("procedures", "Version")
    for pk, agency in version.objects.exclude(content__agency=None).values_list("pk", "content__agency__vi").iterator():
        version.objects.filter(pk=pk).update(agency=fold(agency or ""))


class Migration(migrations.Migration):

    dependencies = [("procedures", "0002_narrow_rows"), ("organisations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.UUIDField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='word',
            name='procedures_word_deletions',
        ),
        migrations.DeleteModel(
            name='Word',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='procedures_search',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='procedures_life_events',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='procedures_field',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='procedures_heading',
        ),
        migrations.AddField(
            model_name='version',
            name='agency',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.RemoveField(
            model_name='version',
            name='search',
        ),
        migrations.RunPython(fold_agencies, migrations.RunPython.noop),
        migrations.RunSQL(TOUCH + "".join(ON_CHANGE.format(table=table) for table in TABLES), UNDO),
    ]
