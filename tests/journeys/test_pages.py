"""Every other page of the country once the story is over: accessible, no wider than the screen, nothing blocked."""

import pytest

ADDRESSES = {
    "vpcp": [
        "/",
        "/account/login/",
        "/account/login/?way=password",
        "/procedures/",
        "/procedures/?q=khong-co-gi",
        "/procedures/1.001193/",
        "/tracking/",
        "/tracking/?code={code}",
        "/tracking/?code=H38.03006-261101-9999",
        "/verify/",
        "/numbers/",
        "/numbers/?days=7",
        "/oversight/integrity/",
        "/khong-co-trang-nay/",
    ],
    "may": [
        "/",
        "/my/",
        "/my/inbox/",
        "/my/papers/",
        "/my/data/",
        "/account/",
        "/applications/{application}/",
    ],
    "laocai": ["/account/login/", "/verify/", "/verify/{printed_code}/", "/verify/0000-0000-0000-0000/"],
    "suong": ["/desk/", "/desk/?show=ended"],
    "lam": ["/desk/", "/desk/dossiers/{application}/"],
    "lua": ["/desk/", "/desk/agency/"],
    "thong": ["/desk/people/"],
    "guong": ["/oversight/", "/oversight/timeline/", "/oversight/peers/"],
    "tuphap": ["/", "/account/login/", "/oversight/integrity/"],
}
PAGES = [(who, address) for who, addresses in ADDRESSES.items() for address in addresses]


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_the_page_is_accessible_and_fits_the_screen(birth, who, address):
    is_node = who in {"vpcp", "laocai", "tuphap"}
    walker = birth.anyone(who) if is_node else birth.enter(who)
    before = len(walker.complaints)
    status = walker.open(address.format(**vars(birth))).status
    blocked = [words for words in walker.complaints[before:] if not words.startswith("Failed to load")]
    assert (status in {200, 404}, blocked, birth.looker.faults(walker.page)) == (True, [], [])


@pytest.mark.parametrize(("node", "status"), [("vpcp", 200), ("tuphap", 404)])
def test_a_node_opens_only_the_doors_its_settings_name(birth, node, status):
    assert birth.anyone(node).open("/tracking/").status == status
