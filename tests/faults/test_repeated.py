"""Every message comes twice, or comes changed: there is one effect, or none and a reason."""

import json

from tests.country import meddling
from tests.country.land import ONCE, until

BATCHES = "/exchange/batches"


def test_every_message_sent_twice_has_one_effect(land):
    land.meddle(meddling.twice)
    story = land.story(at="proposed")
    story.finish()
    assert story.effects() == ONCE
    pairs = [pair for meddler in land.meddlers.values() for pair in in_pairs(meddler.handed_on)]
    # Received before: the first receipt again. What was to wait (for its files, for what goes before it) may be taken now.
    assert {again for first, again in pairs if first == 200} == {208}, pairs


def in_pairs(handed_on):
    """What a node said of each message when it came, and when it came again; what was on its way before came once."""
    for answers in handed_on:
        said = [json.loads(one.body)["verdicts"][0]["status"] for one in answers if one.path == BATCHES]
        if len(said) == 2:
            yield tuple(said)


def test_a_parcel_changed_on_the_wire_is_refused_and_logged_and_arrives_when_it_is_left_alone(land):
    story = land.story(at="accepted")
    until(lambda: land.at("laocai").do("is_settled"), or_tell=land.tell)
    land.meddle(meddling.with_one_byte_changed, ["tuphap"])
    story.propose()
    meddler = land.meddlers["tuphap"]
    until(lambda: meddler.answers and land.at("laocai").do("last_error", peer="tuphap"), or_tell=land.tell)
    answer = meddler.answers[0]
    assert (answer.path, answer.status, answer.media_type) == (BATCHES, 401, "application/problem+json")
    problem = json.loads(answer.body)
    assert (problem["status"], problem["detail"]) == (401, REFUSAL)
    refusal = until(lambda: refused_by(land, "tuphap"))
    assert (refusal["status"], refusal["what"], refusal["detail"]) == (401, BATCHES, REFUSAL)
    assert REFUSAL in land.at("laocai").do("last_error", peer="tuphap")
    assert story.steps["register"] == "running"
    land.meddle()
    story.finish()
    assert story.effects() == ONCE


REFUSAL = "Content-Digest does not fit the body; write sha-256=:…: over the body as sent (RFC 9530)."


def refused_by(land, node):
    newest = land.at(node).do("refusals")
    return json.loads(newest[0]) if newest else None
