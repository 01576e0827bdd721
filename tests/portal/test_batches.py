"""The pages of many dossiers: a table pasted or uploaded, errors row by row, one button, and the business's page."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.dossiers.models import Application, Batch
from motcua.lib.actions import Invalid
from motcua.mandates.models import Mandate
from motcua.portal import tables
from tests import given
from tests.dossiers.test_batches import batch, enter, form  # noqa: F401 — a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(batch):  # noqa: F811
    """What the two columns of the list are called."""
    called = tables.headings(batch)
    return called["birth_number"], called["copies"]


def told(page):
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).split())


def test_a_table_is_read_however_it_is_parted_and_spelled(batch, names):  # noqa: F811
    number, copies = names
    for text in (
        f"{number}\t{copies}\n000196004821\t2\n\n",
        f'{number};"{copies}"\r\n000196004821;2',
        f"birth_number,{copies.upper()}\n000196004821,2",
    ):
        assert tables.read(batch, tables.table(text)) == [
            (2, {"birth_number": "000196004821", "copies": "2"})
        ]


@pytest.mark.parametrize("text", ["", "Họ của mèo\tx\n1\t2", "copies\tcopies\n1\t2", 'copies\n"1'])
def test_what_is_no_list_is_refused_in_words(batch, text):  # noqa: F811
    with pytest.raises(Invalid):
        tables.read(batch, tables.table(text))


def test_the_empty_list_can_be_read_again(batch):  # noqa: F811
    text = tables.decoded(tables.template(batch))
    assert tables.read(batch, tables.table(text)) == []
    with pytest.raises(Invalid):
        tables.decoded("á".encode("utf-16"))


def test_a_business_makes_and_sends_many_on_its_pages(visitor, line, names):
    number, copies = names
    client, held = visitor("doi"), Batch.objects.get()
    page = f"/my/lists/{held.pk}/"
    bad = client.post(f"{page}rows/", {"table": f"{number}\t{copies}\n000196004821\t2\n12\t2"})
    assert (bad.status_code, held.applications.count()) == (422, 0)
    assert re.search(f"3 {re.escape(number)}", told(bad))
    file = SimpleUploadedFile(
        "a.csv", f"{number};{copies}\n000196004821;2\n000196004822;1\n".encode("utf-8-sig")
    )
    assert client.post(f"{page}rows/", {"file": file}).status_code == 302
    chosen = [str(pk) for pk in held.applications.values_list("pk", flat=True)]
    # The register is asked once, when something goes: not for rows that lack something, nor for none.
    given.enterprise()
    Mandate.objects.update(proof={"service": "business.representative"})
    answers = held.applications.get(row=2).answers
    for chose, left in (([], answers), (chosen, {})):
        held.applications.filter(row=2).update(answers=left)
        client.post(f"{page}send/", {"chosen": chose})
        assert (line.asked, held.applications.filter(state=0).count()) == ([], 2)
    held.applications.filter(row=2).update(answers=answers)
    assert client.post(f"{page}send/", {"chosen": [*chosen, "x"]}).status_code == 302
    assert len(line.asked) == 1
    assert set(held.applications.values_list("state", flat=True)) == {1}
    Application.objects.filter(batch=held, row=2).update(state=6, fee={"open": 16000, "url": "/pay/1/"})
    overview = told(client.get(f"/my/businesses/{given.BUSINESS}/"))
    assert "Phải nộp tất cả 16.000" in overview
    assert [client.get(f"{page}empty.{kind}").status_code for kind in ("csv", "xlsx")] == [200, 200]
    stranger = visitor("may")
    urls = (page, f"/my/businesses/{given.BUSINESS}/", f"{page}empty.csv", f"{page}empty.xlsx")
    assert [stranger.get(url).status_code for url in urls] == [404] * 4
    assert [visitor().get(url).status_code for url in urls] == [302] * 4


def test_the_check_of_a_businesss_form_leads_there(visitor, db):
    given.country()
    application = form()
    page = visitor("doi").get(f"/applications/{application.pk}/check/")
    assert "Lập danh sách" in told(page)
    first = visitor("doi").post(f"/applications/{application.pk}/many/").url
    assert visitor("doi").post(f"/applications/{application.pk}/many/").url == first
    assert visitor("may").post(f"/applications/{application.pk}/many/").status_code == 404
