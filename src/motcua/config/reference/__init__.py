"""Documents the program writes about itself: `motcua catalogue` puts them into docs."""

from collections.abc import Callable, Mapping

from motcua.config.reference import catalogue, events, lifecycles, node_file

PAGES: Mapping[str, Callable[[], str]] = {
    "catalogue.md": catalogue.page,
    "events.md": events.page,
    "lifecycles.md": lifecycles.page,
    "settings.md": node_file.page,
}
