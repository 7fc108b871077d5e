#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
check="import sys; sys.exit('.'.join(map(str, sys.version_info[:2])) != '@PYTHON@')"
if [ -e "$here/python" ]; then
    set -- "$here/python/bin/python3"
else
    set -- python@PYTHON@ python3
fi
for one; do
    if "$one" -c "$check" >/dev/null 2>&1; then
        PYTHONUTF8=1 exec "$one" "$here/tool/setup.py"
    fi
done
cat "$here/tool/no-python.txt"
exit 2
