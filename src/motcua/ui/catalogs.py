"""The words of all apps of a language, laid together."""

from typing import Any

from django.conf import settings
from django.utils.translation import trans_real


def lay_together() -> None:
    """One dictionary for each language and way of counting, instead of one for each app.

    Django 6.1 means to do so itself but compares the code of a plural rule with the rule (`TranslationCatalog.update`),
    so that a page looks for each of its two hundred words in thirty-five dictionaries, one after the other.
    """
    for language, _name in settings.LANGUAGES:
        catalog: Any = trans_real.translation(language)._catalog  # type: ignore[attr-defined]
        laid: list[dict[object, str]] = []
        plurals = catalog._plurals[:0]
        for words, plural in zip(catalog._catalogs, catalog._plurals, strict=True):
            if plurals and plurals[-1].__code__ == plural.__code__:
                laid[-1] = words | laid[-1]  # the first to know a word has it
            else:
                laid.append(words)
                plurals.append(plural)
        catalog._catalogs, catalog._plurals = laid, plurals
