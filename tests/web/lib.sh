# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Chromium's driver for the stories: $modules. Sourced behind tests/kiosk/lib.sh.
for tool in node npm chromium; do
  command -v $tool >/dev/null || fail "$tool is missing: run tools/deps test"
done

say "the browser's driver, as package-lock.json has it"
modules=$src/build/web-modules
if ! cmp -s "$src/tests/web/package-lock.json" "$modules/package-lock.json" || [ ! -e "$modules/node_modules" ]; then
  rm -rf "$modules" && mkdir -p "$modules"
  cp "$src/tests/web/package.json" "$modules"
  cp "$src/tests/web/package-lock.json" "$modules/lock"
  mv "$modules/lock" "$modules/package-lock.json"
  (cd "$modules" && npm ci --no-audit --no-fund --ignore-scripts) >npm.log 2>&1 || { rm -rf "$modules" && fail "npm ci: $(cat npm.log)"; }
fi
