"""motcua exchange …: what waits and what fails, tests, files on a medium, decisions, proofs."""

import json
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from motcua.exchange import actions, contradictions, months, rereading, trials, verification, watching
from motcua.exchange.actions import stamping
from motcua.exchange.blocks import Unreadable
from motcua.exchange.container import FORMS
from motcua.exchange.local import NotDone
from motcua.exchange.management import archiving, subcommands
from motcua.exchange.models import Authority, Batch, Incoming, Outgoing, PeerHead, PeerJournal, Recovery
from motcua.exchange.questions import progress
from motcua.journal.keyring import public_pems
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor

OPERATOR = Actor.system("operator")


class Command(BaseCommand):
    help = "See which messages wait and why, decide about those that are stuck, prove that the log is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        commands.add_parser("peers", help="How other nodes answer us, and what waits for them.")
        queue = commands.add_parser("queue", help="Messages on their way and dead letters, oldest first.")
        queue.add_argument("--limit", type=int, default=50, metavar="N", help="At most N messages (50).")
        retry = commands.add_parser("retry", help="Send a dead letter again, as it was signed.")
        retry.add_argument("message", help="Its identifier.")
        for name, says in (
            ("return", "Give up delivery and tell the context that sent the message."),
            ("cancel", "Take back a message that has not been delivered."),
        ):
            command = commands.add_parser(name, help=says)
            command.add_argument("message", help="Its identifier.")
            command.add_argument("--reason", required=True, help="Why, in words; it is kept in the journal.")
        evidence = commands.add_parser("evidence", help="Write what proves a message to anybody.")
        evidence.add_argument("message", help="Its identifier.")
        evidence.add_argument(
            *("-o", "--out"),
            required=True,
            metavar="FILE",
            type=Path,
            help="FILE.json for tools/verify_evidence.py, FILE.asice for other programs.",
        )
        commands.add_parser("stamp", help="Have the newest head stamped by an authority of time now.")
        selftest = commands.add_parser(
            "selftest",
            help="Send test messages there and back, with the time of each hop; exit code 1 if one fails.",
        )
        selftest.add_argument("node", nargs="*", help="To these nodes; to all others if none is named.")
        selftest.add_argument("--seconds", type=float, default=30, help="Wait so long at most (30).")
        _about_carrying(commands)
        subcommands.about_received(commands)
        subcommands.about_the_log(commands)
        witnesses = commands.add_parser(
            "witnesses", help="Which heads of others we hold, and whose contradict each other."
        )
        witnesses.add_argument("--evidence", metavar="FILE", help="Write all contradicting heads, signed.")
        recovery = commands.add_parser(
            "recovery", help="What a restored old backup cost the log, what came back, whom it waits for."
        )
        recovery.add_argument(
            "--without",
            nargs="+",
            default=[],
            metavar="NODE",
            help="Do not wait for these nodes: what only they hold is lost, and should they hold later heads, the log forks.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        {
            "peers": self.peers,
            "queue": self.queue,
            "retry": self.retry,
            "return": self.return_,
            "cancel": self.cancel,
            "evidence": self.evidence,
            "stamp": self.stamp,
            "stuck": self.stuck,
            "handle": self.decide_received,
            "send-back": self.decide_received,
            "set-aside": self.decide_received,
            "selftest": self.selftest,
            "carry": self.carry,
            "verify": self.verify,
            "archive": self.archive,
            "recovery": self.recovery,
            "witnesses": self.witnesses,
        }[options["what"]](options)

    def peers(self, options: dict[str, Any]) -> None:
        """One line a node, one line a recipient with a backlog."""
        now = watching.watched()
        names = (_("Node"), _("Last heard"), _("Waiting"), _("Failures"), _("Next try"), _("Last error"))
        table = Table(*names)
        for one in now.neighbours:
            words = [_moment(one.heard), str(one.waiting), str(one.failures), _moment(one.next_try)]
            table.add_row(one.name, *words, escape(one.answers.last_error or ""))
        waiting = Table(_("Recipient"), _("Waiting"), _("Oldest"))
        for each in now.backlog:
            waiting.add_row(each.recipient, str(each.count), _moment(each.oldest))
        self.show(table)
        self.show(waiting)
        faults = [("", now.fault), *[(f"{one.name}: ", one.fault) for one in now.neighbours]]
        for whose, fault in faults:
            if fault:
                self.stdout.write(f"{whose}{fault.what} {fault.remedy}")

    def selftest(self, options: dict[str, Any]) -> None:
        """Send test messages, wait for word of them, and say how far each came."""
        try:
            started = [actions.selftest(name, by=OPERATOR) for name in options["node"] or [""]]
        except Invalid as error:
            raise CommandError(str(error)) from error
        until = time.monotonic() + options["seconds"]
        while not all(one.is_over for one in _trials(started)) and time.monotonic() < until:
            time.sleep(0.1)
        tried = _trials(started)
        table = Table(_("Node"), _("State"), *_hops(), _("Altogether"))
        for one in tried:
            state = _("there and back") if one.is_good else _("not all the way")
            table.add_row(one.node, state, *[_seconds(took) for _name, took in one.hops], _seconds(one.total))
        self.show(table)
        for one in tried:
            if one.clock:
                off = _("its clock differs from ours by %(off)s") % {"off": _seconds(one.clock)}
                self.stdout.write(f"{one.node}: {off}")
            if not one.is_good:
                fault = one.fault or one.waited
                self.stdout.write(f"{one.node}: {fault.what} {fault.remedy}")
        if not all(one.is_good for one in tried):
            raise CommandError(_("Not every test message went there and back."))

    def queue(self, options: dict[str, Any]) -> None:
        """What is on its way, with the reason why it waits."""
        table = Table(_("Message"), _("Kind"), _("Recipient"), _("State"), _("Why"))
        messages = Outgoing.objects.filter(state__in=["signed", "dead"]).order_by("leaf")[: options["limit"]]
        for message in messages:
            found = progress(message.id)
            table.add_row(
                str(message.id),
                message.kind,
                message.recipient,
                str(message.get_state_display()),
                found.words if found else "",
            )
        self.show(table)

    def retry(self, options: dict[str, Any]) -> None:
        self.decide(options, lambda message: actions.replay(message, by=OPERATOR))

    def return_(self, options: dict[str, Any]) -> None:
        self.decide(
            options, lambda message: actions.return_to_sender(message, reason=options["reason"], by=OPERATOR)
        )

    def cancel(self, options: dict[str, Any]) -> None:
        self.decide(options, lambda message: actions.cancel(message, reason=options["reason"], by=OPERATOR))

    def decide(self, options: dict[str, Any], decision: Any) -> None:
        """Carry out a decision about one message."""
        wanted = _identifier(options["message"])
        message = Outgoing.objects.filter(id=wanted).first() if wanted else None
        if message is None:
            raise CommandError(_("This node never sent a message %(id)s.") % {"id": options["message"]})
        try:
            decision(message)
        except (Invalid, NotNow) as error:
            raise CommandError(str(error)) from error
        message.refresh_from_db()
        self.stdout.write(f"{message.id}: {message.get_state_display()}")

    def evidence(self, options: dict[str, Any]) -> None:
        """A file, by whose name the form is known."""
        form = FORMS.get(options["out"].suffix)
        if form is None:
            raise CommandError(_("Name the file *.json or *.asice."))
        found = _identifier(options["message"])
        evidence = actions.take_evidence(found, by=OPERATOR) if found else None
        if evidence is None:
            raise CommandError(
                _("This node neither sent nor received a message %(id)s.") % {"id": options["message"]}
            )
        options["out"].write_bytes(form(evidence))
        received = _("with the receipt") if evidence.received else _("without a receipt")
        handled = _(" and the word of what became of it") if evidence.handled else ""
        self.stdout.write(f"{options['out']}: {evidence.envelope.kind}, {received}{handled}")

    def stamp(self, options: dict[str, Any]) -> None:
        """Now, instead of within the minute."""
        if found := stamping.stamp():
            self.stdout.write(f"{found.authority}: {found.at:%Y-%m-%d %H:%M:%S} UTC")
            return
        waiting = stamping.pending()
        if waiting and not settings.NODE.timestamp_authorities:
            raise CommandError(_("No authority of time is set (timestamp_authorities)."))
        if waiting:
            known = Authority.objects.filter(failures__gt=0).order_by("address")
            raise CommandError("\n".join(f"{one.address}: {one.last_error}" for one in known))
        self.stdout.write(_("The newest head is stamped."))

    def stuck(self, options: dict[str, Any]) -> None:
        """What came in and waits for an operator."""
        table = Table(_("Message"), _("Kind"), _("Sender"), _("Tries"), _("Why"))
        for one in Incoming.objects.dead():
            table.add_row(str(one.message), one.kind, one.sender, str(one.tries), one.reason)
        self.show(table)

    def decide_received(self, options: dict[str, Any]) -> None:
        """Carry out a decision about one received message."""
        found = _identifier(options["message"])
        message = Incoming.objects.filter(message=found).first() if found else None
        if message is None:
            raise CommandError(_("This node never received a message %(id)s.") % {"id": options["message"]})
        try:
            if options["what"] == "handle":
                actions.retry(message, by=OPERATOR)
            else:
                deed = actions.send_back if options["what"] == "send-back" else actions.set_aside
                deed(message, reason=options["reason"], by=OPERATOR)
        except NotNow as error:
            raise CommandError(str(error)) from error
        message.refresh_from_db()
        self.stdout.write(f"{message.message}: {message.get_state_display()}")

    def verify(self, options: dict[str, Any]) -> None:
        """The whole log against its signatures."""
        total = Batch.objects.aggregate(entries=Sum("size"))["entries"] or 0
        pems = public_pems()
        with Progress(
            "{task.description}",
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        ) as bar:
            task = bar.add_task(_("Entries"), total=total)
            broken = verification.first_broken(pems, advanced=lambda count: bar.advance(task, count))
        if broken:
            place = _("batch %(batch)s, entry %(entry)s") % {
                "batch": broken.batch or "–",
                "entry": broken.entry or "–",
            }
            raise CommandError(f"{place}: {broken.what}")
        self.stdout.write(
            _("The log is whole: %(entries)s entries in %(batches)s signed batches.")
            % {"entries": total, "batches": Batch.objects.count()}
        )

    def archive(self, options: dict[str, Any]) -> None:
        """One line a file: how many entries it holds; one a month that is dropped, or why it is not."""
        try:
            for words in archiving.archived(options):
                self.stdout.write(words)
        except (months.Wrong, OSError) as error:
            raise CommandError(str(error)) from error
        except Unreadable as error:
            raise CommandError(rereading.words(error)) from error

    def witnesses(self, options: dict[str, Any]) -> None:
        """One line a node: the newest heads of its log and of its journal we hold, and how many contradict others."""
        caught = contradictions.found()
        table = Table(_("Node"), _("Head of the log"), _("Head of the journal"), _("Contradictions"))
        heads = dict(PeerHead.objects.values_list("node").annotate(newest=Max("number")))
        journals = dict(PeerJournal.objects.values_list("node").annotate(newest=Max("number")))
        for name in sorted({*heads, *journals, *[one["node"] for one in caught]}):
            count = sum(one["node"] == name for one in caught)
            table.add_row(name, str(heads.get(name, "–")), str(journals.get(name, "–")), str(count))
        self.show(table)
        if options["evidence"]:
            Path(options["evidence"]).write_text(json.dumps(caught, indent=1, ensure_ascii=False))

    def recovery(self, options: dict[str, Any]) -> None:
        """One line each time, oldest first."""
        if options["without"]:
            actions.wait_no_longer(options["without"])
        table = Table(_("Found"), _("Recovered at"), _("Entries lost"), _("Came back"), _("No answer from"))
        for one in Recovery.objects.order_by("id"):
            back = _("%(sent)s sent, %(received)s received") % {"sent": one.sent, "received": one.received}
            lost = f"{one.first}–{one.last}" if one.last else "–"
            table.add_row(_moment(one.found_at), _moment(one.finished_at), lost, back, ", ".join(one.silent))
        self.show(table)

    def carry(self, options: dict[str, Any]) -> None:
        """Files for a node that no network reaches."""
        if options["way"] == "key":
            self.stdout.write(actions.carry_key())
            return
        try:
            if options["way"] == "in":
                every = actions.carry_in(options["file"], by=OPERATOR)
            else:
                given = {"everything": options["everything"], "by": OPERATOR}
                every = [actions.carry_out(options["node"], options["file"], **given)]
        except NotDone as error:
            raise CommandError(str(error)) from error
        for told in every:
            self.stdout.write(_of_file(told))
            held = told["what"] == "held"
            for words in () if held else told["words"]:
                self.stdout.write(words)
        if every[-1]["what"] == "held":
            raise CommandError(
                _(
                    "Bring first: %(numbers)s. If one of them is lost, have its node write a new one with --everything."
                )
                % {"numbers": ", ".join(every[-1]["words"])}
            )

    def show(self, table: Table) -> None:
        console = Console(width=None if sys.stdout.isatty() else 200)
        with console.capture() as capture:
            console.print(table)
        self.stdout.write(capture.get())


