"""Templates rendered from a string, and a browser whose every request is answered by Django's test client."""

from urllib.parse import urlsplit

import pytest
from django.template import RequestContext, Template
from django.test import Client
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from tests import looking

SITE = "http://localhost"


@pytest.fixture
def draw(rf):
    """Draw a template written in a test, without the spaces between tags."""

    def draw(source, **context):
        compiled = CottonCompiler().process(source)
        request = rf.get("/here/")
        request.user = None
        drawn = Template(compiled).render(RequestContext(request, context))
        return " ".join(drawn.split()).replace("> <", "><")

    return draw


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def chromium():
    with looking.chromium() as browser:
        yield browser


@pytest.fixture
def visit(chromium):
    """Open a path at a width and colour scheme; returns the page and what it complained about."""
    contexts = []

    def visit(path, *, width=1280, scheme="light", checked=False):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="vi-VN", bypass_csp=checked
        )
        contexts.append(context)
        client = Client(raise_request_exception=False)
        context.route("**/*", lambda route: _answer(client, route))
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(SITE + path)
        return page

    yield visit
    for context in contexts:
        context.close()


def _answer(client, route):
    url = urlsplit(route.request.url)
    response = client.get(url.path, headers={"host": url.netloc})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    route.fulfill(status=response.status_code, headers=dict(response.items()), body=body)
