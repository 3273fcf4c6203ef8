#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The guest with a camera (run), in builds without sanitizers: emulated as well, those would take minutes
# for what the other tests do in seconds.
set -euo pipefail
if grep -aqE '__(asan|tsan)_init' "$1/yingbin-kiosk"; then
  echo "skipped: vm: this build has sanitizers, the release build runs it"
  exit 77
fi
exec "$2/tests/vm/run" "$@"
