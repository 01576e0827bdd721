"""Plans as files, tried before anything moves: faults at their lines, rules for dossiers and officers, what blocks."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given as examples
from hypothesis import strategies as some

from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid, Refused
from motcua.lib.numbering import continue_numbers, next_number
from motcua.organisations import actions as organisations
from motcua.organisations.heirs import answering
from motcua.organisations.models import Agency, CalendarDay, Unit
from motcua.people.models import Appointment, actor_of
from motcua.procedures.models import Overlay
from motcua.procedures.reading import Faulty
from motcua.reorganisations import actions
from motcua.reorganisations.models import Plan, place_of
from motcua.reorganisations.problems import problems
from motcua.reorganisations.scheme import Scheme, read, written
from motcua.reorganisations.trial import Trial
from tests import given
from tests.reorganisations.conftest import approved, carried_out, merger

FILE = """title: Nhập xã Tả Van vào phường Sa Pa
decision: Nghị quyết 12/NQ-HĐND
on: {on}
kind: merge
old:
  - code: H38.03037
    into: H38.03006
    posts:
      - {{roles: [chair], ends: true}}
"""
NEW = {
    "code": "H38.03099",
    "name_vi": "Ủy ban nhân dân xã Mường Hoa",
    "short_name": "UBND xã Mường Hoa",
    "unit_code": "03099",
}


def split(**rule):
    """Sa Pa keeps nothing: half goes to Bắc Hà, the rest to the new commune Mường Hoa."""
    return merger(
        title="Chia phường Sa Pa",
        kind="split",
        new=[NEW],
        old=[
            {
                "code": given.SA_PA,
                "into": NEW["code"],
                "dossiers": [{"to": given.BAC_HA, **rule}] if rule else [],
                "posts": [{"names": ["Đỗ Minh Lâm"], "to": given.BAC_HA}],
            }
        ],
    )


@pytest.fixture
def hosted(communes, settings):
    """The node hosts the commune that is to begin, and the place is known."""
    settings.NODE = settings.NODE.model_copy(update={"agencies": (*settings.NODE.agencies, NEW["code"])})
    Unit.objects.create(code="03099", level=3, kind="Xã", name="Mường Hoa", parent_code="15")


def blocking(scheme):
    with override("en"):
        return [(one.where, one.says) for one in problems(Trial(scheme)) if one.blocks]


def test_a_file_reads_as_the_plan_it_says_and_is_written_alike():
    scheme = read(FILE.format(on="2026-12-01"))
    assert (scheme.kind, scheme.codes) == ("merge", ["H38.03037", "H38.03006"])
    assert read(written(scheme)) == scheme
    assert Scheme.from_content(scheme.as_content()) == scheme


@pytest.mark.parametrize(
    ("was", "now", "line", "field"),
    [
        ("kind: merge", "kind: join", 4, "kind"),
        ("into: H38.03006", "into: H38.03037", 6, "old[1]"),
        ("kind: merge", "kind: split", 5, "old"),
        ("decision: Nghị quyết 12/NQ-HĐND\n", "", 1, "decision"),
        ("code: H38.03037", "code: h38.03037", 6, "old[1].code"),
        ("    posts:", "    dossiers: [{to: H38.02839}]\n    posts:", 8, "old[1].dossiers[1]"),
        ("ends: true", "end: true", 9, "old[1].posts[1].end"),
    ],
)
def test_a_fault_is_told_at_its_line(was, now, line, field):
    with pytest.raises(Faulty) as faulty:
        read(FILE.format(on="2026-12-01").replace(was, now))
    assert (line, field) in {(fault.line, fault.field) for fault in faulty.value.faults}


def test_a_good_plan_is_blocked_by_nothing(communes, hosted):
    assert (blocking(merger()), blocking(split())) == ([], [])


def test_what_blocks_is_named_with_how_to_mend_it(communes):
    given.account("thong")
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    Appointment.objects.filter(account__username=given.BY_KEY["pa"].number).update(
        valid_from=timezone.localdate() + timedelta(days=2)
    )
    found = dict(
        blocking(
            merger(
                on=yesterday,
                kind="dissolve",
                new=[{"code": "H38.03098", "name_vi": "X", "short_name": "X", "unit_code": "99999"}],
                old=[
                    {
                        "code": given.TA_VAN,
                        "into": given.SA_PA,
                        "posts": [{"names": ["Không Ai"], "ends": True}],
                    },
                    {"code": "H38.03097", "into": given.BAC_HA},
                    {"code": given.BAC_HA, "into": "H38.03098"},
                ],
            )
        )
    )
    assert {where: says.split(".")[0] for where, says in found.items()} == {
        "on": "The day has passed",
        "H38.03097": "There is no agency with this code",
        "H38.03098": "This node does not host it",
        given.SA_PA: "It would have 2 heads",
        given.TA_VAN: "Giàng A Pả is to take the post “Civil-status officer” on that day or later",
    }


def test_an_agency_below_one_that_ends_must_be_named_too(communes):
    Agency.objects.create(
        code=f"{given.TA_VAN}.01", name_vi="Trạm", short_name="Trạm", level=3, parent_id=given.TA_VAN
    )
    assert [where for where, _says in blocking(merger())] == [f"{given.TA_VAN}.01"]


def test_two_open_plans_do_not_end_the_same_agency(communes):
    approved(merger())
    assert [where for where, _says in blocking(merger(title="Một phương án khác"))] == [given.TA_VAN]


def test_differing_local_values_must_be_decided(communes):
    procedure = given.procedure("2.001263").procedure
    for code, value in ((given.TA_VAN, 100000), (given.SA_PA, 200000)):
        Overlay.objects.create(
            procedure=procedure,
            agency_id=code,
            key="fee",
            case="other",
            value=value,
            decision="1/NQ",
            effective_from=given.SINCE,
            set_by="x",
        )
    assert [where for where, _says in blocking(merger())] == ["2.001263"]
    ending = {**merger().as_content()["old"][0], "values": "end"}
    assert blocking(merger(old=[ending])) == []
    carried_out(merger(old=[ending]))
    assert [
        (one.agency_id, one.value, one.effective_until) for one in Overlay.objects.order_by("agency")
    ] == [(given.SA_PA, 200000, None), (given.TA_VAN, 100000, timezone.localdate())]


def test_local_values_are_taken_over_by_the_plans_decision(communes):
    Overlay.objects.create(
        procedure=given.procedure("2.001263").procedure,
        agency_id=given.TA_VAN,
        key="fee",
        case="other",
        value=100000,
        decision="1/NQ",
        effective_from=given.SINCE,
        set_by="x",
    )
    carried_out(merger())
    taken = Overlay.objects.get(agency=given.SA_PA)
    assert (taken.value, taken.effective_from, "12/NQ-HĐND" in taken.decision) == (
        100000,
        timezone.localdate(),
        True,
    )


def test_what_should_be_seen_to_is_said_without_blocking(communes):
    CalendarDay.objects.create(
        agency_id=given.TA_VAN, date=timezone.localdate() + timedelta(days=9), works=False
    )
    with override("en"):
        said = {(one.where, one.says.split(".")[0]) for one in problems(Trial(merger())) if not one.blocks}
    assert said == {
        (given.SA_PA, "It has no seal yet, and nothing could be signed: motcua certificates"),
        (given.TA_VAN, "It has working days or hours of its own"),
    }


@pytest.mark.parametrize(
    ("rule", "to"),
    [
        ({"field": "child_address", "contains": ["ta van"]}, given.BAC_HA),
        ({"field": "child_address", "contains": ["Mường Bo"]}, NEW["code"]),
        ({"field": "address", "contains": ["Tổ 3"]}, given.BAC_HA),
        ({"procedures": ["2.000986"]}, given.BAC_HA),
        ({"procedures": ["1.004873"]}, NEW["code"]),
        ({"with_officer": True}, NEW["code"]),
    ],
)
def test_a_division_allots_dossiers_by_its_rules(lying, hosted, rule, to):
    (made,) = lying(1, agency=given.SA_PA, key="suong", child_address="Thôn Tả Van Giáy, xã Tả Van")
    assert [(one.pk, one.new) for one in Trial(split(**rule)).dossiers] == [(made.pk, to)]


def test_a_division_founds_opens_and_sends_each_with_their_officer(lying, hosted):
    made = lying(2, agency=given.SA_PA, key="suong")
    dossiers.propose(made[0], by=given.actor("lam"), opinion="Đủ.")
    scheme = split(with_officer=True)
    carried_out(scheme)
    found = dict(Dossier.objects.values_list("pk", "agency"))
    assert found == {made[0].pk: given.BAC_HA, made[1].pk: NEW["code"]}
    new = Agency.objects.get(code=NEW["code"])
    assert (new.parent_id, new.level, new.valid_from) == ("H38", 2, timezone.localdate())
    assert {
        grant.place for key in ("lam", "lua", "suong") for grant in actor_of(given.account(key)).grants
    } == {
        given.BAC_HA,
        NEW["code"],
    }
    assert answering(given.SA_PA) == NEW["code"]


def test_a_new_name_and_a_new_code_let_numbers_go_on(lying, hosted):
    lying(1)
    carried_out(
        merger(
            title="Đổi mã",
            kind="rename",
            new=[NEW],
            old=[{"code": given.TA_VAN, "into": NEW["code"], "numbers": "continue"}],
        )
    )
    (fresh,) = lying(1, agency=NEW["code"], key="")
    dossiers.accept(fresh, by=actor_of(given.account("pa")))
    assert fresh.code == f"{NEW['code']}-{timezone.localdate():%y%m%d}-0002"


def test_another_name_under_the_same_code_moves_nothing(lying):
    lying(1)
    carried_out(
        merger(
            kind="rename",
            old=[],
            new=[
                {
                    "code": given.TA_VAN,
                    "name_vi": "Ủy ban nhân dân xã Tả Van mới",
                    "short_name": "UBND xã Tả Van mới",
                }
            ],
        )
    )
    agency = Agency.objects.get(code=given.TA_VAN)
    assert (agency.short_name, agency.valid_to) == ("UBND xã Tả Van mới", None)
    assert Dossier.objects.get().agency == given.TA_VAN


def test_only_a_second_administrator_approves_and_the_database_says_so_too(communes):
    plan = actions.write(Agency.objects.get(code="H38"), by=given.actor("xep"), scheme=merger())
    for key in ("xep", "lua", "suong", "guong"):
        with pytest.raises(Refused):
            actions.authorise(plan, by=given.actor(key))
    with pytest.raises(Refused):
        actions.write(Agency.objects.get(code="H38"), by=given.actor("lua"), scheme=merger())
    actions.authorise(plan, by=given.actor("chuan"))
    assert (plan.state, plan.approver) == ("approved", "Lò Văn Chuẩn")
    actions.reopen(plan, by=given.actor("xep"), reason="Sai ngày.")
    assert (Plan.objects.get().state, Plan.objects.get().approved_by) == ("draft", "")


def test_a_plan_with_something_in_its_way_is_not_approved(communes):
    bad = merger(old=[{"code": given.TA_VAN, "into": given.SA_PA}])
    plan = actions.write(Agency.objects.get(code="H38"), by=given.actor("xep"), scheme=bad)
    with pytest.raises(Invalid):
        actions.authorise(plan, by=given.actor("chuan"))
    assert Plan.objects.get().state == "draft"


def test_a_plan_speaks_only_of_agencies_below_ones_own(communes):
    foreign = merger(kind="dissolve", old=[{"code": "G24", "into": "G15"}])
    assert (place_of(merger()), place_of(foreign)) == ("H38", "G22")
    with pytest.raises(Invalid):
        actions.write(Agency.objects.get(code="H38"), by=given.actor("xep"), scheme=foreign)


def test_the_terminal_checks_tries_and_carries_out(lying, tmp_path, capsys):
    lying(2)
    file = tmp_path / "plan.yaml"
    file.write_text(FILE.format(on=timezone.localdate().isoformat()))
    with override("en"):
        call_command("reorganise", "check", str(file))
        call_command("reorganise", "try", str(file), "--list")
        call_command("reorganise", "apply")
        approved(merger())
        call_command("reorganise", "plans")
        call_command("reorganise", "apply")
    said = capsys.readouterr().out
    for words in ("Nothing keeps it", "Giàng A Pả", "No approved plan is due", "Approved", "Carried out"):
        assert words in said
    assert Dossier.objects.filter(agency=given.SA_PA).count() == 2
    file.write_text(FILE.format(on="2026-13-01"))
    with pytest.raises(CommandError, match=r"plan.yaml:3: on"):
        call_command("reorganise", "check", str(file))


def test_a_real_reorganisation_of_2025_is_written_from_the_table_of_units(communes, capsys):
    organisations.load_units(organisations.UNITS, by=given.SYSTEM)
    call_command("reorganise", "example", given.BAC_HA)
    scheme = read(capsys.readouterr().out)
    assert (scheme.kind, scheme.on, scheme.ending(scheme.old[0].code).into) == (
        "merge",
        given.SINCE,
        given.BAC_HA,
    )
    names = set(
        Unit.objects.filter(code__in=[one.code[-5:] for one in scheme.old]).values_list("name", flat=True)
    )
    assert {"Bản Phố", "Na Hối", "Thải Giàng Phố"} <= names
    with pytest.raises(CommandError):
        call_command("reorganise", "example", "G15")


@examples(some.lists(some.sampled_from(["a", "b"]), max_size=12))
def test_series_that_go_on_never_give_a_number_twice(django_db_blocker, django_db_setup, taken):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        given_out = [next_number(f"form {code} 2026") for code in taken]
        continue_numbers("a", "b")
        continue_numbers("a", "b")
        assert next_number("form b 2026") == max(given_out, default=0) + 1
        transaction.set_rollback(True)
