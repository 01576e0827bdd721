"""Processes are killed in the middle of the work of other agencies: another takes over, and there is one effect."""

import os
import random
import signal
import time

import httpx
import pytest

from tests.country.land import NAMES, ONCE, until

VICTIMS = [("tuphap", ("exchange", "worker", "web")), ("laocai", ("exchange", "worker"))]


@pytest.mark.parametrize(("node", "processes"), VICTIMS)
def test_killed_processes_are_replaced_and_the_story_ends_once(land, node, processes):
    story = land.story(at="proposed")
    for process in processes:
        land.kill_without_waiting(node, process)
    story.finish()
    assert story.effects() == ONCE


def test_what_a_killed_worker_was_doing_is_done_again(land):
    story = land.story(at="accepted")
    keeper = land.at("laocai", 2)
    until(lambda: land.at("laocai").do("is_settled"))
    story.propose()
    keeper.do("hold", dossier=story.id)
    until(lambda: land.at("laocai").do("has_someone_waiting"), or_tell=land.tell)
    land.kill("laocai", "worker")
    keeper.do("let_go")
    story.finish()
    assert story.effects() == ONCE


def test_a_killed_web_process_serves_again(land):
    land.kill("laocai", "web")
    until(lambda: answers(f"{land.url('laocai')}/verify/"))


def test_processes_killed_at_any_moment_change_nothing(land):
    chance = random.Random(20261120)  # noqa: S311 — the same moments every time
    stories = [land.story(at="accepted") for _story in range(3)]
    for story in stories:
        story.propose()
        kill_some(land, chance)
    for story in stories:
        until(story.is_ready_to_sign, 60, or_tell=land.tell)
        story.agency.do("sign", dossier=story.id)
        kill_some(land, chance)
    for story in stories:
        until(story.has_ended, 60, or_tell=land.tell)
    assert [story.effects() for story in stories] == [ONCE] * len(stories)


def kill_some(land, chance):
    """Two processes of those that work on births, each after a moment that differs."""
    for _one in range(2):
        time.sleep(chance.uniform(0, 0.4))  # not to wait for something, but to strike at any moment
        land.kill_without_waiting(chance.choice(NAMES), chance.choice(("exchange", "worker")))


def test_a_killed_database_comes_back_and_nothing_acknowledged_is_lost(land):
    stories = [land.story(at="accepted"), land.story(at="accepted")]
    for story in stories:
        story.propose()
    killed = land.postmaster
    os.kill(killed, signal.SIGKILL)
    until(lambda: is_another(land, killed))
    for story in stories:
        until(lambda story=story: steps_of(story).get("sign") == "running", 60, or_tell=land.tell)
        story.finish()
    assert [story.effects() for story in stories] == [ONCE, ONCE]


def test_every_process_works_again_after_the_database_was_killed(land):
    killed = land.postmaster
    os.kill(killed, signal.SIGKILL)
    until(lambda: is_another(land, killed))
    for node in NAMES:
        until(lambda node=node: answers(f"{land.url(node)}/account/login/"), or_tell=land.tell)
        until(lambda node=node: answers(land.meddlers[node].url + "/health"), or_tell=land.tell)
    story = land.story(at="proposed")
    story.finish()
    assert story.effects() == ONCE
    until(lambda: {land.at(node).do("unsealed") for node in NAMES} == {0})


def steps_of(story):
    """The steps, or none while the database is away."""
    try:
        return story.steps
    except Exception:
        return {}


def is_another(land, killed):
    try:
        return land.postmaster != killed
    except (FileNotFoundError, IndexError):
        return False


def answers(url):
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
