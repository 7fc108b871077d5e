#!/bin/sh
# A folder dropped on this file, or given as its argument, opens in the desk.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
if [ ! -x "$here/env/bin/python" ]; then
    cat "$here/tool/not-installed.txt"
    exit 2
fi
if [ -z "${1:-}" ]; then
    cat "$here/tool/no-folder.txt"
    exit 2
fi
exec "$here/env/bin/python" -P -m recon desk "$1"
