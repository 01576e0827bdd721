"""What an agency sends, what it receives, and where what it sent stands at each receiver."""

from motcua.dispatches.models.copies import Copy
from motcua.dispatches.models.incoming import Incoming
from motcua.dispatches.models.numbering import Numbering
from motcua.dispatches.models.outgoing import Delivery, Outgoing
from motcua.dispatches.models.wording import Wording

__all__ = ["Copy", "Delivery", "Incoming", "Numbering", "Outgoing", "Wording"]
