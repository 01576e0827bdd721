"""Words on a page or in a signature, letters as letters: a small page of PDF set into another."""

import io
import uuid
from typing import override

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader


class Words(PdfContent):
    """The first page of a PDF as it stands."""

    def __init__(self, pdf: bytes, writer: IncrementalPdfFileWriter | None = None) -> None:
        super().__init__(writer=writer)
        self.pdf = pdf
        self.name = f"/Words{uuid.uuid4().hex}"

    @override
    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.pdf)))
        self.resources.xobject[self.name] = page
        left, foot, right, top = (float(edge) for edge in page.get_object()["/BBox"])
        self.box = BoxConstraints(width=right - left, height=top - foot)
        return self.name.encode() + b" Do"

    def put(self, writer: IncrementalPdfFileWriter, drawn: bytes, *, page: int = 0) -> None:
        """Draw it on a page by these operators, whatever the page itself has set before."""
        stream = StreamObject(stream_data=drawn)
        writer.add_stream_to_page(page, writer.add_object(stream), resources=self.resources.as_pdf_object())
