"""The national portal as this node asks it: which procedures it has, what each says, where a dossier stands there."""

import json
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.api import posting
from motcua.api.national import client
from motcua.api.national.rows import Service
from motcua.procedures.importing import Unreached

TRIES = 10
MINUTE = 60


class NationalPortal:
    """Asks within one session, again in the next minute where it has asked too often. All raise `Unreached`."""

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        if not client.is_set():
            raise Unreached(
                _("No portal is set. Name it in node.toml: national_portal, national_portal_client.")
            )
        self.pause = pause
        self.session = ""

    def codes(self) -> list[str]:
        """LayDanhSachTTHC: the codes of all procedures, page after page; asked once."""
        return self._codes

    @cached_property
    def _codes(self) -> list[str]:
        found: dict[str, None] = {}
        while True:
            after = next(reversed(found), "")
            page = [str(row.get("MATTHC") or "") for row in self.ask("LayDanhSachTTHC", MaTTHC=after)]
            fresh = [code for code in page if code and code not in found]
            if not fresh:  # the end, or a portal that tells everything at once, whatever it is asked
                return list(found)
            found.update(dict.fromkeys(fresh))

    def record(self, code: str) -> Mapping[str, Any]:
        """LayThuTuc: what it says of one procedure; nothing if it is gone since the list was made."""
        return next(iter(self.ask("LayThuTuc", MaTTHC=code)), {})

    def dossier(self, code: str) -> Mapping[str, Any]:
        """TraCuuHoSo: where a dossier stands; nothing if the portal does not know it."""
        return next(iter(self.ask("TraCuuHoSo", MaHoSo=code)), {})

    def ask(self, service: Service, **keys: str) -> list[dict[str, Any]]:
        for _try in range(TRIES):
            try:
                self.session = self.session or client.session()
                return client.ask(service, unit=settings.NODE.agency, within=self.session, **keys)
            except client.Busy:
                self.pause(MINUTE - time.time() % MINUTE)
            except client.Expired:
                self.session = ""
            except (posting.Failed, OSError, json.JSONDecodeError, KeyError) as fault:
                raise Unreached(_("The portal does not answer: %(fault)s") % {"fault": fault}) from fault
        raise Unreached(_("The portal does not answer: %(fault)s") % {"fault": service})
