"""An agency's node is down: the dossier waits, says why, and finishes by itself."""

from tests.country.land import ONCE, until


def test_a_dossier_waits_for_a_stopped_agency_says_why_and_finishes_by_itself(land):
    story = land.story(at="accepted")
    land.stop_node("bhxh")
    story.propose()
    until(lambda: story.steps["residence"] == "done", or_tell=land.tell)
    told = until(lambda: waiting(story))
    assert (told["state"], told["next_try"]) == ("signed", True)
    assert told["words"].startswith(
        "The other node cannot be reached; the message is safe and is sent as soon as it answers"
    )
    assert (story.steps["insurance"], story.steps["sign"]) == ("running", "waiting")
    land.start_node("bhxh")
    story.finish()
    assert story.effects() == ONCE


def waiting(story):
    told = story.agency.do("why", dossier=story.id, key="insurance")
    return told if "cannot be reached" in told["words"] else None
