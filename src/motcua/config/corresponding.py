"""`motcua bench documents`: documents signed, sent, registered; states told; search over a million."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from motcua.config.children import answer_of_child, begin_in_child, in_child_heard, wait_for_child
from motcua.config.country import Country
from motcua.config.measured import Figure
from motcua.config.ports import free_ports
from motcua.config.resting import come_to_rest
from motcua.config.stages import STAGES, told

DOCUMENTS, SIZE, SEARCHED, AT_ONCE, PATIENCE = 5_000, 200_000, 1_000_000, 2, 7200
SENDER, RECEIVER = "vpcp", "laocai"
REGISTERED = "03"


def documents(console: Console, *, dossiers: int = DOCUMENTS, searched: int = SEARCHED) -> list[Figure]:
    """Make the country, let one agency write to another, then search; what was measured."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    country = Country(folder / "c", port=free_ports())
    with told(console, STAGES) as tell:
        country.start(tell)
    try:
        lines = [*sent(country, dossiers), *registered(country, dossiers)]
        child(country, RECEIVER, come_to_rest)  # by then the words of all documents are kept
        country.supervisor.stop_all()
        with told(console, {"filling": "Copying what came in"}) as tell:
            there = filled(country, searched, lambda percent: tell(f"filling {percent}"))
        return [*lines, *found(child(country, RECEIVER, lambda: search(there)), there)]
    finally:
        country.stop()


def sent(country: Country, count: int) -> list[Figure]:
    """Written, signed by the head, sealed and sent; then all of them arrived and checked at the receiver."""
    began = time.monotonic()
    spans = [(count * part // AT_ONCE, count * (part + 1) // AT_ONCE) for part in range(AT_ONCE)]
    together(country, SENDER, [partial(deed, "issue", *span, SIZE) for span in spans])
    wrote = time.monotonic() - began
    child(country, RECEIVER, lambda: waited("arrived", count))
    came = time.monotonic() - began
    what = f"{count:,} documents of a page, each with a scanned PDF of {SIZE // 1000} KB"
    return [
        (f"{what}: drafted, signed, sealed and sent", f"{count / wrote:.1f}/s", "–", None),
        (f"{what}: the same, and arrived, checked and stored there", f"{count / came:.1f}/s", "–", None),
    ]


def registered(country: Country, count: int) -> list[Figure]:
    """Entered in the register of the year at the receiver; each tells its state to the sender."""
    pks = child(country, RECEIVER, lambda: deed("unregistered"))
    began = time.monotonic()
    parts = [pks[part::AT_ONCE] for part in range(AT_ONCE)]
    together(country, RECEIVER, [partial(deed, "register", part) for part in parts])
    wrote = time.monotonic() - began
    child(country, SENDER, lambda: waited("standing", count, REGISTERED))
    heard = time.monotonic() - began
    return [
        (f"{count:,} documents registered, each by itself", f"{count / wrote:.0f}/s", "–", None),
        (f"{count:,} states told, until the sender shows them", f"{count / heard:.0f}/s", "–", None),
    ]


def filled(country: Country, searched: int, say: Callable[[int], None]) -> int:
    """So many documents with their words at the receiver; how many there are."""
    in_child_heard(country.home / RECEIVER, lambda tell: deed("multiply", searched, tell), say)
    return int(child(country, RECEIVER, lambda: deed("searchable")))


def found(times: dict[str, list[float]], there: int) -> list[Figure]:
    return [line(words, some, there) for words, some in times.items()]


def line(words: str, times: Sequence[float], there: int) -> Figure:
    p95 = statistics.quantiles(times, n=20)[18] * 1000
    what = f"search over {there:,} documents, the whole page, {words}"
    return what, f"p50 {statistics.median(times) * 1000:.0f} ms, p95 {p95:.0f} ms", "p95 ≤ 100 ms", p95 <= 100


def together(country: Country, node: str, works: Sequence[Callable[[], object]]) -> None:
    """Each in a process of its own, all at once."""
    home = country.home / node
    for pid in [begin_in_child(home, work) for work in works]:
        wait_for_child(pid, home)


def child(country: Country, node: str, work: Callable[[], Any]) -> Any:
    return answer_of_child(country.home / node, work)


# At a node


def deed(name: str, *arguments: Any) -> Any:
    """One of what `demo.correspondence` does many times."""
    from motcua.demo import correspondence  # noqa: PLC0415 — models need the child's settings

    return getattr(correspondence, name)(*arguments)


def waited(name: str, wanted: int, *arguments: Any) -> None:
    """Until so many are counted by one of its questions."""
    deed("wait_for", partial(deed, name, *arguments), wanted, PATIENCE)


def search(there: int) -> dict[str, list[float]]:
    """Seconds for each page of results, index and process warm."""
    from django.test import Client  # noqa: PLC0415 — as above

    from motcua.demo.people import BY_KEY  # noqa: PLC0415
    from motcua.people.models import Account  # noqa: PLC0415

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(Account.objects.get(pk=BY_KEY["phong"].account))

    def timed(text: str) -> float:
        began = time.perf_counter()
        answer = client.get("/desk/incoming/search/", {"q": text})
        assert answer.status_code == 200, (text, answer.status_code)  # noqa: S101 — a page that fails has no measure
        return time.perf_counter() - began

    timed("báo cáo")
    return {words: [timed(text) for text in some] for words, some in deed("searches", there).items()}
