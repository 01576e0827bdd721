"""The demo's remote signing service, reached over the network as a node reaches a real one."""

from contextlib import contextmanager
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application

from motcua.demo.people import BY_KEY
from motcua.documents.authority import Authority, Keyring


class Quiet(WSGIRequestHandler):
    """Says nothing of what it was asked."""

    def log_message(self, *_said):
        pass


@contextmanager
def answering(settings, *keys):
    """A node that signs with a service that keeps the keys of these of the demo's people; yields the authority."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/demo/signing/api/"
    settings.NODE = settings.NODE.model_copy(update={"signing_url": address, "signing_client": "thu"})
    settings.KEYS.mkdir(parents=True, exist_ok=True)
    (settings.KEYS / "signing.key").write_text("a secret of the tests, never of a node")
    authority = Authority.founded("Chứng thực thử")
    Keyring(settings.KEYS).trust("tests", authority.credential.certificate)
    ring = Keyring(settings.KEYS / "remote")
    for key in keys:
        person = BY_KEY[key]
        ring.keep_person(person.number, authority.subscriber(person.name, f"CCCD:{person.number}"))
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
