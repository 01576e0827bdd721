"""Documents say what is so: generated ones are current, links lead somewhere, commands exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import resolve
from PIL import Image

from motcua.config.cli import HELP, OWN
from motcua.config.management.commands.catalogue import DOCS, pages
from motcua.demo.camera import LARGEST, SCREENS

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {".venv", ".git", ".motcua"}
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not OUTSIDE & set(path.relative_to(ROOT).parts) and ".pytest" not in str(path)
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"""<img[^>]*src="([^"]+)""")
COMMAND = re.compile(r"(?:^|&& )(?:\S*/)?motcua (?:--node \S+ )?([a-z][a-z-]+)", re.MULTILINE)
CODE = re.compile(r"```(?:sh|console)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
BUILT_IN = {"migrate", "check", "shell", "changepassword"}


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.mark.parametrize("name", ["catalogue.md", "events.md", "lifecycles.md", "settings.md"])
def test_generated_documents_are_current(name):
    assert (DOCS / name).read_text("utf-8") == pages()[name], "run: ./motcua catalogue"


@named(DOCUMENTS)
def test_every_relative_link_leads_to_a_file(path):
    text = path.read_text("utf-8")
    targets = [target for target in LINK.findall(text) + IMAGE.findall(text) if "://" not in target]
    broken = [
        target
        for target in targets
        if not target.startswith(("mailto:", "#")) and not (path.parent / target.partition("#")[0]).exists()
    ]
    assert broken == []


@named(DOCUMENTS)
def test_every_anchor_leads_to_a_heading(path):
    text = path.read_text("utf-8")
    broken = [
        target
        for target in LINK.findall(text)
        if "#" in target
        and "://" not in target
        and target.partition("#")[2]
        not in anchors((path.parent / target.partition("#")[0]) if target[0] != "#" else path)
    ]
    assert broken == []


def anchors(path):
    """What the forges call the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands(text):
    """Commands of ours that stand as code in a document."""
    for block, inline in CODE.findall(text):
        yield from COMMAND.findall(block or inline)


@named(DOCUMENTS)
def test_every_command_exists(path):
    known = set(OWN) | BUILT_IN | {name for name, app in get_commands().items() if app.startswith("motcua.")}
    assert set(commands(path.read_text("utf-8"))) - known - {"help"} == set()


def test_the_help_names_only_commands_that_exist():
    words = re.findall(r"^  motcua ([a-z]+)", HELP, re.MULTILINE)
    assert set(words) - set(OWN) == set()


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_two_readmes_show_the_same_commands_and_pictures(name):
    text, other = (ROOT / name).read_text("utf-8"), (ROOT / "README.md").read_text("utf-8")
    pictures = IMAGE.findall(text) + [one for one in LINK.findall(text) if one.endswith(".png")]
    assert pictures == IMAGE.findall(other) + [one for one in LINK.findall(other) if one.endswith(".png")]
    assert list(commands(text)) == list(commands(other))


GUIDE = DOCS / "guide"
TAKEN = re.compile(r'story\.show\(\w+, "([a-z-]+)"')


# Headings, list items, rows and pictures: what a guide is made of, whatever its words.
PART = re.compile(r"^(#+|\*|\d\.|\||!)(?: |\[[^\]]*\]\(([^)]+)\))", re.MULTILINE)


def pictures_in(folder):
    return {
        picture for path in (GUIDE / folder).glob("*.md") for picture in LINK.findall(path.read_text("utf-8"))
    }


def test_the_pictures_of_the_guides_are_those_the_stories_take():
    """Each that is named is there, each that is there is named, in both languages, and a story takes it."""
    stories = (ROOT / "src" / "motcua" / "demo" / "journeys").glob("*.py")
    taken = {name for story in stories for name in TAKEN.findall(story.read_text("utf-8"))}
    there = {picture.stem for picture in (GUIDE / "pictures").iterdir()}
    told = [
        {Path(picture).stem for picture in pictures_in(language) if picture.endswith(".webp")}
        for language in ("vi", "en")
    ]
    assert (taken, *told) == (there, there, there)


def test_the_pictures_of_the_guides_are_light_and_of_one_size():
    sizes = {}
    for picture in sorted((GUIDE / "pictures").iterdir()):
        with Image.open(picture) as drawn:
            sizes[picture.name] = (drawn.size, picture.stat().st_size <= LARGEST)
    screens = {whose: (size["width"], size["height"]) for whose, size in SCREENS.items()}
    assert sizes == {name: (screens[name.partition("-")[0]], True) for name in sizes}
    assert sum(picture.stat().st_size for picture in (GUIDE / "pictures").iterdir()) <= 1_500_000


@pytest.mark.parametrize("name", ["citizen.md", "officer.md", "administrator.md"])
def test_both_languages_of_a_guide_have_the_same_parts(name):
    vietnamese, english = (
        PART.findall((GUIDE / language / name).read_text("utf-8")) for language in ("vi", "en")
    )
    assert vietnamese == english


ANSWERS = (DOCS / "answers.md").read_text("utf-8")


def test_every_file_named_as_an_answer_exists():
    named_files = set(re.findall(r"`((?:src|tests|docs)/[^`]+)`", ANSWERS))
    assert sorted(name for name in named_files if not (ROOT / name).exists()) == []
    assert len(named_files) > 50


def test_every_page_named_as_an_answer_exists():
    for address in set(re.findall(r"`(/[^`]+)`", ANSWERS)):
        assert resolve(address), address


def test_every_gap_and_complaint_has_one_answer():
    gaps, complaints = (
        re.findall(r"^\| (\d+) \|", part, re.MULTILINE) for part in ANSWERS.split("\n## ")[1:]
    )
    assert gaps == [str(number) for number in range(1, 32)]
    assert complaints == [str(number) for number in range(1, 31)]


def test_decisions_are_numbered_one_after_the_other():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "path", sorted((DOCS / "decisions").glob("[0-9]*.md")), ids=lambda path: path.name[:4]
)
def test_a_decision_bears_the_number_of_its_file(path):
    assert path.read_text().startswith(f"# {int(path.name[:4])}. ")
