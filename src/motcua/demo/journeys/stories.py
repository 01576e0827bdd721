"""The stories, by name: what happens in each, and what must be true at its end."""

from collections.abc import Callable
from dataclasses import dataclass

from motcua.demo.journeys import acts
from motcua.demo.journeys.appointment import appointment
from motcua.demo.journeys.business import business
from motcua.demo.journeys.counter import counter
from motcua.demo.journeys.dispatch import dispatch
from motcua.demo.journeys.levels import levels
from motcua.demo.journeys.mandate import mandate
from motcua.demo.journeys.merger import merger
from motcua.demo.journeys.morning import morning
from motcua.demo.journeys.office import office
from motcua.demo.journeys.overdue import overdue
from motcua.demo.journeys.payment import payment
from motcua.demo.journeys.phone import phone
from motcua.demo.journeys.signing import signing
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.writing import writing
from motcua.demo.people import BY_KEY

MAY, SUONG, LAM, LUA, LACH = (BY_KEY[key].name for key in ("may", "suong", "lam", "lua", "lach"))


@dataclass(frozen=True)
class Plot:
    """A story one can ask for."""

    title: str
    plot: Callable[[Story], None]
    needs_own: bool = False
    is_twice: bool = False
    past: int = 0  # dossiers the province has handled before, in a country made for this story


def birth(story: Story) -> None:
    """A child is born: one dossier, five agencies."""
    before = acts.delivered(story)
    application = acts.apply(story)
    code = acts.receive(story, application)
    acts.examine(story, application)
    acts.await_others(story, application)
    acts.sign(story, application)
    acts.take_result(story, application)
    acts.check_end(story, code, before=before)


def supplement(story: Story) -> None:
    """The officer asks for a supplement; the mother supplies it; the clock starts from zero."""
    before = acts.delivered(story)
    application = acts.apply(story)
    code = acts.receive(story, application)
    acts.ask_supplement(story, application)
    acts.supply(story, application)
    acts.examine(story, application)
    acts.await_others(story, application)
    acts.sign(story, application)
    acts.take_result(story, application)
    acts.check_end(story, code, before=before, states=[1, 2, 5, 4, 9, 10])


def refusal(story: Story) -> None:
    """The desk refuses the dossier with form 03."""
    application = acts.apply(story)
    acts.refuse(story, application)


def withdrawal(story: Story) -> None:
    """The mother takes her dossier back."""
    application = acts.apply(story)
    acts.receive(story, application)
    acts.withdraw(story, application)


def unknown(story: Story) -> None:
    """The applicant's number is unknown to the register: a clear message, nothing lost."""
    application = acts.apply(story, key="lach", is_known=False)
    acts.receive(story, application)


def outage(story: Story) -> None:
    """Social Security is down when its step begins: the dossier waits, shows why, and finishes by itself."""
    before = acts.delivered(story)
    application = acts.apply(story)
    code = acts.receive(story, application)
    with story.step("Social Security's node loses its power", who="–", node="bhxh"):
        story.world.stop_node("bhxh")
    acts.examine(story, application)
    acts.see_why_it_waits(story, application)
    with story.step("Social Security's node starts again", who="–", node="bhxh"):
        story.world.start_node("bhxh")
    acts.await_others(story, application)
    acts.sign(story, application)
    acts.take_result(story, application)
    acts.check_end(story, code, before=before)


def twice(story: Story) -> None:
    """Every message between the nodes arrives twice; everything happens once."""
    birth(story)
    story.check("messages were repeated all along", True, story.world.repeated() > 20)


STORIES = {
    "birth": Plot("A child is born: one dossier, five agencies", birth),
    "supplement": Plot("A supplement is asked for and supplied", supplement),
    "refusal": Plot("A dossier is refused", refusal),
    "withdrawal": Plot("A dossier is withdrawn", withdrawal),
    "unknown": Plot("The register does not know the applicant", unknown),
    "counter": Plot("Certified copies while one waits", counter),
    "overdue": Plot("A dossier is late", overdue, needs_own=True, past=120),
    "mandate": Plot("One acts for another by a mandate", mandate),
    "business": Plot("A business files many dossiers from one form", business),
    "levels": Plot("Commune, province and ministry decide one after another", levels),
    "dispatch": Plot("A document goes down three levels, its states come back", dispatch),
    "phone": Plot("A leader signs on a phone", phone),
    "morning": Plot("A clerk's morning with sixty incoming documents", morning),
    "payment": Plot("A fee is paid online", payment),
    "signing": Plot("A form is signed by a remote service", signing),
    "appointment": Plot("An appointment is booked, seen and given up", appointment),
    "writing": Plot("A procedure is changed in the browser", writing),
    "office": Plot("An administrator gets an office ready", office),
    "merger": Plot("Two communes merge while a dossier is under way", merger, needs_own=True),
    "twice": Plot("Every message sent twice: one effect", twice, needs_own=True, is_twice=True),
    "outage": Plot("Social Security is down for a while", outage, needs_own=True),
}
