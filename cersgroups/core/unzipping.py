"""What Python raises where a zip is damaged, encrypted or packed in an unknown way, or its disk fails."""

import lzma
import struct
import zipfile
import zlib

UNZIPPING: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
    struct.error,
)
"""An encrypted entry is a RuntimeError; so are an unknown way of packing and lists within lists without end."""
