"""Lists of services to bring online: each file holds, and says no more than it knows."""

import pytest
from pydantic import ValidationError

from motcua.procedures.service_lists import ServiceList, service_list, service_lists


def test_the_lists_hold_and_the_youngest_stands_first():
    assert [(one.id, one.total, len(one.services)) for one in service_lists()] == [
        ("scheme06", 25, 25),
        ("y2016", 82, 0),
    ]
    assert [(told.done, 82) for told in service_list("y2016").reported] == [(63, 82)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"services": [{"number": 3, "name": {"vi": "Ba"}, "agency": "Bộ"}]},
        {"services": [{"number": 1, "name": {"vi": "Một"}, "agency": "Bộ"}] * 2},
        {"reported": [{"day": "2017-01-01", "done": 3, "source": "…"}]},
        {"services": [{"number": 1, "name": {"vi": "Một"}, "agency": "Bộ", "codes": ["1.2"]}]},
    ],
)
def test_a_list_that_contradicts_itself_is_refused(wrong):
    good = {"id": "two", "decision": "1/QĐ-TTg", "name": {"vi": "Hai"}, "total": 2}
    assert ServiceList.model_validate(good, strict=False).total == 2
    with pytest.raises(ValidationError):
        ServiceList.model_validate(good | wrong, strict=False)
