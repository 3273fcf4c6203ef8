# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Chromium's driver for the stories: $modules. Sourced behind tests/kiosk/lib.sh.
for tool in node npm chromium; do
  command -v $tool >/dev/null || fail "$tool is missing: run tools/deps test"
done

say "the browser's driver, as package-lock.json has it"
modules=$src/build/web-modules
mkdir -p "$src/build"
exec {modules_lock}>"$src/build/web-modules.lock"
flock "$modules_lock" # another story may be fetching it
if ! cmp -s "$src/tests/web/package-lock.json" "$modules/package-lock.json"; then
  rm -rf "$modules" "$modules.new" && mkdir -p "$modules.new"
  cp "$src"/tests/web/package{,-lock}.json "$modules.new"
  (cd "$modules.new" && npm ci --no-audit --no-fund --ignore-scripts) >npm.log 2>&1 || fail "npm ci: $(cat npm.log)"
  mv "$modules.new" "$modules" # whole, or not at all
fi
exec {modules_lock}>&-
