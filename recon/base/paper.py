"""Names of files and folders that several rooms must agree on."""

from __future__ import annotations

#: Folder, beside recon.toml, of what one run keeps for the next.
CACHE_FOLDER = ".recon-cache"
#: The ledger's file in a workspace.
LEDGER_FILE = "recon-ledger.sqlite"
#: The sheet, and the beginning of the files, in which people confirm policy values.
POLICY_SHEET = "参数确认"
