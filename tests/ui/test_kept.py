"""What Django keeps for each thread stays with it, kept lighter: language, time zone, root of addresses."""

from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.urls import base, get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone, translation
from django.utils.translation import trans_real

from motcua.ui.kept import keep_at_hand

KEPT = ((trans_real, "_active"), (timezone, "_active"), (base, "_prefixes"), (base, "_urlconfs"))
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    for module, name in KEPT:
        monkeypatch.setattr(module, name, getattr(module, name))
    keep_at_hand()


def asked():
    return (
        translation.get_language(),
        timezone.get_current_timezone_name(),
        get_script_prefix(),
        get_urlconf(),
    )


NOTHING_SAID = ("vi", "Asia/Ho_Chi_Minh", "/", None)


def test_what_was_never_said_is_what_the_settings_say():
    assert asked() == NOTHING_SAID


def test_what_one_thread_says_no_other_hears():
    heard = []
    with translation.override("en"), timezone.override(TOKYO):
        set_script_prefix("/x/")
        set_urlconf("motcua.api.urls")
        other = Thread(target=lambda: heard.append(asked()))
        other.start()
        other.join()
        assert asked() == ("en", "Asia/Tokyo", "/x/", "motcua.api.urls")
    assert heard == [NOTHING_SAID]


def test_what_is_taken_back_is_gone():
    with translation.override("en"):
        assert translation.gettext("Yes") == "Yes"
        with translation.override("vi"):
            assert translation.gettext("Yes") == "Có"
    translation.activate("en")
    translation.deactivate()
    timezone.activate(TOKYO)
    timezone.deactivate()
    set_urlconf("motcua.api.urls")
    set_urlconf(None)
    assert asked() == NOTHING_SAID
