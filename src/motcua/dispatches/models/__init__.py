"""What an agency sends, what it receives, and where what it sent stands at each receiver."""

from motcua.dispatches.models.access import Look, Reader
from motcua.dispatches.models.copies import Copy
from motcua.dispatches.models.drafting import Remark, Version
from motcua.dispatches.models.folders import Filing, Folder
from motcua.dispatches.models.incoming import Incoming
from motcua.dispatches.models.mails import Correspondent, ReceivedMail, SentMail
from motcua.dispatches.models.numbering import Numbering
from motcua.dispatches.models.outgoing import Delivery, Outgoing
from motcua.dispatches.models.routing import Review
from motcua.dispatches.models.templates import Template
from motcua.dispatches.models.wording import Wording

__all__ = [
    "Copy", "Correspondent", "Delivery", "Filing", "Folder", "Incoming", "Look", "Numbering", "Outgoing", "Reader",
    "ReceivedMail", "Remark", "Review", "SentMail", "Template", "Version", "Wording",
]  # fmt: skip
