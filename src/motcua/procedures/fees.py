"""What a dossier costs: by case, way of filing and number, less what its applicant need not pay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from motcua.procedures.schema import Answer, Definition, Exemption, Fee


@dataclass(frozen=True)
class Owed:
    """An amount in đồng; `exempt` is why it is nothing, `unproven` an exemption that was claimed without its paper."""

    amount: int
    fee: Fee
    exempt: Exemption | None = None
    unproven: Exemption | None = None


def owed(
    definition: Definition,
    *,
    case: str,
    channel: str,
    answers: Mapping[str, Answer],
    papers: Collection[str],
) -> Owed | None:
    """What is to be paid; None where the procedure names no amount, so that nobody can ask for one.

    `papers` are the ids of those given. An exemption holds only with its proof (circular 75/2022, art. 4).
    """
    fee = definition.fee_for(case, channel)
    if fee is None or fee.amount is None:
        return None
    claimed = [one for one in definition.exemptions if one.fits(case, channel) and one.when.holds(answers)]
    proven = [one for one in claimed if one.proof is None or one.proof in papers]
    if proven:
        return Owed(0, fee, exempt=proven[0])
    return Owed(fee.amount * times(fee, answers), fee, unproven=claimed[0] if claimed else None)


def times(fee: Fee, answers: Mapping[str, Answer]) -> int:
    """For how many the fee is to be paid: at least one."""
    answer = answers.get(fee.per) if fee.per else 1
    return max(1, answer) if isinstance(answer, int) else 1
