#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real kiosks, a real hub, a real PostgreSQL, all of them killed at random moments; the hub's disk is full; its clock jumps a
# day. After each: what the kiosks journaled is what the hub has, to the record, and what it exports merges like the sticks.
#   test_hub_faults.sh BIN_DIR SOURCE_DIR SCRATCH_DIR [KILLS [SEED]]      also YINGBIN_KILLS, YINGBIN_SEED
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
kills=${4:-${YINGBIN_KILLS:-9}} seed=${5:-${YINGBIN_SEED:-$$}}
RANDOM=$seed

make_event meetup 30
build_pack meetup
yingbin tickets meetup -o shown --as png >/dev/null 2>tickets.log
for kiosk in door-1 door-2; do setup_card $kiosk; done
server=
trap '[ -z "$server" ] || "$src/tools/postgres" remove "$server"; kill $(jobs -p) 2>/dev/null || true; umount disk 2>/dev/null || true' EXIT

moment() { read -rt "0.$(printf '%03d' $((RANDOM % 400)))" <> <(:) || true; }

declare -A pid
run_kiosk() { # KIOSK: it goes on for ever
  exec_kiosk files:shown --set data="$1" --set hub="http://127.0.0.1:$port" --set clock_start=$((noon + tick * 60000)) >>"$1.lines" 2>>"$1.log" &
  pid[$1]=$!
  tick=$((tick + 1))
}
killed() { # NUMBER
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

say "$kills kills of kiosks, hub and PostgreSQL, seed $seed"
server=$("$src/tools/postgres" start) || fail "no PostgreSQL"
db=$("$src/tools/postgres" url "$server")
hub_settings=(--set db="$db" --set rate=1000 --set log=warn)
start_hub
for kiosk in door-1 door-2; do visit $kiosk card-$kiosk; done
tick=0 hubs=0 servers=0 kiosks=0
for kiosk in door-1 door-2; do run_kiosk $kiosk; done
for ((n = 0; n < kills; n++)); do
  moment
  case $((n % 3)) in
    0)
      kiosk=door-$((1 + RANDOM % 2)) kiosks=$((kiosks + 1))
      killed "${pid[$kiosk]}"
      run_kiosk $kiosk
      ;;
    1)
      killed $hub
      hubs=$((hubs + 1))
      start_hub
      ;;
    2)
      "$src/tools/postgres" kill "$server"
      servers=$((servers + 1))
      moment
      "$src/tools/postgres" up "$server" || fail "PostgreSQL doesn't come back"
      ;;
  esac
done 2>/dev/null
is_up() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/healthz")" = 200 ]; }
wait_for "the hub with its PostgreSQL" is_up
for kiosk in door-1 door-2; do
  killed "${pid[$kiosk]}" 2>/dev/null
  visit $kiosk shown --set clock_start=$((noon + tick * 60000))
done
say "$kiosks kiosks, $hubs hubs, $servers servers; $(wc -l <door-1.lines) lines"
agree "$db" door-1 door-2

say "the hub's clock jumps a day ahead, and back"
for start in $((noon + 86400000)) $((noon - 86400000)); do
  end_hub
  hub_settings=(--set db="$db" --set rate=1000 --set log=warn --set clock_start="$start")
  start_hub
  tick=$((tick + 60))
  for kiosk in door-1 door-2; do visit $kiosk shown --set clock_start=$((noon + tick * 60000)); done
  agree "$db" door-1 door-2
done
end_hub

say "the hub's disk is full"
mkdir disk
if ! mount -t tmpfs -o size=8m tmpfs disk 2>mount.log; then
  say "SKIPPED: a full disk needs the right to mount: $(cat mount.log)"
  exit 0
fi
port=0 hub_settings=(--set db=disk/hub.db --set rate=1000)
start_hub
tick=$((tick + 60))
for kiosk in door-1 door-2; do visit $kiosk "card-$kiosk" --set clock_start=$((noon + tick * 60000)); done # a new database: the cards again
dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null || true
records() { sql -readonly disk/hub.db 'SELECT count(*) FROM record'; }
before=$(records) lines=$(wc -l <door-1.lines)
tick=$((tick + 60))
for kiosk in door-1 door-2; do visit $kiosk shown --set clock_start=$((noon + tick * 60000)); done
[ "$(records)" = "$before" ] || fail "something was kept by halves"
[ "$(wc -l <door-1.lines)" -gt "$lines" ] || fail "nobody was served meanwhile"
grep -q "HTTP 503" door-1.log || fail "the kiosk isn't told: $(tail -n 5 door-1.log)"
token=$(sed -n 's/^token = //p' door-1/hub.ini)
yingbin log export --data door-1 -o whole.jsonl >/dev/null
push 503 door-1 "$token" whole.jsonl
grep -qi 'retry-after' answer.head || fail "no Retry-After: $(cat answer.head)"
rm disk/filler
for kiosk in door-1 door-2; do visit $kiosk shown --set clock_start=$((noon + tick * 60000)); done
agree disk/hub.db door-1 door-2
end_hub
umount disk
say "ok"
