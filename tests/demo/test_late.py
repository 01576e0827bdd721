"""The story of a late dossier, played page by page against one node: only the past itself is given."""

from datetime import timedelta

from django.utils import timezone

from motcua.demo.journeys.overdue import overdue
from motcua.demo.journeys.story import Story
from motcua.dossiers.models import Dossier
from tests import given


class OneNode:
    """A country that is one node."""

    def __init__(self, url):
        self.address = url

    def url(self, _node):
        return self.address


class Watched(Story):
    """A story whose browsers are known, to be closed: a connection they keep would keep the server's to the database."""

    def seen(self):
        return self.__dict__.setdefault("browsers", [])

    def enter(self, key):
        self.seen().append(browser := super().enter(key))
        return browser

    def visit(self, node):
        self.seen().append(browser := super().visit(node))
        return browser


def test_the_story_of_a_late_dossier_holds(live_server, transactional_db, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.NODE = settings.NODE.model_copy(update={"name": "laocai"})
    given.keys()
    given.officer("chair")
    dossier = given.dossier(at="accepted")
    # What takes three months in the demo's past.
    Dossier.objects.filter(pk=dossier.pk).update(due_at=timezone.now() - timedelta(days=3))
    story = Watched(OneNode(live_server.url), lambda _words: None)
    try:
        overdue(story)
    finally:
        for browser in story.seen():
            browser.client.close()
    assert ([one.what for one in story.checks if not one.holds], len(story.steps), len(story.checks)) == (
        [],
        4,
        6,
    )
