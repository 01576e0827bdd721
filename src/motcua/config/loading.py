"""Django is loaded once for many processes: whoever is forked afterwards starts at once and shares its memory."""

import gc
import importlib
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.template.loader import get_template
from django.utils.module_loading import autodiscover_modules

from motcua.config.node import HOME
from motcua.ui.catalogs import lay_together
from motcua.ui.kept import keep_at_hand

SETTINGS = "motcua.config.settings"
# What our own modules load only where they use it, and every node uses sooner or later.
LATER = (
    "django.contrib.staticfiles.handlers",
    "django.core.handlers.wsgi",
    "django.template.loader_tags",
    "granian.server",
    "holidays",
    "PIL.Image",
    "pyhanko.sign.signers",
    "pyhanko.sign.validation",
    "segno",
    "typst",
)
# Whose pages are drawn besides our own.
DRAWN = ("django.forms",)
# What stands in files of ours and is kept once it has been read.
KEPT = (
    ("motcua.dossiers.postings", "tariff"),
    ("motcua.procedures.kinds", "of_results"),
    ("motcua.procedures.life", "life_events"),
    ("motcua.procedures.online_levels", "rule_sets"),
    ("motcua.procedures.patterns", "known_steps"),
    ("motcua.procedures.service_lists", "service_lists"),
    ("motcua.ui.styles", "sheet"),
)


def load(home: Path) -> None:
    """Load libraries, contexts, pages and words, once, as the node in `home`; nothing is asked of its database."""
    if apps.ready:
        return
    before = os.environ.get(HOME)
    be(home)
    autodiscover_modules("urls")
    for name in [name for name in sys.modules if name.startswith("motcua.") and name.endswith(".urls")]:
        del sys.modules[
            name
        ]  # which addresses there are is each node's own; the pages behind them stay loaded
    for module in LATER:
        importlib.import_module(module)
    lay_together()
    keep_at_hand()
    compile_pages()
    for module, name in KEPT:
        getattr(importlib.import_module(module), name)()
    # What is loaded now stays to the end: the collector of a forked process need not touch, and so copy, its pages.
    gc.collect()
    gc.freeze()
    if before is None:
        del os.environ[HOME]  # the processes to come say whose they are; other programs we start are nobody's


def compile_pages() -> None:
    """Read every page, component and form once: nobody's first request then waits half a second for that."""
    for app in apps.get_app_configs():
        folder = Path(app.path) / "templates"
        for page in (
            sorted(folder.rglob("*.html")) if app.name in DRAWN or app.name.startswith("motcua.") else ()
        ):
            get_template(page.relative_to(folder).as_posix())


def be(home: Path) -> None:
    """Be the node in `home`: load Django, or, forked from a process that has, take up this node's settings."""
    os.environ[HOME] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    if not apps.ready:
        django.setup()
        return
    own = importlib.reload(importlib.import_module(SETTINGS))
    for name in filter(str.isupper, vars(own)):
        setattr(settings, name, getattr(own, name))
    # Django reads the addresses of databases once; nobody has opened one yet.
    connections.databases["default"].update(own.DATABASES["default"])
