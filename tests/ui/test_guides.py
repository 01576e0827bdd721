"""The guides as pages of the product."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation

from motcua.ui.guides import FOLDER, NAMES, guide


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_drawn_with_all_its_pictures_and_leads_nowhere_wrong(client, name, language):
    with translation.override(language):
        page = client.get(f"/help/{name}/", headers={"accept-language": language}).content.decode()
    drawn = guide(name, language)
    pictures = re.findall(r'<img src="/static/([^"]+)"', drawn.body)
    text = (FOLDER / language / f"{name}.md").read_text()
    assert drawn.body in page
    assert [one for one in pictures if not finders.find(one)] == []
    assert [f"guide/{one}" for one in re.findall(r"\(\.\./pictures/([^)]+)\)", text)] == pictures
    assert [words for _anchor, words in drawn.sections] == re.findall(r"(?m)^## (.+)$", text)
    assert [link for link in re.findall(r'href="([^"]+)"', drawn.body) if link.strip("./") not in NAMES] == []


def test_a_guide_touches_no_database_and_another_name_is_not_found(client):
    """There is none in this test."""
    assert [client.get(address).status_code for address in ("/help/", "/help/khac/")] == [200, 404]
