"""Changes to the cases of a definition: which there are, and what is asked for, done and paid in each.

As in `form_editing`: each function gives the definition anew, held to the same rules as a file, and leaves alone what
was not changed.
"""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _

from motcua.procedures.exemption_editing import new_id
from motcua.procedures.form_editing import Content, alter, fault, remade
from motcua.procedures.part_editing import Way, put_ways, ways
from motcua.procedures.schema import Definition, Step, Text
from motcua.procedures.step_editing import Keys, remove_step, settled
from motcua.procedures.vocabulary import Channel

# Where parts stand that can be chosen for one case, and what names each.
MEMBERS = {"papers": "id", "form": "id", "steps": "id", "results": "code"}
# Where besides parts stand that may hold in some cases only.
OTHERS = ("fees", "terms", "exemptions")


def add_case(definition: Definition, name: Content) -> Definition:
    """A case more, at the end; what files call it comes from its name. All that is for no case in particular holds in it too."""
    content = definition.as_content()
    cases = content.setdefault("cases", [])
    refuse_name(cases, name)
    cases.append({"id": new_id(name["vi"], {one["id"] for one in cases}), "name": name})
    return remade(content)


def rename_case(definition: Definition, id_: str, name: Content) -> Definition:
    """A case is called otherwise; files go on calling it as they did."""
    content = definition.as_content()
    cases, place = case_at(content, id_)
    refuse_name([one for one in cases if one["id"] != id_], name)
    cases[place]["name"] = name
    return remade(content)


def move_case(definition: Definition, id_: str, *, by: int) -> Definition:
    """A case goes so many places down (up, where negative), no further than the end."""
    content = definition.as_content()
    cases, place = case_at(content, id_)
    cases.insert(min(max(place + by, 0), len(cases) - 1), cases.pop(place))
    return remade(content)


def remove_case(definition: Definition, id_: str) -> Definition:
    """A case is left out, with all that was for it alone; of the last one that stays, and holds always."""
    case_at(definition.as_content(), id_)
    is_last = len(definition.cases) == 1
    for keys in [] if is_last else list(steps_only_in(definition.steps, id_)):
        definition = remove_step(definition, keys)
    content = definition.as_content()
    alter(content, {"cases": [one for one in content["cases"] if one["id"] != id_] or None})
    for name in (*MEMBERS, *OTHERS):
        kept = [one for one in content.get(name, []) if is_last or one.get("cases") != [id_]]
        alter(content, {name: kept or None})
        for one in kept:
            leave_out(one, id_)
    return settled(content)


def leave_out(part: Content, case: str) -> None:
    """A part is no longer for a case, nor are the steps within it."""
    if case in part.get("cases", ()):
        alter(part, {"cases": [one for one in part["cases"] if one != case] or None})
    for step in part.get("steps", ()):
        leave_out(step, case)


def steps_only_in(steps: Collection[Step], case: str, within: Keys = ()) -> Iterator[Keys]:
    """The steps that are taken in this case alone, by the keys that lead to each."""
    for step in steps:
        if step.cases == (case,):
            yield (*within, step.id)
        else:
            yield from steps_only_in(step.steps, case, (*within, step.id))


def only_in(definition: Definition, case: str) -> list[Text]:
    """What goes with a case when it is taken out: papers, pages, steps, results and exemptions for it alone."""
    if len(definition.cases) == 1:
        return []
    of_lists = [one for name in MEMBERS for one in members(definition, name)]
    exempt = [(one.id, one.name, one.cases) for one in definition.exemptions]
    return [words for _id, words, cases in [*of_lists, *exempt] if cases == (case,)]


def put_members(definition: Definition, case: str, wanted: Mapping[str, Collection[str]]) -> Definition:
    """Which papers, pages, steps and results there are in this case, by the list they stand in; others stay as they were."""
    content = definition.as_content()
    every = [one["id"] for one in content.get("cases", ())]
    for name, chosen in wanted.items():
        for part in content.get(name, ()):
            put_member(part, case, every, is_wanted=part[MEMBERS[name]] in chosen, where=name)
    return settled(content)


def put_member(part: Content, case: str, every: Collection[str], *, is_wanted: bool, where: str) -> None:
    """One of them holds in this case, or holds in it no more; what holds in every case names none."""
    known = part.get("cases") or every
    if is_wanted == (case in known):
        return
    now = [one for one in every if (one in known and one != case) or (one == case and is_wanted)]
    if not now:
        words = {"name": (part.get("name") or part["title"])["vi"]}
        raise fault(
            where, _("“%(name)s” would be in no case at all: take it out where it is written.") % words
        )
    alter(part, {"cases": None if len(now) == len(every) else now})


def put_way(definition: Definition, case: str, wanted: Mapping[Channel, Way]) -> Definition:
    """Time and fee of one case in each open way of filing; those of other cases stay as they were."""
    grid = ways(definition) | {(case, channel): way for channel, way in wanted.items()}
    return put_ways(definition, definition.channels, grid)


def refuse_name(cases: Collection[Content], name: Content) -> None:
    """Two cases of one name could not be told apart by who has to choose."""
    if name["vi"] in {one["name"]["vi"] for one in cases}:
        raise fault(
            "name_vi",
            _("There is a case “%(name)s” already: call this one otherwise.") % {"name": name["vi"]},
        )


def case_at(content: Content, id_: str) -> tuple[list[Content], int]:
    cases: list[Content] = content.get("cases", [])
    for place, one in enumerate(cases):
        if one["id"] == id_:
            return cases, place
    raise fault("cases", _("There is no case “%(id)s” (any more).") % {"id": id_})


def members(definition: Definition, name: str) -> list[tuple[str, Text, tuple[str, ...]]]:
    """What stands in a list: its own name, what it is called, and the cases it is for; none are all."""
    parts: dict[str, list[tuple[str, Text, tuple[str, ...]]]] = {
        "papers": [(one.id, one.name, one.cases) for one in definition.papers],
        "form": [(one.id, one.title, one.cases) for one in definition.form],
        "steps": [(one.id, one.name, one.cases) for one in definition.steps],
        "results": [(one.code, one.name, one.cases) for one in definition.results],
    }
    return parts[name]
