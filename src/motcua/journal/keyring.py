"""The keys of this node's journal: the one that signs, and those whose signatures are believed."""

from django.conf import settings

from motcua.lib.keys import FileKey, key_id

NAME = "node.pem"


def node_key() -> FileKey:
    """The node's own signing key; FileNotFoundError if the node has none yet."""
    return FileKey.load(settings.KEYS / NAME)


def public_pems() -> dict[str, str]:
    """The same as text."""
    return {name: pem.decode() for name, pem in public_keys().items()}


def public_keys() -> dict[str, bytes]:
    """Key id → PEM of all public keys in the node's key folder (`*.pub`) and of its own key: retired keys stay there as `.pub`."""
    pems = [file.read_bytes() for file in sorted(settings.KEYS.glob("*.pub"))]
    if (settings.KEYS / NAME).exists():
        pems.append(node_key().public_pem.encode())
    return {key_id(pem): pem for pem in pems}
