#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
if [ -e "$here/env/pyvenv.cfg" ]; then
    rm -rf -- "$here/env"
fi
if [ -e "$here/env" ]; then
    cat "$here/tool/not-removed.txt"
    exit 2
fi
cat "$here/tool/removed.txt"
