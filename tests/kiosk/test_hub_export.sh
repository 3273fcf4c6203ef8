#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What kiosks pushed comes out of the hub again as it came: each journal verifies, and merging what the hub exports gives what
# merging the sticks gives, a cloned card included. From SQLite and from PostgreSQL.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

say "two kiosks, one of which was cloned"
make_event meetup 6
build_pack meetup
yingbin tickets meetup -o shown --as png >/dev/null 2>tickets.log
for kiosk in door-1 door-2; do setup_card $kiosk; done
evening() { kiosk_on "files:shown once" "$@" >/dev/null 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"; }
evening --set kiosk=door-1
evening --set kiosk=door-2 --set data=data-2 --set clock_start=$((noon + 1800000))
cp -r data twin
evening --set kiosk=door-1 --set clock_start=$((noon + 3600000))
evening --set kiosk=door-1 --set data=twin --set clock_start=$((noon + 7200000))
mkdir sticks
for stick in data data-2 twin; do yingbin log export --data $stick -o sticks/$stick.jsonl >/dev/null; done

server=$("$src/tools/postgres" start) || fail "no PostgreSQL"
trap '"$src/tools/postgres" remove "$server"; kill $(jobs -p) 2>/dev/null || true' EXIT

pieces() { # KIOSK TOKEN DATA: in pushes of three records, some of them twice
  local all
  all=$(($(wc -l <"sticks/$3.jsonl") - 2))
  for ((from = 1; from <= all; from += 3)); do
    yingbin log export --data "$3" -o whole.jsonl --from "$from" >/dev/null
    push 200 "$1" "$2" whole.jsonl
  done
}

for db in hub.db "$("$src/tools/postgres" url "$server")"; do
  say "into ${db%%:*} and out of it"
  port=0 hub_settings=(--set db="$db" --set rate=1000)
  start_hub
  token() { # KIOSK DATA
    ask 200 POST /v1/enrol --data-binary "$("$bin/make_enrol" "$2" "$1" "$(yingbin scan "card-$1/card.png" | jq -r '.texts[0]')")"
    answer .token
  }
  token_1=$(token door-1 data) token_2=$(token door-2 data-2)
  pieces door-1 "$token_1" data
  pieces door-2 "$token_2" data-2
  pieces door-1 "$token_1" twin
  rm -rf out merged-hub merged-sticks
  "$bin/yingbin-hub" --set db="$db" --export out >exported.jsonl || fail "no export"
  [ "$(find out -type f | wc -l)" = 2 ] || fail "not two journals: $(ls out)"
  for file in out/*.jsonl; do yingbin log verify "$file" >verified.json || fail "$file doesn't verify"; done
  yingbin log merge out/*.jsonl --roster meetup -o merged-hub >/dev/null 2>hub-merge.log || fail "$(cat hub-merge.log)"
  yingbin log merge sticks/*.jsonl --roster meetup -o merged-sticks >/dev/null 2>stick-merge.log || fail "$(cat stick-merge.log)"
  for file in merged.jsonl attendance.csv conflicts.csv corrections.csv; do
    expect_same "$file of the hub and of the sticks" merged-sticks/$file merged-hub/$file
  done
  cmp merged-sticks/merged.db merged-hub/merged.db || fail "another merged.db"
  end_hub
done

say "the keys of who enrolled are in kiosks.csv: a journal of another key is told"
for n in 1 2; do grep -q "^door-$n,[0-9a-f]*,$(head -n 1 out/door-$n.jsonl | field key)$" meetup/kiosks.csv || fail "door-$n's key isn't there: $(cat meetup/kiosks.csv)"; done
mkdir stranger
"$bin/make_export" stranger door-9 '{"seq":1,"kind":"scan"}' >stranger.jsonl
yingbin log merge out/*.jsonl stranger.jsonl --roster meetup -o strange >/dev/null 2>strange.log || fail "$(cat strange.log)"
expect_problem strange.log 'door-9.*未登记' "door-9.*isn't enrolled"
[ "$(grep -c '未登记' strange.log)" = 1 ] || fail "an enrolled kiosk isn't: $(cat strange.log)"
sed -i -E 's/,[0-9a-f]{64}$/,/' meetup/kiosks.csv # a hub somewhere else: its export brings them
"$bin/yingbin-hub" --set db=hub.db --set kiosks=meetup/kiosks.csv --export out >/dev/null || fail "no export"
grep -q "^door-1,[0-9a-f]*,$(head -n 1 out/door-1.jsonl | field key)$" meetup/kiosks.csv || fail "the export didn't bring the keys: $(cat meetup/kiosks.csv)"

say "what isn't one journal doesn't verify as one"
cat out/door-1.jsonl out/door-2.jsonl >both.jsonl
code=0 && yingbin log verify both.jsonl >/dev/null 2>err || code=$?
[ "$code" != 0 ] || fail "two kiosks' exports are one journal"
expect_problem err '另一台' "another kiosk's"
{ cat sticks/data-2.jsonl && echo more; } >more.jsonl
code=0 && yingbin log verify more.jsonl >/dev/null 2>err || code=$?
[ "$code" != 0 ] || fail "more behind the end"
{ yingbin log export --data data-2 -o a.jsonl >/dev/null && cat a.jsonl && yingbin log export --data data-2 -o a.jsonl --from 3 >/dev/null && cat a.jsonl; } >again.jsonl
yingbin log verify again.jsonl >/dev/null || fail "a journal with its tail behind it doesn't verify"
code=0 && "$bin/yingbin-hub" --set db=hub.db --export /proc/nowhere >/dev/null 2>err || code=$?
[ "$code" = 1 ] || fail "an export into nowhere: $code"
mkdir disk
if mount -t tmpfs -o size=16k tmpfs disk 2>mount.log; then # without the right to: not looked at
  dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null || true
  code=0 && "$bin/yingbin-hub" --set db=hub.db --export disk/out >/dev/null 2>err || code=$?
  umount disk
  [ "$code" = 1 ] || fail "an export onto a full disk: $code"
  expect_problem err '磁盘已满' 'the disk is full'
fi
say "ok"
