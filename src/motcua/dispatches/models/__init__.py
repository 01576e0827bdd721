"""What an agency sends, what it receives, and where what it sent stands at each receiver."""

from motcua.dispatches.models.access import Look, Reader
from motcua.dispatches.models.copies import Copy
from motcua.dispatches.models.drafting import Remark, Version
from motcua.dispatches.models.folders import Filing, Folder
from motcua.dispatches.models.incoming import Incoming
from motcua.dispatches.models.numbering import Numbering
from motcua.dispatches.models.outgoing import Delivery, Outgoing
from motcua.dispatches.models.routing import Review
from motcua.dispatches.models.templates import Template
from motcua.dispatches.models.wording import Wording

__all__ = [
    "Copy", "Delivery", "Filing", "Folder", "Incoming", "Look", "Numbering", "Outgoing", "Reader",
    "Remark", "Review", "Template", "Version", "Wording",
]  # fmt: skip
