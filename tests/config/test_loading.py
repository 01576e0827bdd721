"""Django is loaded once for all nodes of a country: nothing that differs between them is kept when a module is read."""

import ast

from django.template.engine import Engine

from motcua.config.loading import compile_pages
from motcua.config.settings import PACKAGE

ITS_OWN = {
    "NODE",
    "HOME",
    "DEMO",
    "FILES",
    "KEYS",
    "MAIL",
    "TEXTS",
    "MAILERS",
    "DEFAULT_FROM_EMAIL",
    "DATABASES",
}
# Read again, or (wsgi.py) only then, by the process that serves the pages.
FORGOTTEN = ("urls.py", "settings.py", "wsgi.py")


def read_at_import(node):
    """What is asked of the settings outside any function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        match child:
            case ast.Attribute(value=ast.Name(id="settings"), attr=name):
                yield name
        yield from read_at_import(child)


def test_no_module_keeps_what_is_a_node_s_own():
    kept = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in PACKAGE.rglob("*.py")
        if path.name not in FORGOTTEN
        for name in ITS_OWN & set(read_at_import(ast.parse(path.read_text("utf-8"))))
    }
    assert kept == set()


def test_every_page_is_compiled_before_the_first_process_is_forked():
    compile_pages()
    [loader] = Engine.get_default().template_loaders
    compiled = {name for name, page in loader.get_template_cache.items() if not isinstance(page, type)}
    pages = {path.as_posix().partition("/templates/")[2] for path in PACKAGE.rglob("templates/**/*.html")}
    assert pages - compiled == set()
