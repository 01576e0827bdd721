"""Fields in which an administrator names an agency of their own, by name or code, and those that take several lines."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.organisations.models import Agency, AgencyQuerySet
from motcua.reorganisations.scheme import Scheme

CODE = re.compile(r"[A-Y][0-9]{2}(\.[A-Z0-9]+)*$")
# How many agencies a field offers while one types; of more than that, name or code is written.
OFFERED, SIMILAR = 300, 5


def answered_for(codes: Sequence[str]) -> AgencyQuerySet:
    """The agencies of today that administrators of these may write plans about."""
    found = Agency.objects.in_force()
    if settings.NODE.national in codes:
        return found
    under = Q(pk__in=[])
    for code in codes:
        under |= Q(code=code) | Q(code__startswith=f"{code}.")
    return found.filter(under)


def offered(codes: Sequence[str], scheme: Scheme | None) -> list[str]:
    """What the fields for agencies offer: “UBND xã Tả Van · H38.03037”; nothing where there are too many to look through."""
    rows = list(answered_for(codes).order_by("code").values_list("short_name", "code")[: OFFERED + 1])
    begun = [(one.short_name, one.code) for one in scheme.new] if scheme else []
    return [called(name, code) for name, code in [*begun, *(rows if len(rows) <= OFFERED else [])]]


def called(name: str, code: str) -> str:
    return f"{name} · {code}" if name and name != code else code


class OneAgency(forms.CharField):
    """An agency by name or code: one that exists, or begins with the plan; what the file says already is taken as it is."""

    def __init__(
        self, codes: Sequence[str], *, known: str = "", begun: Mapping[str, str], **options: Any
    ) -> None:
        self.codes, self.known, self.begun = codes, known, begun
        widget = forms.TextInput({"list": "agencies", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=300, initial=self.shown(), **options)

    def shown(self) -> str:
        """The agency as the field shows it."""
        if not self.known or self.known in self.begun:
            return called(self.begun.get(self.known, ""), self.known)
        name = Agency.objects.filter(code=self.known).values_list("short_name", flat=True).first()
        return called(name or "", self.known)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed or typed == self.initial:
            return self.known if typed else ""
        code = match[0] if (match := CODE.search(typed)) else ""
        if code in self.begun:
            return code
        named = Q(name_vi__icontains=typed) | Q(short_name__icontains=typed)
        which = Q(code=code) if code else named
        found = answered_for(self.codes).filter(which).order_by("code")[: SIMILAR + 1]
        rows = list(found.values_list("code", "short_name"))
        exact = [one for one, name in rows if name.casefold() == typed.casefold()]
        if len(rows) == 1 or len(exact) == 1:
            return exact[0] if exact else rows[0][0]
        if rows:
            same = " · ".join(called(name, one) for one, name in rows[:SIMILAR])
            raise ValidationError(
                _("Several are called so: %(names)s. Write the code."), params={"names": same}
            )
        raise ValidationError(
            _("Among your agencies none has the name or code “%(typed)s”."), params={"typed": typed}
        )


class Lines(forms.CharField):
    """Several, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), required=False, max_length=5000, **options)

    def clean(self, value: Any) -> Any:
        return list(dict.fromkeys(filter(None, map(str.strip, super().clean(value).splitlines()))))
