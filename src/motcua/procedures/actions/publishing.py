"""What can be done to the catalogue of procedures: publish a version, take over many; and keep one at hand."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.procedures.events import (
    ProcedureMarked,
    ProcedurePublished,
    ProceduresImported,
    ProceduresJudged,
    ProcedureUnmarked,
)
from motcua.procedures.folding import fold
from motcua.procedures.going_online import is_online
from motcua.procedures.lengths import days_of
from motcua.procedures.models import Favourite, Procedure, Version
from motcua.procedures.readiness import judged_here
from motcua.procedures.rules import keeper, keepers_of_the_catalogue
from motcua.procedures.schema import Definition
from motcua.procedures.unread import work_left
from motcua.procedures.vocabulary import Source
from motcua.ui.words import day


@action(who=system)
def publish(definition: Definition, *, by: Actor) -> Version:
    """A file that came with the program is published; what two people have approved here since stays in force."""
    last = Version.objects.latest().coded(definition.code).first()
    if last and last.approved_by and last.effective_from >= definition.version:
        return last
    return put_in_force(definition, by=by)


@action(who=system)
def keep_version(definition: Definition, *, by: Actor, approved_by: str, owner: str = "") -> Version:
    """What two people approved at another node holds here from the same day on; told twice, it is kept once."""
    procedure, _made = Procedure.objects.get_or_create(code=definition.code, defaults={"owner": owner})
    if procedure.owner != owner:
        raise Invalid(
            _("Procedure %(code)s belongs to another agency.") % {"code": definition.code}, field="code"
        )
    known = procedure.versions.filter(
        digest=digest_of(definition), effective_from=definition.version
    ).select_related("procedure")
    return known.first() or put_in_force(definition, by=by, approved_by=approved_by)


def put_in_force(definition: Definition, *, by: Actor, approved_by: str = "") -> Version:
    """Make a definition the version that follows the one in force; the same content again changes nothing."""
    code, digest = definition.code, digest_of(definition)
    Procedure.objects.bulk_create([Procedure(code=code)], ignore_conflicts=True)
    procedure = Procedure.objects.select_for_update().get(code=code)
    last = procedure.versions.latest().first()
    if last and last.digest == digest:
        return last
    if last and last.source == definition.source and last.effective_from > definition.version:
        raise Invalid(
            _("A version effective from %(date)s is already published: raise `version`.")
            % {"date": day(last.effective_from)},
            field="version",
        )
    supersede([code], definition)
    version = as_version(definition, procedure, digest)
    version.approved_by = approved_by
    Version.objects.bulk_create([version])
    record(
        ProcedurePublished(code, definition.version.isoformat(), digest, definition.source),
        about=procedure,
        by=by,
    )
    return version


@dataclass(frozen=True)
class Taken:
    """What became of a batch: newly published, as they were, and left alone because we offer them ourselves."""

    published: int
    unchanged: int
    ours: int


@action(who=keepers_of_the_catalogue)
def take_over(definitions: Sequence[Definition], *, by: Actor) -> Taken:
    """Take over a batch of procedures as the national portal gives them; never in place of one offered here."""
    digests = {definition.code: digest_of(definition) for definition in definitions}
    Procedure.objects.bulk_create([Procedure(code=code) for code in digests], ignore_conflicts=True)
    procedures = {
        p.code: p for p in Procedure.objects.select_for_update().filter(code__in=digests).order_by("code")
    }
    last = {
        v.code: v
        for v in Version.objects.latest()
        .filter(procedure__in=procedures.values())
        .select_related("procedure")
        .defer("content")
    }
    ours = {code for code, version in last.items() if version.source == Source.FILE}
    same = {code for code, version in last.items() if version.digest == digests[code]} - ours
    new = [definition for definition in definitions if definition.code not in ours | same]
    if new:
        supersede([definition.code for definition in new], new[0])
        Version.objects.bulk_create(
            [
                as_version(definition, procedures[definition.code], digests[definition.code])
                for definition in new
            ]
        )
        record(
            ProceduresImported({definition.code: digests[definition.code] for definition in new}),
            about="procedure:catalogue",
            by=by,
        )
    return Taken(len(new), len(same), len(ours))


@action(who=keeper)
def mark(favourite: Favourite, *, by: Actor) -> None:
    """A person keeps a procedure at hand; marked twice is marked once."""
    _kept, is_new = Favourite.objects.get_or_create(account=favourite.account, procedure=favourite.procedure)
    if is_new:
        record(ProcedureMarked(favourite.procedure.code), about=favourite, by=by)


@action(who=keeper)
def unmark(favourite: Favourite, *, by: Actor) -> None:
    """A person no longer keeps a procedure at hand."""
    known = Favourite.objects.filter(account=favourite.account_id, procedure=favourite.procedure_id)
    if known.delete()[0]:
        record(ProcedureUnmarked(favourite.procedure.code), about=favourite, by=by)


@action(who=system)
def judge_again(versions: Sequence[Version], *, by: Actor) -> int:
    """The node takes payment now, or no longer: the verdicts beside these versions follow; says how many changed."""
    changed = []
    for version in versions:
        found = version.judgement
        if version.hindrances != found.hindrances:
            version.readiness, version.hindrances = found.verdict, found.hindrances
            changed.append(version)
    Version.objects.bulk_update(changed, ["readiness", "hindrances"])
    if changed:
        verdicts = {version.code: str(version.readiness) for version in changed}
        record(ProceduresJudged(verdicts), about="procedure:catalogue", by=by)
    return len(changed)


def supersede(codes: Iterable[str], by: Definition) -> None:
    """Close the open versions on the day the new one begins, or at once if they begin later themselves."""
    Version.objects.latest().filter(procedure__code__in=codes).update(
        effective_until=Greatest(F("effective_from"), by.version)
    )


def as_version(definition: Definition, procedure: Procedure, digest: str) -> Version:
    judgement = judged_here(definition)
    return Version(
        procedure=procedure,
        effective_from=definition.version,
        source=definition.source,
        digest=digest,
        content=definition.as_content(),
        name_vi=definition.name.vi,
        name_en=definition.name.en,
        field_vi=definition.field.vi,
        field_en=definition.field.en,
        online=definition.online.kind,
        is_offered=definition.is_offered,
        is_online=is_online(definition),
        levels=list(definition.levels),
        audience=list(definition.audience.who),
        life_events=list(definition.life_events),
        heading=fold(definition.name.vi).removeprefix("thu tuc "),
        subjects=fold(
            " . ".join([definition.name.en, *definition.keywords, definition.field.vi, definition.field.en])
        ),
        agency=fold(definition.agency.vi) if definition.agency else "",
        readiness=judgement.verdict,
        hindrances=judgement.hindrances,
        is_understood=judgement.is_sure,
        term_days=days_of(definition),
        work_left=work_left(definition),
        has_forms=bool(definition.form) or any(paper.template for paper in definition.papers),
    )


def digest_of(definition: Definition) -> str:
    """SHA-256 of the content as canonical JSON, without the day it begins: the same words are the same version."""
    content = definition.as_content() | {"version": ""}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