def _about_carrying(commands: Any) -> None:
    """The words about files on a medium."""
    carry = commands.add_parser(
        "carry", help="Exchange with a node that no network reaches, by files on a medium."
    )
    ways = carry.add_subparsers(dest="way", required=True)
    out = ways.add_parser("out", help="Write what waits for a node into a file that only it can read.")
    out.add_argument("node", help="Its name in the directory.")
    out.add_argument("file", type=Path, help="A new file, on the medium.")
    out.add_argument(
        "--everything",
        action="store_true",
        help="Also what earlier files held, because one of them was lost.",
    )
    into = ways.add_parser("in", help="Take in a file that was carried here.")
    into.add_argument("file", type=Path, help="The file.")
    ways.add_parser(
        "key", help="Print this node's key for the directory (carry_key); it is made the first time."
    )


def _of_file(told: dict[str, Any]) -> str:
    """What became of a file, in one line."""
    words = {
        "written": _(
            "File %(number)s for %(node)s: %(messages)s messages, %(files)s files, %(receipts)s receipts."
        ),
        "taken": _(
            "File %(number)s from %(node)s is taken in: %(messages)s messages, %(files)s files, %(receipts)s receipts."
        ),
        "before": _("File %(number)s from %(node)s was taken in before; nothing has changed."),
        "late": _("File %(number)s from %(node)s comes too late: a later one with everything was taken in."),
        "held": _("File %(number)s from %(node)s is held: an earlier one has not come yet."),
    }
    return words[told["what"]] % told


def _trials(started: Sequence[UUID]) -> list[trials.Trial]:
    return [one for trial in started for one in trials.found(trial)]


def _hops() -> list[str]:
    """What the hops of a test message are called."""
    return [pgettext("hop", "Signed"), pgettext("hop", "Received"), pgettext("hop", "Handled")]


def _seconds(span: timedelta | None) -> str:
    return f"{span.total_seconds():.2f} s" if span is not None else "–"


def _moment(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "–"


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
