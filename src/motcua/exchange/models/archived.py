"""What the database leaves to the files of months: which months, where each batch lies there, which bodies stay named."""

from django.db import models

from motcua.lib.named_files import names_files


class ArchivedMonth(models.Model):
    """A month of the log (UTC) whose file was checked: what the log's own entry says of it, and its number once it is written.

    `digest` is the one in the signed end of the file; entries from `first` to `last` stand in it.
    """

    month = models.TextField(primary_key=True)
    digest = models.BinaryField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    text = models.BinaryField()
    leaf = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.month


class ArchivedBatch(models.Model):
    """A batch that is read from the file of its month: from which byte on its line lies there, how long it is, and its digest."""

    number = models.BigIntegerField(primary_key=True)
    month = models.TextField()
    place = models.BigIntegerField()
    size = models.BigIntegerField()
    digest = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.number} {self.month}"


@names_files("digest")
class Apart(models.Model):
    """The body of an entry whose envelope the database has dropped, and which was not kept beside it: the store may hold it."""

    leaf = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField()

    def __str__(self) -> str:
        return str(self.leaf)
