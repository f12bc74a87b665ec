"""Facts of material that is lent."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class StockChanged:
    """A colleague counted more or less of a thing."""

    item_id: int


@fact
class LoanReserved:
    initiative_id: int
    loan_id: int


@fact
class LoanMoved:
    """From one state to another; by nobody when a colleague's word about something else let it go."""

    initiative_id: int
    loan_id: int
    from_state: str
    to_state: str


@fact
class LoanDueBack:
    """In a few days it is to be back."""

    initiative_id: int
    loan_id: int
