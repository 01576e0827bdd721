"""Pages that are laid out draw what Django draws."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, NodeList, Template
from django.template.engine import Engine
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from motcua.ui.drawing import laid


class Silent(ObjectDoesNotExist, AttributeError):
    """As the ORM says that another table keeps nothing."""


class Thing:
    name, number = "<Lù A Páo>", 1234567
    forbidden = lambda self: "changed"  # noqa: E731 — stands for a method
    forbidden.alters_data = True  # type: ignore[attr-defined]

    @property
    def kept_elsewhere(self) -> str:
        raise Silent

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    def said(self) -> str:
        return "said"

    def of(self, other: str) -> str:
        return other

    def fails(self) -> str:
        raise Silent


GIVEN: Mapping[str, Any] = {
    "thing": Thing(),
    "rows": [SimpleNamespace(n=1, t="a&b"), SimpleNamespace(n=2, t="'c'")],
    "pairs": [("x", 1), ("<y>", 2)],
    "known": {"one": "<1>", "items_of": [1], "0": "zero"},
    "none": None,
    "empty": "",
    "safe": mark_safe("<b>"),
    "at": datetime(2026, 11, 23, 2, 12, tzinfo=UTC),
    "share": 97.8,
    "sum": Decimal("10.50"),
    "yes": True,
    "word": gettext_lazy("Papers"),
    "made": lambda: "made",
}
PAGES = (
    "{{ thing.name }} {{ thing.number }} {{ thing.said }} {{ thing.of }} {{ thing.forbidden }} {{ thing.nothing }}",
    "[{{ thing.kept_elsewhere }}] [{{ thing.kept_elsewhere.name }}] [{{ thing.fails }}] {{ thing.said.upper.lower }}",
    "{{ known.one }} {{ known.nothing }} {{ known.items }} {{ known.0 }} {{ rows.1.t }} {{ rows.7.t }} {{ pairs.0.0 }}",
    "{{ nothing }} {{ none }} {{ none.name }} {{ empty.name }} {{ empty }} {{ safe }} {{ at }} {{ share }} {{ sum }}",
    "{{ yes }} {{ word }} {{ made }} {{ 5 }} {{ 1.5 }} {{ 'a<b' }} {{ _('Papers') }} {{ True }}",
    "{{ thing.name|upper }} {{ safe|upper }} {{ nothing|default:'<x>' }} {{ nothing|default:thing.name }} {{ at|date:'d/m' }}",
    "{{ known.one|default:'a'|lower }} {{ rows|length }} {{ thing.name|linebreaksbr }} {{ share|floatformat:1 }} {{ none|default_if_none:5 }}",
    "{% if thing.nothing %}a{% elif none or empty %}b{% else %}c{% endif %}{% if not nothing %}d{% endif %}",
    "{% if thing.number > 5 and yes %}a{% endif %}{% if 'x' in pairs.0 %}b{% endif %}{% if none < 5 %}c{% endif %}",
    "{% if none is None %}a{% endif %}{% if yes is not None %}b{% endif %}{% if 3 not in rows %}c{% endif %}{% if 1 == 1.0 %}d{% endif %}",
    "{% if known.one != 'x' %}a{% endif %}{% if rows|length >= 2 %}b{% endif %}{% if 5 <= 4 %}c{% endif %}{% if none in none %}d{% endif %}",
    "{% if thing.name|default:nothing %}a{% endif %}{% if empty|default:nothing %}b{% endif %}",
    "{% for row in rows %}{{ forloop.counter }}{{ forloop.revcounter0 }}{{ forloop.first }}{{ row.t }}{% cycle 'u' 'v' %}{% endfor %}",
    "{% for a, b in pairs reversed %}{{ a }}{{ b }}{% for row in rows %}{{ forloop.parentloop.counter }}{{ row.n }}{{ a }}{% endfor %}{% endfor %}",
    "{% for row in nothing %}x{% empty %}none{% endfor %}{% for key in known %}{{ key }}{% endfor %}{% for k, v in known.items %}{{ k }}{{ v }}{% endfor %}",
    "{% for row in rows %}{% ifchanged row.n %}{{ row.n }}{% endifchanged %}{% with n=row.n t='<' %}{{ n }}{{ t }}{% endwith %}{% endfor %}",
    "{% autoescape off %}{{ thing.name }}{% if yes %}{{ rows.0.t }}{% endif %}{% time at %}{% endautoescape %}{% filter upper %}a{{ safe }}{% endfilter %}",
    "{% time at 'moment' %} {% time none %} {% drawing 'check' %} {% firstof none empty thing.name %}",
    "{% blocktrans with name=thing.name n=thing.nothing %}Given to {{ name }}. 100 % {{ n }} {{ safe }} {{ nothing }}{% endblocktrans %}",
    "{% blocktrans count count=thing.number %}{{ count }} unread notice{% plural %}{{ count }} unread notices{% endblocktrans %}",
    "{% blocktrans %}Papers{% endblocktrans %}{% blocktrans asvar said %}Papers{% endblocktrans %}{{ said }}",
    "{% block one %}{{ thing.name }}{% endblock %}{% block two %}{% if yes %}{{ known.one }}{% endif %}{% endblock %}",
)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_laid_out_draws_what_django_draws(page: str, language: str) -> None:
    drawn = Template(page)
    with translation.override(language):
        before = drawn.render(Context(dict(GIVEN)))
        drawn.nodelist = laid(drawn.nodelist)
        assert [drawn.render(Context(dict(GIVEN))) for _time in range(2)] == [before, before]


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("{{ thing.broken }}", AttributeError),
        ("{% for a, b in rows %}{% endfor %}", Exception),
        ("{% blocktrans count count=thing.name %}a{% plural %}b{% endblocktrans %}", Exception),
    ],
)
def test_what_is_a_mistake_for_django_is_one_here(page: str, fault: type[Exception]) -> None:
    drawn = Template(page)
    with pytest.raises(fault):
        drawn.render(Context(dict(GIVEN)))
    drawn.nodelist = laid(drawn.nodelist)
    with pytest.raises(fault):
        drawn.render(Context(dict(GIVEN)))


def test_every_page_of_ours_is_laid_out_to_its_last_branch() -> None:
    page: Any = Engine.get_default().get_template("desk/worklist.html")
    kinds = {type(nodes).__name__ for nodes in lists_in(page.nodelist)}
    assert kinds == {"Laid"}


def lists_in(nodes: Any) -> Iterator[NodeList]:
    """A list of nodes, and those within it."""
    yield nodes
    for node in nodes:
        branches = [branch for _asked, branch in getattr(node, "conditions_nodelists", ())]
        for inner in branches or [getattr(node, name, None) for name in node.child_nodelists]:
            if inner is not None:
                yield from lists_in(inner)
