"""Pages of the running nodes as the story leaves them; every page there is has been looked at in tests/browser."""

import pytest


@pytest.mark.parametrize(
    ("node", "address"),
    [("vpcp", "/khong-co-trang-nay/"), ("laocai", "/verify/{printed_code}/"), ("tuphap", "/")],
)
def test_the_page_is_accessible_and_fits_the_screen(birth, node, address):
    walker = birth.anyone(node)
    before = len(walker.complaints)
    status = walker.open(address.format(**vars(birth))).status
    blocked = [words for words in walker.complaints[before:] if not words.startswith("Failed to load")]
    assert (status in {200, 404}, blocked, birth.looker.faults(walker.page)) == (True, [], [])


@pytest.mark.parametrize(("node", "status"), [("vpcp", 200), ("tuphap", 404)])
def test_a_node_opens_only_the_doors_its_settings_name(birth, node, status):
    assert birth.anyone(node).open("/tracking/").status == status
