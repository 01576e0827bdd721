"""Who is signed in, asked by every request of theirs."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from motcua.lib.worded import worded_once
from motcua.people.models import Account


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """The account library's, which lets the ORM word its question anew each time."""

    def get_user(self, user_id: Any) -> Account | None:
        account = known.first(user_id)
        return account if account and self.user_can_authenticate(account) else None


@worded_once
def known(pk: UUID) -> QuerySet[Account]:
    """The account."""
    return Account.objects.filter(pk=pk)
