"""The words of all apps laid together say what they said apart."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext, trans_real

from motcua.ui.catalogs import lay_together


def said():
    """Every word in every language, with its plurals for one and for two."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            catalog = trans_real.catalog()._catalog
            for key in set(catalog.keys()):
                many = isinstance(key, tuple)
                found[language, key] = (
                    [ngettext(key[0], key[0], count) for count in (0, 1, 2, 5)] if many else catalog[key]
                )
    return found


def test_words_laid_together_are_the_same(monkeypatch):
    monkeypatch.setattr(trans_real, "_translations", {})
    before = said()
    lay_together()
    laid = {
        language: trans_real.translation(language)._catalog._catalogs
        for language, _name in settings.LANGUAGES
    }
    assert said() == before
    assert len(laid["vi"]) == 1
    assert len(laid["en"]) <= 3
