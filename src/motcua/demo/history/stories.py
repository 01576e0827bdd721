"""What becomes of one dossier: who does what when, drawn once, then done by the officers' own actions."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from uuid import UUID

from django.db.models import Sum

from motcua.demo.history import scenes
from motcua.demo.history.answers import filled
from motcua.demo.history.desk import Desk, settle
from motcua.demo.history.plots import SEED, Plot
from motcua.demo.journeys.acts import photograph
from motcua.demo.people import Person
from motcua.documents.models import store
from motcua.dossiers import actions
from motcua.dossiers.actions.counter import Brought, Verdict
from motcua.dossiers.models import BY_PEOPLE, Application, Dossier, Step
from motcua.dossiers.postings import Posting
from motcua.dossiers.questions import is_done_at_once
from motcua.dossiers.states import State, Way
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar
from motcua.organisations.models import calendar_for
from motcua.procedures.models import Version
from motcua.procedures.vocabulary import Verb

REASONS = {
    "supplement": "Thiếu bản sao giấy tờ chứng minh nơi cư trú. Bổ sung 01 bản rồi nộp lại tại Bộ phận Một cửa.",
    "refuse": "Hồ sơ không thuộc thẩm quyền của cơ quan này; đã hướng dẫn nộp đúng nơi.",
    "stop": "Qua xác minh, thông tin khai không đúng với sổ gốc lưu tại cơ quan.",
    "late": "Phải xác minh thêm tại cơ quan lưu giữ sổ gốc.",
    "back": "Bổ sung căn cứ pháp lý vào phiếu trình.",
}
FOUND = (
    "Đã đối chiếu với sổ gốc, khớp.",
    "Đã kiểm tra tại chỗ, đúng như khai.",
    "Hồ sơ đầy đủ, đúng quy định.",
)
CERTIFIED_COPIES = "2.000815"
GRACE = 3  # working days an apology asks for

type Turn = Iterator[datetime]


@dataclass
class Story:
    """One dossier from the day it is brought; `told()` yields when it goes on, and does the next thing then."""

    plot: Plot
    version: Version
    desk: Desk
    # The agency that is asked for its opinion, where the plot wants one.
    asked: Desk | None
    chance: Random
    has_asked: bool = False

    @property
    def id(self) -> UUID:
        return self.plot.id

    @property
    def person(self) -> Person:
        return self.plot.person

    @property
    def start(self) -> datetime:
        return self.plot.start

    @cached_property
    def haste(self) -> float:
        """How much of its legal time this dossier takes; above 1 it is late."""
        return self.chance.lognormvariate(self.desk.pace, 0.45)

    @property
    def calendar(self) -> Calendar:
        return calendar_for(self.desk.agency)

    def told(self) -> Turn:
        """Brought, worked on, handed over: until it ends."""
        if self.plot.is_online and "online" in self.channels:
            dossier = yield from self.filed_online()
        else:
            dossier = self.filed_at_the_counter()
        yield from self.mended(dossier)
        yield from self.worked_on(dossier)
        yield from scenes.complained(self.desk, self.plot, dossier, self.chance)
        yield from self.closed(dossier)

    @property
    def channels(self) -> set[str]:
        return {channel.value for channel in self.version.definition.channels}

    # How it comes in

    def filed_at_the_counter(self) -> Dossier:
        """An officer takes it down, as on the counter's page."""
        way = self.chance.choices(list(Way), weights=(80, 8, 9, 3))[0]
        case = self.case()
        dossier = Dossier(
            pk=self.id,
            version=self.version,
            case=case,
            channel=way.channel,
            agency=self.desk.agency,
            origin=self.desk.agency,
            applicant_name=self.person.name,
            applicant_number=self.person.number,
            filing={"way": way.value},
            visit=UUID(int=self.id.int ^ 1),
            sent_at=self.start,
            arrived_at=self.start,
        )
        pages = filled(self.version.definition, case, self.person, chance=self.chance, on=self.start.date())
        typed = {name: value for page in pages.values() for name, value in page.items()}
        verdict, said = self.verdict(way, case)
        brought = Brought(typed=typed, papers=self.papers(case, way), verdict=verdict, words=said)
        actions.receive(dossier, by=self.desk.officer("receiver", self.chance), brought=brought)
        return dossier

    def verdict(self, way: Way, case: str) -> tuple[Verdict, str]:
        """What the officer finds: most dossiers are whole."""
        drawn = self.chance.random()
        if self.plot.is_forgotten:
            return Verdict.ACCEPT, ""
        if drawn < 0.02:
            return Verdict.REFUSE, REASONS["refuse"]
        if drawn < 0.07:
            return Verdict.SUPPLEMENT, REASONS["supplement"]
        channel = way.channel.word
        if way is Way.SELF and is_done_at_once(self.version.definition, case, channel) and drawn < 0.55:
            return Verdict.AT_ONCE, "Đã cấp kết quả tại chỗ."
        return Verdict.ACCEPT, ""

    def papers(self, case: str, way: Way) -> list[dict[str, object]]:
        """What lies on the counter; it is scanned there."""
        wanted = self.version.definition.papers_for(case, way.channel.word)
        return [self.scan(one.id, one.name.vi) for one in wanted if one.required]

    def scan(self, paper: str, name: str) -> dict[str, object]:
        """An original, as the officer scanned it."""
        blob = store().put([photograph()])
        return {
            "paper": paper,
            "name": name[:200],
            "media": "image/png",
            "size": blob.size,
            "digest": blob.digest,
            "copy": "original",
        }

    def filed_online(self) -> Generator[datetime, None, Dossier]:
        """The person fills in and sends at the province's portal; the desk looks at it some hours later."""
        by, mandate = scenes.mandated(self.desk, self.plot, self.version)
        case = self.case()
        begun = actions.begin(
            self.version,
            by=by,
            case=case,
            agency=self.desk.agency,
            agency_name=self.desk.name,
            mandate=mandate,
        )
        pages = filled(self.version.definition, case, self.person, chance=self.chance, on=self.start.date())
        for group, typed in pages.items():
            actions.fill(begun, by=by, group=group, answers=typed)
        self.attach_to(begun, by=by)
        actions.send(begun, by=by)
        settle()
        yield self.calendar.add(self.start, self.chance.uniform(0.5, 6))
        dossier = Dossier.objects.get(pk=begun.pk)
        by, drawn = self.desk.officer("receiver", self.chance), self.chance.random()
        if drawn < 0.03:
            actions.refuse(dossier, by=by, reason=REASONS["refuse"])
        elif drawn < 0.10:
            actions.request_supplement(dossier, by=by, reason=REASONS["supplement"])
        else:
            actions.accept(dossier, by=by)
        return dossier

    def attach_to(self, begun: Application, *, by: Actor) -> None:
        """The papers asked for, each as a picture."""
        blob = store().put([photograph()])
        for one in self.version.definition.papers_for(begun.case, "online"):
            if one.required and one.upload:
                actions.attach(
                    begun,
                    by=by,
                    paper=one.id,
                    name=f"{one.id}.png",
                    media="image/png",
                    size=blob.size,
                    digest=blob.digest,
                )

    def case(self) -> str:
        cases = self.version.definition.cases
        return self.chance.choice(cases).id if cases else ""

    # How it goes on

    def mended(self, dossier: Dossier) -> Turn:
        """What was missing comes after some days; for a few it never does."""
        if dossier.state != State.SUPPLEMENT or self.chance.random() < 0.15:
            return
        yield self.calendar.add_days(self.desk.now, self.chance.uniform(1, 6))
        by = self.desk.officer("receiver", self.chance)
        actions.resume(
            dossier, by=Actor.system("dossiers"), papers=[], note="Đã bổ sung.", sent_at=self.desk.now
        )
        if dossier.state == State.NEW:
            actions.accept(dossier, by=by)

    def worked_on(self, dossier: Dossier) -> Turn:
        """Each holder of a step does it when it is their turn, faster or slower."""
        yield from self.paid(dossier)
        if self.plot.is_forgotten:
            return
        while step := self.next_step(dossier):
            if self.asked and not self.has_asked:
                self.has_asked = True
                yield from scenes.asked_elsewhere(self.desk, self.asked, dossier, step, self.chance)
            yield self.finish_of(dossier, step)
            dossier.refresh_from_db()
            if dossier.has_ended or dossier.state not in {State.ACCEPTED, State.PROCESSING}:
                return
            self.apologise(dossier)
            self.do(dossier, step)

    def paid(self, dossier: Dossier) -> Turn:
        """At the counter the fee is paid in cash, from home by whatever bank one has."""
        if dossier.state != State.FEE:
            return
        if dossier.was_filed_here:
            self.desk.take_cash(dossier, by=self.desk.officer("receiver", self.chance))
            dossier.refresh_from_db()
        else:
            yield from scenes.paid_from_home(self.desk, self.plot, dossier, self.chance)

    def next_step(self, dossier: Dossier) -> Step | None:
        running = dossier.steps.filter(state=Step.State.RUNNING, kind__in=BY_PEOPLE).order_by("place")
        return running.first() if dossier.state in {State.ACCEPTED, State.PROCESSING} else None

    def finish_of(self, dossier: Dossier, step: Step) -> datetime:
        """When whoever holds the step is done with it: its part of the share of the legal time that this dossier takes."""
        if dossier.due_at is None or dossier.accepted_at is None:
            return self.calendar.add(self.desk.now, float(step.hours))
        legal = self.calendar.between(dossier.accepted_at, dossier.due_at)
        ours = dossier.steps.filter(kind__in=BY_PEOPLE, place__gt=0).aggregate(all=Sum("hours"))["all"]
        part = float(step.hours / ours) * self.chance.uniform(0.7, 1.3)
        return self.calendar.add(self.desk.now, legal * self.haste * part)

    def do(self, dossier: Dossier, step: Step) -> None:
        """The one thing this step wants."""
        verbs = dossier.definition.step(step.key).verbs
        by = self.desk.officer(step.role, self.chance)
        if Verb.SIGN in verbs:
            if self.chance.random() < 0.02 and Verb.RETURN_TO_EXAMINER in verbs:
                actions.return_to_examiner(dossier, by=by, reason=REASONS["back"])
            else:
                actions.sign(dossier, by=by)
        elif Verb.PROPOSE in verbs:
            if self.chance.random() < 0.015:
                actions.stop(dossier, by=by, reason=REASONS["stop"])
            else:
                self.compare(dossier)
                actions.propose(dossier, by=by, opinion="Đủ điều kiện giải quyết.")
        else:
            actions.complete(dossier, by=by, key=step.key, note=self.chance.choice(FOUND))
        dossier.refresh_from_db()

    def compare(self, dossier: Dossier) -> None:
        """A copy is certified by the original alone: whoever asked online brings it to the counter."""
        if self.version.code == CERTIFIED_COPIES:
            by = self.desk.officer("receiver", self.chance)
            actions.file_paper(dossier, by=by, paper=self.scan("original", "Bản chính"))

    def apologise(self, dossier: Dossier) -> None:
        """What is late gets its letter, more often than not."""
        late = dossier.due_at is not None and self.desk.now > dossier.due_at
        if late and self.chance.random() < 0.6 and not self.desk.is_extended(dossier):
            day = (self.calendar.add_days(self.desk.now, GRACE)).date()
            actions.extend(
                dossier, by=self.desk.officer("chair", self.chance), on=day, reason=REASONS["late"]
            )
            dossier.refresh_from_db()

    # How it ends

    def closed(self, dossier: Dossier) -> Turn:
        """The result is handed over at the counter; some say how it was, more of those who followed it online."""
        posting = Posting.objects.waiting().filter(dossier=dossier).first()
        if posting or dossier.state == State.DONE:
            yield self.calendar.add(self.desk.now, self.chance.uniform(0.2, 14))
            dossier.refresh_from_db()
            by = self.desk.officer("receiver", self.chance)
            if posting:
                actions.consign(posting, by=by, waybill=f"EA{self.plot.chance - SEED:09}VN")
                dossier.refresh_from_db()
            else:
                actions.hand_over(dossier, by=by)
        if dossier.state == State.RETURNED and dossier.rating is None:
            yield self.desk.now + timedelta(hours=self.chance.uniform(1, 60))
            dossier.refresh_from_db()
            if self.chance.random() < (0.25 if dossier.was_filed_here else 0.5):
                scenes.rated(self.desk, self.plot, dossier, self.chance)
