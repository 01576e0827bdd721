"""What happens by the receipt of a dossier, where there is no account."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CounterDossierLearned:
    """An agency told of a dossier it received at its counter; whose it is finds it among their own."""

    agency: str
    code: str


@dataclass(frozen=True)
class ReceiptShown:
    """Whoever holds the receipt of what was filed at the counter showed it, and saw how the dossier stands."""

    code: str
