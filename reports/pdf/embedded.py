"""Whole pictures that go into the PDF as they are, neither decoded nor compressed again.

Rules:

1. What is not plain and whole is not taken; ``pictures`` lets Pillow decode it.
2. A picture is read when it is drawn, to be checked, and again when the file is written: a packet
   with hundreds of pictures holds none of them in memory.
3. Its name in the PDF is the hash of its bytes. A path would name the folder, which is random
   while a bundle is made: same packet, same bytes.
"""

import hashlib
from pathlib import Path
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFImageXObject, PDFName, PDFStream

from reports.media import PictureMedia
from reports.pdf import png


class _Jpeg(PDFImageXObject):  # type: ignore[misc]  # reportlab has no types
    """A JPEG in a file."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name)
        self._path = path
        with path.open("rb") as file:
            self.known = self.loadImageFromJPEG(file)
        self.streamContent = b""

    def format(self, document: Any) -> Any:
        """Return the object as it stands in the PDF."""
        self.streamContent = self._path.read_bytes()
        try:
            return super().format(document)
        finally:
            self.streamContent = b""


class _Png(PDFImageXObject):  # type: ignore[misc]  # reportlab has no types
    """A plain PNG in a file."""

    def __init__(self, name: str, path: Path, rows: png.Rows) -> None:
        super().__init__(name)
        self._path, self.width, self.height = path, rows.width, rows.height

    def format(self, document: Any) -> Any:
        """Return the object as it stands in the PDF."""
        stream = PDFStream(content=png.compressed(self._path.read_bytes()))
        about = stream.dictionary
        about["Type"], about["Subtype"] = PDFName("XObject"), PDFName("Image")
        about["Width"], about["Height"] = self.width, self.height
        about["BitsPerComponent"], about["ColorSpace"] = 8, PDFName("DeviceRGB")
        about["Filter"] = PDFArray([PDFName("FlateDecode")])
        parameters = {"Predictor": 15, "Colors": 3, "Columns": self.width}
        about["DecodeParms"] = PDFArray([PDFDictionary(parameters)])
        return stream.format(document)


def draw(canvas: Any, media: PictureMedia, width: float, height: float) -> bool:
    """Draw a whole picture with its lower left corner at the origin; tell whether that is done."""
    if media.orientation != 1 or media.media_type not in ("image/jpeg", "image/png"):
        return False
    data = media.path.read_bytes()
    name = hashlib.sha256(data).hexdigest()
    if not canvas.hasForm(name):
        image = _image(media, name, data)
        if image is None:
            return False
        document = canvas._doc
        document.Reference(image, document.getXObjectName(name))
        document.addForm(name, image)
    canvas._currentPageHasImages = 1
    canvas.saveState()
    canvas.scale(width, height)
    canvas.doForm(name)
    canvas.restoreState()
    return True


def _image(media: PictureMedia, name: str, data: bytes) -> PDFImageXObject | None:
    if media.media_type == "image/jpeg":
        jpeg = _Jpeg(name, media.path)
        return jpeg if jpeg.known else None
    rows = png.rows(data)
    if rows is None or (rows.width, rows.height) != (media.width, media.height):
        return None
    return _Png(name, media.path, rows)
