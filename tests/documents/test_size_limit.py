"""A request that is plainly too large."""

import pytest

from motcua.documents.intake import LARGEST

pytestmark = pytest.mark.django_db


def test_what_is_plainly_too_large_is_refused_before_it_is_read(client):
    answer = client.generic(
        "POST", "/verify/", b"", content_type="application/pdf", CONTENT_LENGTH=str(2 * LARGEST)
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["0", "", "rubbish"])
def test_other_lengths_pass(client, length):
    assert client.generic("GET", "/verify/", b"", CONTENT_LENGTH=length).status_code == 200
