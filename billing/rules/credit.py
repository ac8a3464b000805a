"""How much may be taken back of an invoice, and the VAT that goes with it."""

from __future__ import annotations

from workplace_console.common.refusal import Refused, gettext_noop


def check_credit(*, supply: int, supply_left: int) -> None:
    """R: E4, E5. At least a won, and no more than is left of the invoice; supply in won."""
    if not 1 <= supply <= supply_left:
        raise Refused(
            "credit_out_of_range",
            gettext_noop("공급가액은 1원부터 남은 {left}원 사이로 적으세요."),
            left=f"{supply_left:,}",
        )


def credit_vat(*, supply: int, supply_left: int, vat_left: int) -> int:
    """The VAT that a credit of so much supply takes back, in won.

    What is left of the invoice keeps VAT of ⌊10 %⌋ of its supply, however many credits there are;
    so crediting all of it takes back all of its VAT.
    """
    return vat_left - (supply_left - supply) // 10
