"""Rules of the code base that import-linter cannot see: keys, writes, sizes, words."""

import ast
import functools
import itertools
import pathlib
import re
import subprocess
import sys
import tomllib
from collections import Counter

import pytest
from django.apps import apps
from django.utils.translation.template import templatize

from motcua.lib.actions import ACTIONS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "motcua"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
    "layers"
]
LEVEL = {
    name.strip(" ()"): height for height, line in enumerate(reversed(LAYERS)) for name in line.split("|")
}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "update",
}
# The journal's own machinery and Django's commands for a node's operator write outside actions, each for the reason given.
WRITERS = {
    "journal/sealing.py": "gives entries their place; the one writer of seals and heads",
    "journal/followers.py": "keeps how far a follower has read, with what it wrote, in one transaction",
    "people/models.py": "the account manager Django asks for",
}


@functools.cache
def tree(path):
    return ast.parse(path.read_text())


@functools.cache
def catalogues():
    """All words of all contexts, as Babel reads them."""
    from babel.messages.pofile import read_po

    read = []
    for po in PACKAGE.rglob("locale/vi/LC_MESSAGES/django.po"):
        with po.open("rb") as file:
            read += list(read_po(file))
    return read


def context(model):
    return model.__module__.split(".")[1] if model.__module__.startswith("motcua.") else None


def test_imports_keep_to_the_layers():
    done = subprocess.run(
        [str(pathlib.Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        env={
            "PYTHONPATH": "src",
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_foreign_keys_point_down():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in filter(context, apps.get_models())
        for field in model._meta.get_fields()
        if (target := field.many_to_one and field.related_model and context(field.related_model))
        and target != context(model)
        and LEVEL[target] >= LEVEL[context(model)]
    ]
    assert wrong == []


def may_write(path):
    inside = path.relative_to(PACKAGE)
    return (
        "actions" in {inside.stem, *inside.parts}
        or inside.parts[0] in {"demo", "config", "exchange"}
        or str(inside) in WRITERS
    )


def writes(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            owner = ast.unparse(node.func.value)
            if re.search(r"objects|\.(filter|exclude|all)\(|^(self|document|dossier|application)$", owner):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}"


def test_only_actions_write():
    assert [line for path in SOURCES if not may_write(path) for line in writes(path)] == []


def functions(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_and_files_stay_small():
    long_files = [str(path) for path in SOURCES if len(path.read_text().splitlines()) > 400]
    long_functions = [
        f"{path}:{node.name}"
        for path in SOURCES
        for node in functions(path)
        if node.end_lineno - node.lineno >= 50
    ]
    assert (long_files, long_functions) == ([], [])


def test_every_module_says_in_one_sentence_what_it_is():
    silent = [str(path) for path in SOURCES if path.read_text().strip() and not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_action_and_event_says_what_it_is():
    silent = [name for name, declared in ACTIONS.items() if not declared.change.__doc__]
    for path in [*PACKAGE.rglob("events.py"), *PACKAGE.rglob("events/*.py")]:
        silent += [
            f"{path}:{node.name}"
            for node in tree(path).body
            if isinstance(node, ast.ClassDef) and not ast.get_docstring(node)
        ]
    assert silent == []


def test_every_move_has_an_action():
    missing = [
        f"{model.__name__}.{verb}"
        for model in filter(context, apps.get_models())
        for verb in getattr(model, "MOVES", {})
        if not any(name.endswith(f".{verb}") for name in ACTIONS)
    ]
    assert missing == []


def test_no_signals_and_no_print():
    wrong = [
        str(path)
        for path in SOURCES
        if re.search(
            r"^\s*(from django\.(db\.models\.signals|dispatch)|import django\.dispatch)|(?<![.\w])print\(",
            path.read_text(),
            re.MULTILINE,
        )
    ]
    assert wrong == []


def texts_of_templates():
    for path in PACKAGE.rglob("templates/**/*.html"):
        yield path, templatize(path.read_text(), origin=str(path))


@pytest.fixture(scope="module")
def vietnamese():
    found = {}
    for message in catalogues():
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            words = message.string if isinstance(message.string, tuple) else (message.string,)
            found[text] = all(words) and not message.fuzzy
    return found


def sentences():
    import io

    from babel.messages.extract import extract

    names = {
        "gettext": None,
        "_": None,
        "ngettext": (1, 2),
        "gettext_lazy": None,
        "ngettext_lazy": (1, 2),
        "pgettext": ((1, "c"), 2),
        "gettext_noop": None,
    }
    sources = [(path, path.read_text()) for path in SOURCES] + list(texts_of_templates())
    for path, text in sources:
        for found in extract("python", io.BytesIO(text.encode()), names, (), {}):
            for message in found[1] if isinstance(found[1], tuple) else (found[1],):
                if message:
                    yield str(path.relative_to(ROOT)), message


def test_every_sentence_has_its_vietnamese(vietnamese):
    from django.utils.translation import gettext, override

    with override("vi"):
        missing = sorted(
            {(path, text) for path, text in sentences() if not vietnamese.get(text) and gettext(text) == text}
        )
    assert missing == []


def test_one_english_sentence_has_one_vietnamese():
    from collections import defaultdict

    meanings = defaultdict(set)
    for message in catalogues():
        if message.id:
            meanings[message.context, message.id].add(message.string)
    assert [key for key, words in meanings.items() if len(words) > 1] == []


def test_words_of_two_branches_are_not_both_kept():
    """A merge may keep both lines; what reads them takes one of the two and says nothing."""
    for po in PACKAGE.rglob("locale/vi/LC_MESSAGES/django.po"):
        begun = re.findall(r"^(msg\w+)(?:\[\d\])? ", po.read_text(), re.MULTILINE)
        pairs = [pair for pair in itertools.pairwise(begun) if pair == ("msgid", "msgid")]
        plain = re.sub(r"^msgstr\[\d\] ", "", po.read_text(), flags=re.MULTILINE)
        twice = re.findall(r'^msgstr "[^\n]*(?:\n"[^\n]*)*\nmsgstr "', plain, re.MULTILINE)
        ids = re.findall(r'^((?:msgctxt [^\n]*\n)?msgid (?:"[^\n]*"\n)+)', po.read_text(), re.MULTILINE)
        again = sorted(one for one, number in Counter(ids).items() if number > 1)
        assert (pairs, twice, again) == ([], [], []), po


def test_code_is_clean():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "src", "tests"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]


def test_types_hold():
    done = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin", "HOME": str(pathlib.Path.home())},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
