"""Text messages: short, plain, sent once, and only where they help."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from motcua.lib.actors import Actor
from motcua.notices import actions
from motcua.notices.models import Delivery, Notice
from motcua.notices.texts import MOST_PARTS, Folder, Service, message, parts, plain
from motcua.notices.wording import WORDINGS, wording
from motcua.people.models import Account

SYSTEM = Actor.system("tests")


@pytest.fixture
def person(db):
    return Account.objects.create(username="000198000001", name="Trần Hạ Mây", phone="0000004821")


@pytest.fixture
def told(person, settings):
    """Tell the person something with these words, at a node whose messages go into a folder."""
    settings.NODE = settings.NODE.model_copy(update={"sms": "folder"})

    def told(subject, *, urgent=True):
        code = wording("lamps.lit", subject=subject, body="…", urgent=urgent)
        notice = Notice(recipient=person, code=code, parameters={}, link="/lamps/1/", key="entry:1")
        return actions.tell(notice, by=SYSTEM)

    yield told
    WORDINGS.pop("lamps.lit", None)


class Taking(BaseHTTPRequestHandler):
    """A provider of text messages."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), json.loads(body)))
        self.send_response(self.server.answers.pop(0))
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def provider():
    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        server.taken, server.answers = [], []
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def channels_of(notice):
    return set(Delivery.objects.filter(notice=notice).values_list("channel", flat=True))


def test_what_is_urgent_goes_out_as_text_and_what_is_not_stays_in_the_inbox(told):
    assert channels_of(told("Hồ sơ cần bổ sung")) == {"text"}


def test_what_is_not_urgent_stays_in_the_inbox(told):
    assert channels_of(told("Hồ sơ đã tiếp nhận", urgent=False)) == set()


@pytest.mark.parametrize("missing", ["phone", "gateway"])
def test_without_number_or_gateway_there_is_no_text(told, person, settings, missing):
    if missing == "phone":
        person.phone = ""
        person.save()
    else:
        settings.NODE = settings.NODE.model_copy(update={"sms": ""})
    assert channels_of(told("Hồ sơ cần bổ sung")) == set()


def test_a_text_lies_in_the_folder_once(told, settings):
    notice = told("Hồ sơ H38-1 đã xong: kết quả đã đến tay bạn")
    delivery = Delivery.objects.get(notice=notice)
    actions.deliver(delivery, by=SYSTEM)
    actions.deliver(delivery, by=SYSTEM)
    [file] = settings.TEXTS.iterdir()
    assert file.read_text("utf-8") == (
        f"To: 0000004821\n\nHo so H38-1 da xong: ket qua da den tay ban {settings.NODE.web_url}/lamps/1/\n"
    )


def test_a_long_subject_is_cut_and_the_address_is_not(told, settings):
    text = message(told("dài " * 400))
    assert text.endswith(f" {settings.NODE.web_url}/lamps/1/")
    assert parts(text) == MOST_PARTS


@examples(st.text())
def test_every_text_becomes_letters_each_telephone_knows(text):
    assert plain(text).isascii()
    assert plain(plain(text)) == plain(text)


def test_vietnamese_keeps_its_words():
    assert plain("Đồng chí Nguyễn Thị Ước\nđã ký – “xong”…") == 'Dong chi Nguyen Thi Uoc da ky - "xong"...'


def test_a_provider_gets_number_text_and_an_identifier(provider):
    provider.answers = [202]
    Service(f"http://127.0.0.1:{provider.server_port}/", "secret").send("0000004821", "Xin chao", once="n1")
    [(headers, body)] = provider.taken
    assert body == {"id": "n1", "to": "0000004821", "text": "Xin chao"}
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer secret", "n1")


def test_a_provider_that_refuses_is_asked_again_later(provider):
    provider.answers = [503]
    with pytest.raises(httpx.HTTPStatusError):
        Service(f"http://127.0.0.1:{provider.server_port}/", "secret").send(
            "0000004821", "Xin chao", once="n1"
        )


def test_a_half_written_message_is_not_in_the_folder(tmp_path):
    Folder(tmp_path).send("0000004821", "Xin chào", once="n1")
    assert [file.name for file in tmp_path.iterdir()] == ["n1.txt"]
