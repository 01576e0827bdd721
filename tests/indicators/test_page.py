"""The page of numbers: the sentence first, each figure with what it is made of."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.states import State
from motcua.indicators.models import Count, Standing
from motcua.indicators.questions import Sums, numbers
from motcua.indicators.views.national import RATED
from motcua.organisations.models import Agency
from tests import given

pytestmark = pytest.mark.django_db
BOM = "\ufeff"


def counted(kind, number, *, agency="H38.02683", days_ago=1, channel=2, procedure="2.000986"):
    day = timezone.localdate() - timedelta(days=days_ago)
    Count.objects.create(
        day=day, agency=agency, procedure=procedure, channel=channel, kind=kind, number=number
    )


@pytest.fixture
def country():
    for code, name in (("H38", "Ủy ban nhân dân tỉnh Lào Cai"), ("G15", "Bộ Tư pháp")):
        Agency.objects.create(code=code, name_vi=name, short_name=name, abbreviation="UBND", level=1)
    Agency.objects.create(
        code="H38.02683",
        name_vi="UBND phường Sa Pa",
        short_name="UBND phường Sa Pa",
        abbreviation="UBND",
        level=2,
    )
    counted("filed", 30)
    counted("filed", 10, channel=1)
    counted("finished", 20)
    counted("early", 15)
    counted("on_day", 4)
    counted("overdue", 1)
    counted("withdrawn", 3)
    counted("filed", 5, agency="G15")
    counted("finished", 5, agency="G15")
    counted("on_day", 5, agency="G15")
    counted("filed", 1000, days_ago=40)
    Standing.objects.create(agency="H38.02683", procedure="2.000986", channel=2, state=5, number=2)
    Standing.objects.create(agency="G15", procedure="2.000986", channel=2, state=10, number=6)
    Standing.objects.create(agency="G15", procedure="2.000986", channel=2, state=4, number=0)


def test_sums_of_the_country(country):
    shown = numbers(30)
    sums = shown.sums
    assert (sums.filed, sums.online, sums.finished, sums.kept, sums.overdue) == (45, 35, 25, 24, 1)
    assert (sums.on_time, sums.on_time_by_form) == (96.0, 100 * 29 / 30)
    assert shown.standing == {State.SUPPLEMENT: 2, State.RETURNED: 6}
    assert (shown.filed[-2], shown.finished[-2], sum(shown.filed), len(shown.days)) == (45, 25, 45, 30)
    assert (shown.place, shown.counted_at) == (0, None)


def test_the_ranking_goes_by_rate_and_shows_volume(country):
    ranking = numbers(30).ranking
    assert [(one.code, one.name, one.sums.on_time, one.sums.finished) for one in ranking] == [
        ("G15", "Bộ Tư pháp", 100.0, 5),
        ("H38", "Ủy ban nhân dân tỉnh Lào Cai", 95.0, 20),
    ]


def test_one_province_and_those_below_it(country):
    shown = numbers(30, under="H38")
    assert (shown.sums.filed, shown.standing, [one.code for one in shown.ranking]) == (
        40,
        {State.SUPPLEMENT: 2},
        ["H38.02683"],
    )


def test_nothing_to_share_is_no_share():
    sums = Sums()
    assert (sums.on_time, sums.on_time_by_form, sums.online_share) == (None, None, None)


def test_the_page_says_the_thing_first(client, country):
    page = client.get("/numbers/").content.decode()
    assert "<h1>96,0% hồ sơ được giải quyết đúng hẹn</h1>" in page
    assert "24 trong 25 hồ sơ giải quyết xong kịp ngày hẹn" in page
    assert "chờ bổ sung, đã rút hoặc dừng giải quyết là đúng hạn: 96,7%" in page
    assert "/numbers/?days=30&amp;under=H38" in page


def test_the_page_of_a_province(client, country):
    page = client.get("/numbers/?days=90&under=H38").content.decode()
    assert ("<h1>95,0% hồ sơ" in page, "UBND phường Sa Pa" in page, "Bộ Tư pháp" in page) == (
        True,
        True,
        False,
    )


def test_an_unknown_agency_has_no_page(client):
    assert client.get("/numbers/?under=H99").status_code == 404


@pytest.mark.parametrize("query", ["days=0", "days=x", "under=';--"])
def test_what_makes_no_sense_is_as_if_not_said(client, country, query):
    assert "<h1>96,0% hồ sơ" in client.get(f"/numbers/?{query}").content.decode()


def test_an_empty_country_is_shown_as_empty(client):
    page = client.get("/numbers/").content.decode()
    assert "<h1>Chưa có hồ sơ nào giải quyết xong trong thời gian này</h1>" in page


def test_the_table_can_be_calculated_with(client, country):
    answer = client.get("/numbers/table.csv?days=30")
    text = answer.content.decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert (text[0], len(rows)) == (BOM, 2)
    assert rows[1] == {
        "agency": "H38",
        "name": "Ủy ban nhân dân tỉnh Lào Cai",
        "online": "30",
        "filed": "40",
        "received": "0",
        "finished": "20",
        "early": "15",
        "on_day": "4",
        "overdue": "1",
        "refused": "0",
        "supplemented": "0",
        "withdrawn": "3",
        "stopped": "0",
        "delivered": "0",
        **dict.fromkeys(RATED, ""),
    }


def rated(number, overall, **where):
    for kind, sum_of in (("rated", number), ("satisfied", number if overall > 1 else 0), ("overall", overall * number),
                         ("convenience", 2 * number), ("timeliness", 3 * number), ("attitude", number)):  # fmt: skip
        counted(kind, sum_of, **where)


def test_ratings_are_public_where_enough_have_answered(client, country):
    given.procedure()
    for number, overall, where in ((4, 1, {"agency": "G15"}), (6, 2, {}), (4, 1, {"procedure": "1.004873"}), (9, 3, {"days_ago": 40})):  # fmt: skip
        rated(number, overall, **where)
    shown = client.get("/numbers/")
    ratings = shown.context["ratings"]
    assert [(one.code, one.count, one.satisfied, one.overall) for one in ratings.agencies] == [
        ("H38", 10, 60, 1.6)
    ]
    assert [(one.code, one.count, one.overall, one.convenience, one.timeliness, one.attitude) for one in ratings.procedures] == [("2.000986", 10, 1.6, 2, 3, 1)]  # fmt: skip
    page = shown.content.decode()
    assert ("có dưới 5 lượt đánh giá" in page, "under=H38#ratings" in page) == (True, True)
    alone = client.get("/numbers/?under=G15").content.decode()
    assert ("còn quá ít lượt đánh giá" in alone, "theo thủ tục, thủ tục ít" in alone) == (True, False)
    text = client.get("/numbers/table.csv?days=30").content.decode().removeprefix(BOM)
    answered = {row["agency"]: [row[name] for name in RATED] for row in csv.DictReader(io.StringIO(text))}
    assert answered["H38"] == ["10", "60.00", "1.60", "2.00", "3.00", "1.00"]
    assert set(answered.get("G15", [""])) == {""}
    assert ratings_of(client, "?days=30") == [("2.000986", given.definition(given.BIRTH).name.vi, "10", "60.00", "1.60", "2.00", "3.00", "1.00")]  # fmt: skip
    assert '/numbers/ratings.csv?days=30"' in page
    assert ratings_of(client, "?under=G15") == []
    own = client.get("/numbers/?under=H38.02683&days=90").context["ratings"]
    assert [(one.code, one.count) for one in own.procedures] == [("2.000986", 15)]


def ratings_of(client, query):
    rows = list(
        csv.reader(io.StringIO(client.get(f"/numbers/ratings.csv{query}").content.decode("utf-8-sig")))
    )
    assert rows[0] == ["procedure", "name", *RATED]
    return [tuple(row) for row in rows[1:]]


def test_many_agencies_cost_as_many_queries_as_one(client):
    lines = []

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/numbers/")
            lines.append(len(ratings_of(client, "")))
        return len(captured)

    counted("finished", 1, agency="H10")
    rated(5, 3, agency="H10")
    few = queries()
    for n in range(11, 41):
        counted("finished", 1, agency=f"H{n}")
        rated(5, 2, agency=f"H{n}", procedure=f"1.0000{n}")
    assert (queries(), few <= 14) == (few, True)
    assert lines == [1, 31]  # every procedure, not the twenty of the page


def test_dossiers_are_never_counted_row_by_row(client, country):
    with CaptureQueriesContext(connection) as captured:
        client.get("/numbers/")
    tables = " ".join(query["sql"] for query in captured)
    assert [name for name in ("tracking_tracked", "dossiers_dossier") if name in tables] == []


def test_the_span_ends_today(country):
    shown = numbers(7)
    assert (shown.last - shown.first, type(shown.first)) == (timedelta(days=6), date)
    assert shown.last == datetime.now(tz=timezone.get_default_timezone()).date()


def test_levels_are_told_by_the_rules_of_the_day_or_of_another_time(client):
    given.procedure("1.004873")
    given.procedure("1.000656")
    today = client.get("/numbers/levels/", headers={"accept-language": "vi"})
    assert [(one.level.id, one.number) for one, _name, _says in today.context["reached"]] == [
        ("whole", 1),
        ("part", 1),
        ("information", 0),
    ]
    assert today.content.decode().count("224/2026/NĐ-CP") == 1
    then = client.get("/numbers/levels/?rules=levels")
    assert [(one.level.id, one.number) for one, *_words in then.context["reached"]] == [
        ("level_4", 1),
        ("level_3", 1),
        ("level_2", 0),
        ("level_1", 0),
    ]
    past = client.get("/numbers/levels/?on=2019-12-31")
    assert (past.context["asked"].rules.id, past.context["whole"]) == ("levels", 0)
    assert client.get("/numbers/levels/?on=yesterday&rules=x").context["asked"].is_misread
    lines = list(csv.DictReader(io.StringIO(client.get("/numbers/levels.csv").content.decode().lstrip(BOM))))
    assert [(line["level"], line["procedures"], line["percent"], line["offered_here"]) for line in lines] == [
        ("whole", "1", "50.00", "1"),
        ("part", "1", "50.00", "1"),
        ("information", "0", "0.00", "0"),
    ]
