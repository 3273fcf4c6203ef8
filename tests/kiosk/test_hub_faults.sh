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

# agree DB: each kiosk's journal is what the hub of this database has, line by line, and they merge to the same.
agree() {
  rm -rf out sticks merged-hub merged-sticks && mkdir sticks
  "$bin/yingbin-hub" --set db="$1" --export out >/dev/null || fail "the hub's journals can't be exported"
  for kiosk in door-1 door-2; do
    yingbin log export --data $kiosk -o sticks/$kiosk.jsonl >/dev/null || fail "$kiosk's journal can't be exported"
    yingbin log verify out/$kiosk.jsonl >/dev/null || fail "the hub's journal of $kiosk doesn't verify"
    grep -P '\t' sticks/$kiosk.jsonl >journal.txt
    grep -P '\t' out/$kiosk.jsonl | awk '!seen[$0]++' >hub.txt
    expect_same "$kiosk's journal and the hub's" journal.txt hub.txt
  done
  yingbin log merge out/*.jsonl -o merged-hub >/dev/null 2>merge.log || fail "$(cat merge.log)"
  yingbin log merge sticks/*.jsonl -o merged-sticks >/dev/null 2>merge.log || fail "$(cat merge.log)"
  cmp merged-hub/merged.jsonl merged-sticks/merged.jsonl || fail "the hub's merge isn't the sticks'"
}

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
agree "$db"

say "the hub's clock jumps a day ahead, and back"
for start in $((noon + 86400000)) $((noon - 86400000)); do
  end_hub
  hub_settings=(--set db="$db" --set rate=1000 --set log=warn --set clock_start="$start")
  start_hub
  tick=$((tick + 60))
  for kiosk in door-1 door-2; do visit $kiosk shown --set clock_start=$((noon + tick * 60000)); done
  agree "$db"
done
end_hub

say "the hub's disk is full"
mkdir disk
if ! mount -t tmpfs -o size=1m tmpfs disk 2>mount.log; then
  say "SKIPPED: a full disk needs the right to mount: $(cat mount.log)"
  exit 0
fi
port=0 hub_settings=(--set db=disk/hub.db --set rate=1000)
start_hub
mkdir -p old && rm -rf door-1/hub.ini
ask 200 POST /v1/enrol --data-binary "$("$bin/make_enrol" door-1 door-1 "$(yingbin scan card-door-1/card.png | jq -r '.texts[0]')")"
token=$(answer .token)
yingbin log export --data door-1 -o whole.jsonl >/dev/null
head -c 500 /dev/zero >filler && mv filler disk/filler
dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null || true
push 503 door-1 "$token" whole.jsonl
grep -qi 'retry-after' answer.head || fail "no Retry-After: $(cat answer.head)"
[ "$(sqlite3 -readonly disk/hub.db 'SELECT count(*) FROM record')" = 0 ] || fail "something was kept by halves"
rm disk/filler
push 200 door-1 "$token" whole.jsonl
[ "$(sqlite3 disk/hub.db 'SELECT count(*) FROM record')" = "$(grep -cP '\t' whole.jsonl)" ] || fail "not all is there"
end_hub
umount disk
say "ok"
