"""Where a document stands, whatever the order in which news come, and however often."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.dispatches.standing import ANSWERS, RANK, Told, since, stands
from motcua.documents.edxml.message import State

START = datetime(2026, 11, 23, tzinfo=UTC)
TOLD = st.builds(
    lambda minutes, state: Told(START + timedelta(minutes=minutes), state),
    st.integers(0, 30),
    st.sampled_from(sorted(RANK.keys() | ANSWERS)),
)
NEWS = st.lists(TOLD, max_size=12)


@given(news=NEWS, data=st.data())
def test_order_and_repetition_do_not_matter(news: list[Told], data: st.DataObject) -> None:
    again = data.draw(st.permutations(news + news))
    assert stands(again) == stands(news)
    for state in State:
        assert since(again, state) == since(news, state)


@given(news=NEWS, later=TOLD)
def test_work_never_goes_back(news: list[Told], later: Told) -> None:
    before, after = stands(news), stands([*news, later])
    if before in RANK and after in RANK:
        assert RANK[after] >= RANK[before]


@given(news=NEWS)
def test_where_it_stands_was_told(news: list[Told]) -> None:
    found = stands(news)
    assert (found is None) == (
        not any(one.state in RANK or one.state is State.CHANGE_AGREED for one in news)
    ) or found is None
    if found is not None:
        assert since(news, found) in {one.at for one in news if one.state is found}


def test_the_way_of_a_document() -> None:
    way = [State.ARRIVED, State.REGISTERED, State.ASSIGNED, State.IN_PROGRESS, State.DONE]
    told = [Told(START + timedelta(hours=hour), state) for hour, state in enumerate(way)]
    assert [stands(told[:count]) for count in range(6)] == [None, *way]
    assert stands(reversed(told)) is State.DONE


def test_an_agreed_recall_ends_it_and_a_refused_one_changes_nothing() -> None:
    told = [Told(START, State.REGISTERED), Told(START + timedelta(1), State.CHANGE_REFUSED)]
    assert stands(told) is State.REGISTERED
    assert stands([*told, Told(START + timedelta(2), State.CHANGE_AGREED)]) is State.CHANGE_AGREED
    assert stands([*told, Told(START - timedelta(2), State.CHANGE_AGREED)]) is State.REGISTERED


def test_what_was_refused_and_then_agreed_within_one_second_is_agreed():
    told = [Told(START, State.CHANGE_REFUSED), Told(START, State.CHANGE_AGREED)]
    assert stands(told) is stands(reversed(told)) is State.CHANGE_AGREED
