#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A fleet of kiosks pushes to real hubs over connections that stall, break off, repeat and begin anew, while hubs and
# PostgreSQL are killed: afterwards each hub has exactly what the kiosks journaled. How fast that is is no test's affair.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

fleet() { # [OPTION...]: its line is in line.json
  "$bin/yingbin-bench" hub --scratch . "$@" >line.json 2>log || fail "hub $*: $(cat log)"
}

say "a fleet, SQLite and PostgreSQL, figures beside their controls"
for db in sqlite postgresql; do
  fleet --db $db --kiosks 30 --records 60 --batch 20 --live 2 --faults 40
  jq -e '.whole and .records_per_s > 0 and .control_per_s > 0 and .push_ms.n >= 60 and .live_ms.n > 0 and .stalls > 0 and .cuts > 0 and .repeats > 0
    and .restarts > 0 and .hub_mb > 0 and (.ratio - .records_per_s / .control_per_s | fabs) < 0.01' line.json >/dev/null || fail "$(cat line.json)"
done

say "dashboards that are open meanwhile"
fleet --db sqlite --kiosks 10 --records 12 --live 4 --faults 0 --dashboards 2
jq -e '.dashboards | .n == 2 and .messages_per_s > 0 and .bytes_per_s > 0 and .broken == 0' line.json >/dev/null || fail "$(cat line.json)"

say "kiosks that hold a question open meanwhile"
fleet --db sqlite --kiosks 10 --records 12 --live 4 --faults 0 --listeners 3
jq -e '.whole and .live_ms.n + .live_listened_ms.n == 40 and .live_listened_ms.n > 0 and .heard_ms.n > 0 and .heard_ms.p99 >= .heard_ms.p50
  and (.listeners | .n == 3 and .broken == 0 and .answers_per_s > 0)' line.json >/dev/null || fail "$(cat line.json)"

say "hubs and PostgreSQL are killed meanwhile"
fleet --db sqlite --kiosks 20 --records 100 --batch 10 --live 0 --faults 40 --kills 8
jq -e '.whole and .killed_hubs == 8 and .lost > 0' line.json >/dev/null || fail "$(cat line.json)"
fleet --db postgresql --hubs 2 --kiosks 20 --records 100 --batch 10 --live 0 --faults 40 --kills 8
jq -e '.whole and .killed_hubs + .killed_servers == 8 and .killed_servers > 0' line.json >/dev/null || fail "$(cat line.json)"

say "a record that is missing is seen"
for db in sqlite postgresql; do
  code=0 && "$bin/yingbin-bench" hub --scratch . --db $db --kiosks 2 --records 20 --live 0 --lose 1 >line.json 2>log || code=$?
  [ "$code" = 1 ] || fail "exit code $code: $(cat log)"
  expect_problem log '和日志不同' "aren't the journal's"
done

[ -z "$(find . -name 'yingbin-bench-*')" ] || fail "a scratch folder was left"
for wrong in '--kiosks 0' '--db sqlite --hubs 2' '--frobnicate 1' '--batch'; do
  # shellcheck disable=SC2086 # two words
  code=0 && "$bin/yingbin-bench" hub $wrong >/dev/null 2>log || code=$?
  [ "$code" = 2 ] || fail "exit code $code for $wrong"
done
say "ok"
