"""Opening workbooks that have a password.

Nothing else: what is inside goes to the ordinary readers.
"""

from __future__ import annotations

import io

from recon.intake.formats.detect import OLE
from recon.intake.formats.refusals import RefusedError

#: Office encrypts with this word when only the structure of a workbook is protected.
_STRUCTURE = "VelvetSweatshop"


def decrypt(content: bytes, password: str | None) -> tuple[bytes, str]:
    """Decrypt a workbook.

    Args:
        content: The encrypted file.
        password: What the user gave, if anything; several words stand on lines of their own.

    Returns:
        The plain workbook and its type, xlsx or xls.

    Raises:
        RefusedError: `encrypted` without a password, `password` if it is wrong.
    """
    import msoffcrypto  # noqa: PLC0415 - takes a while to load, and few workbooks need it
    from msoffcrypto import exceptions as errors  # noqa: PLC0415

    failures = (errors.DecryptionError, errors.FileFormatError, ValueError, OSError)
    for word in (*(password or "").split("\n"), _STRUCTURE):
        if not word:
            continue
        plain = io.BytesIO()
        try:
            office = msoffcrypto.OfficeFile(io.BytesIO(content))
            office.load_key(password=word)
            office.decrypt(plain)
        except failures:
            continue
        found = plain.getvalue()
        if found:
            return found, "xls" if found.startswith(OLE) else "xlsx"
    raise RefusedError("password" if password else "encrypted")
