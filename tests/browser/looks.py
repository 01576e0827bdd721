"""Who looks at which page: by the name of its address, so that none can be forgotten."""

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from tests import given


@dataclass(frozen=True)
class Look:
    """One of the demo's people (nobody, if empty) at a named address."""

    name: str
    key: str = ""
    args: tuple = ()
    query: str = ""
    status: int = 200

    @property
    def address(self):
        return reverse(self.name, args=self.args) + (f"?{self.query}" if self.query else "")


class Visitors:
    """A browser for each of the people, the same however often they look."""

    def __init__(self):
        self.browsers = {}

    def __call__(self, key=""):
        if key not in self.browsers:
            self.browsers[key] = Client(headers={"accept-language": "vi"})
            if key:
                given.sign_in(self.browsers[key], key)
        return self.browsers[key]


def drawn(visitor, looks):
    """What each sees, by who and where: a page, and nothing else."""
    pages, amiss = {}, []
    for look in looks:
        answer = visitor(look.key).get(look.address)
        if answer.status_code == look.status and answer.headers["Content-Type"].startswith("text/html"):
            pages[f"{look.key} {look.address}"] = answer.content
        else:
            amiss.append((look.name, look.key, answer))
    assert amiss == []
    return pages
