"""`motcua procedures check|show|load|import|search|readiness|drift`: the catalogue of procedures from the terminal."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from rich.table import Table

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.procedures import drift, importing, life, loading, reports
from motcua.procedures.actions import bring, judge_again, publish
from motcua.procedures.models import Overlay, Version
from motcua.procedures.picture import picture
from motcua.procedures.readiness import Facilities
from motcua.procedures.reading import Document, Faulty
from motcua.procedures.runs import longest_path
from motcua.procedures.schema import Definition
from motcua.procedures.search import current, ranking

LOADER = Actor.system("procedures")
FOUND = 20


class Command(BaseCommand):
    help = (
        "The catalogue of procedures: check files, show one, load ours, import the national portal's, search."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        check = what.add_parser("check", help="print every fault in procedure files; exit 1 if there is one")
        check.add_argument("files", nargs="*", type=Path, help="files; without them, the whole catalogue")
        check.set_defaults(run=self.check_files)
        show = what.add_parser("show", help="print a procedure as it is published")
        show.add_argument("code")
        show.set_defaults(run=self.show)
        load = what.add_parser(
            "load", help="publish the files of the catalogue; what is unchanged stays. With files: as drafts"
        )
        load.add_argument("files", nargs="*", type=Path, help="procedures that become drafts at the desk")
        load.add_argument("--agency", default="", help="code of the ministry or province whose own they are")
        load.set_defaults(run=self.load)
        take = what.add_parser(
            "import",
            help="take over procedures of the national portal: from a file (JSON lines, or .xz) or from itself",
        )
        source = take.add_mutually_exclusive_group(required=True)
        source.add_argument("file", type=Path, nargs="?")
        source.add_argument(
            "--from-portal", action="store_true", help="ask the portal that node.toml names (national_portal)"
        )
        take.add_argument("--dry-run", action="store_true", help="read and count, publish nothing")
        take.set_defaults(run=self.take_in)
        search = what.add_parser("search", help="find procedures in force today")
        search.add_argument("text", nargs="+")
        search.set_defaults(run=self.search)
        ready = what.add_parser(
            "readiness", help="how far each procedure in force can be done online, and what to change"
        )
        ready.add_argument("codes", nargs="*", help="procedures to judge in full; without them, all in short")
        ready.add_argument("--csv", action="store_true", help="every reason as a line of CSV")
        ready.set_defaults(run=self.readiness)
        differ = what.add_parser(
            "drift", help="what places have set for themselves, beside the nation's value"
        )
        differ.add_argument("--csv", action="store_true", help="as CSV, for a spreadsheet")
        differ.set_defaults(run=self.drift)

    def handle(self, *_args: Any, **options: Any) -> None:
        run: Callable[..., None] = options["run"]
        run(options)

    @property
    def console(self) -> Console:
        return Console(file=cast("IO[str]", self.stdout), highlight=False)

    def check_files(self, options: dict[str, Any]) -> None:
        files = options["files"] or [*loading.catalogue_files(), *life.files()]
        events = [path for path in files if path.parent.name == life.FOLDER.name]
        procedures = [path for path in files if path not in events]
        faults = [*loading.faults_in(procedures), *life.faults_in(events)]
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(_("%(count)d faults.") % {"count": len(faults)})
        self.stdout.write(_("%(count)d files, no fault.") % {"count": len(files)})
        if not options["files"] and (missing := life.not_shipped()):
            self.stdout.write(
                _("%(count)d procedures that life events lead to are not shipped, only imported: %(codes)s")
                % {"count": len(missing), "codes": " ".join(missing)}
            )

    def show(self, options: dict[str, Any]) -> None:
        version = Version.objects.latest().coded(options["code"]).select_related("procedure").first()
        if version is None:
            raise CommandError(_("No procedure %(code)s is published.") % {"code": options["code"]})
        definition = version.definition
        self.console.print(f"[bold]{definition.code}[/bold]  {version.name_in(get_language() or 'vi')}")
        self.console.print(json.dumps(summary(definition), ensure_ascii=False, indent=2), markup=False)
        if definition.is_offered:
            self.console.print(steps_table(definition))

    def bring(self, options: dict[str, Any]) -> None:
        """Each file becomes a draft, or none does."""
        try:
            with transaction.atomic():
                for path in options["files"]:
                    definition = loading.shaped(Document.read(path))
                    bring(definition, owner=options["agency"], by=LOADER)
        except (Faulty, OSError, UnicodeDecodeError, Invalid) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            _("%(count)d drafts, to be proposed and approved at the desk.") % {"count": len(options["files"])}
        )

    def load(self, options: dict[str, Any]) -> None:
        if options["files"]:
            self.bring(options)
            return
        try:
            definitions = [loading.load(path) for path in loading.catalogue_files()]
        except Faulty as faulty:
            raise CommandError(str(faulty)) from faulty
        known = set(Version.objects.latest().values_list("digest", flat=True))
        versions = [publish(definition, by=LOADER) for definition in definitions]
        new = [version for version in versions if version.digest not in known]
        self.stdout.write(
            _("%(new)d published, %(same)d unchanged.") % {"new": len(new), "same": len(versions) - len(new)}
        )
        otherwise = Version.objects.judged_otherwise(Facilities.here()).select_related("procedure")
        if again := judge_again(list(otherwise), by=LOADER):
            self.stdout.write(
                _("%(count)d judged again, because the ways to pay at this node have changed.")
                % {"count": again}
            )

    def take_in(self, options: dict[str, Any]) -> None:
        take = self.from_portal if options["from_portal"] else self.from_file
        try:
            tally = take(options)
        except (OSError, importing.Unreached) as fault:
            raise CommandError(str(fault)) from fault
        for failure in tally.failed:
            self.stderr.write(failure)
        self.stdout.write(tally.says())
        if tally.failed:
            raise CommandError(_("%(count)d records could not be read.") % {"count": len(tally.failed)})

    def from_file(self, options: dict[str, Any]) -> importing.Tally:
        with importing.opened(options["file"]) as lines:
            count = sum(1 for _line in lines)
        with importing.opened(options["file"]) as lines:
            running = importing.take_in(lines, on=timezone.localdate(), dry_run=options["dry_run"])
            return self.followed(running, options["file"].name, count)

    def from_portal(self, options: dict[str, Any]) -> importing.Tally:
        portal = importing.the_portal()
        running = importing.take_from(portal, on=timezone.localdate(), dry_run=options["dry_run"])
        return self.followed(running, _("National portal"), len(portal.codes()))

    def followed(self, running: Iterator[importing.Tally], name: str, count: int) -> importing.Tally:
        """The last tally, while a bar shows how far it is."""
        tally = importing.Tally()
        with self.progress() as progress:
            task = progress.add_task(name, total=count)
            for tally in running:
                progress.update(task, completed=tally.read)
        return tally

    def progress(self) -> Progress:
        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        return Progress(*columns, console=Console(stderr=True), transient=True)

    def search(self, options: dict[str, Any]) -> None:
        text = " ".join(options["text"])
        index = current.current()
        ranked = ranking.search(index, text)
        found = [index.pks[number] for number in ranked.page(0, FOUND, within=index.everything)]
        versions = Version.objects.select_related("procedure").defer("content").in_bulk(found)
        table = Table(_("Code"), _("Name"), _("Field"), _("Can be filed here"))
        for version in map(versions.__getitem__, found):
            language = get_language() or "vi"
            table.add_row(
                version.code,
                version.name_in(language),
                version.field_in(language),
                _("yes") if version.is_offered else "",
            )
        self.console.print(table)

    def readiness(self, options: dict[str, Any]) -> None:
        versions = Version.objects.in_force(timezone.localdate()).select_related("procedure")
        if options["codes"]:
            versions = versions.filter(procedure__code__in=options["codes"])
        versions = versions.order_by("procedure__code")
        if options["csv"]:
            reports.write_csv(versions.iterator(), cast("IO[str]", self.stdout))
        elif options["codes"]:
            for version in versions:
                self.console.print(f"[bold]{version.code}[/bold]  {version.name_in(get_language() or 'vi')}")
                self.console.print(reports.reasons_table(version.judgement))
        else:
            self.console.print(reports.summary_table(versions))

    def drift(self, options: dict[str, Any]) -> None:
        today = timezone.localdate()
        overlays = Overlay.objects.in_force(today).select_related("procedure", "agency")
        found = drift.differences(overlays.order_by("procedure__code", "agency"), today)
        if options["csv"]:
            drift.write_csv(found, cast("IO[str]", self.stdout))
            return
        table = Table(
            _("Procedure"),
            _("Locality"),
            _("What differs"),
            _("Nation"),
            _("Here"),
            _("Since when"),
            _("Decided by"),
        )
        for one in found:
            what = f"{one.what} ({one.part})" if one.part else one.what
            since = one.overlay.effective_from.isoformat()
            table.add_row(one.code, one.agency, what, one.national, one.local, since, one.overlay.decision)
        self.console.print(table)


def summary(definition: Definition) -> dict[str, Any]:
    """The content without what the steps' table shows better, and without the form's long lists."""
    content = definition.as_content()
    content.pop("steps", None)
    content["form"] = [{group.id: [field.id for field in group.fields]} for group in definition.form]
    return content


def steps_table(definition: Definition) -> Table:
    language = get_language() or "vi"
    hours = longest_path(definition.steps)
    table = Table(
        _("Step"), _("Who"), _("Hours"), _("After"), caption=_("%(hours)g working hours") % {"hours": hours}
    )
    for box in picture(definition, definition.cases[0].id if definition.cases else None).boxes:
        table.add_row(box.name.said_in(language), box.holder or "–", f"{box.hours:g}", ", ".join(box.after))
    return table
