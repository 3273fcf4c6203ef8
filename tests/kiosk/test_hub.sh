#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# yingbin-hub and curl: enrolment, an evening's journal in pieces, repeats, gaps, forks, strangers, what others are told,
# packs, and that a kill loses nothing that was acknowledged.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
hub_settings=(--set packs=.)

say "a pack, an evening before a kiosk, two setup cards"
make_event meetup 6
yingbin card setup meetup --hub http://127.0.0.1 --kiosk door-1 -o door-1.png >/dev/null 2>&1
yingbin card setup meetup --hub http://127.0.0.1 --kiosk door-2 -o door-2.png >/dev/null 2>&1
card_1=$(yingbin scan door-1.png | jq -r '.texts[0]') card_2=$(yingbin scan door-2.png | jq -r '.texts[0]')
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
kiosk_on "files:shown once" --set kiosk=door-1 >lines.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
cp -r data twin # a cloned card: the same key, another story
yingbin log export --data data -o all.jsonl >exported.json
records=$(field records <exported.json)
[ "$records" -ge 7 ] || fail "only $records records"

start_hub
say "enrolment"
[ "$(stat -c %a hub.db)" = 600 ] || fail "the database is open to others"
ask 200 GET /healthz
"$bin/make_enrol" data door-1 "$card_1" >enrol-1.json
mkdir data-2 && "$bin/make_enrol" data-2 door-2 "$card_2" >enrol-2.json
jq -c '.sig |= (if startswith("0") then "1" else "0" end) + .[1:]' enrol-1.json >forged.json
ask 403 POST /v1/enrol --data-binary @forged.json
jq -c '.token = "guessed"' enrol-1.json >guessed.json
ask 403 POST /v1/enrol --data-binary @guessed.json
ask 400 POST /v1/enrol --data-binary '{"v":1}'
ask 400 POST /v1/enrol --data-binary '[[[[[[[['
ask 200 POST /v1/enrol --data-binary @enrol-1.json
lost=$(answer .token)
ask 200 POST /v1/enrol --data-binary @enrol-1.json # the answer was lost
token_1=$(answer .token)
[ "$lost" != "$token_1" ] || fail "the same token twice"
mkdir data-3 && "$bin/make_enrol" data-3 door-1 "$card_1" >thief.json
ask 403 POST /v1/enrol --data-binary @thief.json
ask 200 POST /v1/enrol --data-binary @enrol-2.json
token_2=$(answer .token)
if grep -aqF "$token_1" hub.db hub.db-wal; then fail "a token in the database"; fi

say "nobody else gets in"
push 401 door-1 "" all.jsonl
push 401 door-1 "$lost" all.jsonl
push 403 door-1 "$token_2" all.jsonl
push 400 door-2 "$token_2" all.jsonl # door-1's journal under door-2's name
ask 401 GET /v1/events/meetup/feed
ask 404 GET /v1/../../etc/passwd --path-as-is -H "Authorization: Bearer $token_1"
ask 404 GET /v1/packs/..%2fhub.db -H "Authorization: Bearer $token_1"
ask 404 GET /v1/packs/.meetup -H "Authorization: Bearer $token_1"
ask 405 DELETE /v1/enrol

say "a journal in pieces, with a gap, a repeat, a changed line, and half a body"
yingbin log export --data data -o tail.jsonl --from 4 >/dev/null
push 409 door-1 "$token_1" tail.jsonl
[ "$(answer '.expected_seq, (.known | length)' | xargs)" = "1 0" ] || fail "an empty hub knows something: $(cat answer.json)"
sed '3s/"mono_ms":/"mono_ms":1/' all.jsonl >changed.jsonl
push 400 door-1 "$token_1" changed.jsonl
grep -q 'line 3' <(answer .detail) || fail "not line 3: $(cat answer.json)"
head -n -1 all.jsonl >no_end.jsonl
push 400 door-1 "$token_1" no_end.jsonl
head -c 900 all.jsonl >half.jsonl
push 400 door-1 "$token_1" half.jsonl
{ cat all.jsonl && echo more; } >more.jsonl
push 400 door-1 "$token_1" more.jsonl
head -c 5000000 /dev/zero >large
push 413 door-1 "$token_1" large
[ "$(sql hub.db 'SELECT count(*) FROM record')" = 0 ] || fail "something of a refused journal was kept"
say "a question is held until there is something"
# hold CURSOR: two questions of door-2, of which the hub ends the older one, so that the other one surely stands
hold() {
  local n asks=()
  for n in 1 2; do
    curl -sS "${asking[@]}" -m 60 -o "held-$n.json" -H "Authorization: Bearer $token_2" "$scheme://$host:$port/v1/events/meetup/feed?after=$1&wait=30" &
    asks+=($!)
  done
  wait -n -p over "${asks[@]}" || fail "the older question breaks off"
  if [ "$over" = "${asks[0]}" ]; then stands=${asks[1]} standing=held-2.json; else stands=${asks[0]} standing=held-1.json; fi
}
ask 200 GET "/v1/events/meetup/feed?wait=1" -H "Authorization: Bearer $token_2"
[ "$(answer '(.records | length), .held_ms >= 1000' | xargs)" = "0 true" ] || fail "not held for a second: $(cat answer.json)"
cursor=$(answer .cursor)
for wait in -1 1.5 x 9999999999 1%20; do ask 400 GET "/v1/events/meetup/feed?wait=$wait" -H "Authorization: Bearer $token_2"; done
hold "$cursor"
push 200 door-1 "$token_1" all.jsonl
[ "$(answer .acked_seq)" = "$records" ] || fail "not all acknowledged: $(cat answer.json)"
wait "$stands" || fail "the question that is held breaks off"
[ "$(jq '.records | length' $standing)" = 6 ] || fail "not told of six: $(cat $standing)"
push 200 door-1 "$token_1" all.jsonl
push 200 door-1 "$token_1" tail.jsonl
[ "$(sql hub.db 'SELECT count(*) FROM record')" = "$records" ] || fail "a repeat was kept twice"

say "what the others are told"
ask 200 GET /v1/events/meetup/feed -H "Authorization: Bearer $token_1"
[ "$(answer '.records | length')" = 0 ] || fail "a kiosk is told its own"
ask 200 GET /v1/events/meetup/feed -H "Authorization: Bearer $token_2"
[ "$(answer '[.records[] | select(.kind == "scan" and .kiosk == "door-1" and .station == "meetup/door" and .attendee and .id and .at)] | length')" = 6 ] ||
  fail "not six admissions: $(cat answer.json)"
if grep -q 参会者 answer.json; then fail "a name went out"; fi
cursor=$(answer .cursor)
ask 200 GET "/v1/events/meetup/feed?after=$cursor" -H "Authorization: Bearer $token_2"
[ "$(answer '.records | length')" = 0 ] || fail "told twice"
ask 400 GET "/v1/events/meetup/feed?after=1%20OR%201" -H "Authorization: Bearer $token_2"
ask 200 GET "/v1/events/meetup/feed?after=0123456789abcdef-5&wait=30" -H "Authorization: Bearer $token_2"
[ "$(answer '.records | length')" = 6 ] || fail "the cursor of another database hides records"

say "a cloned card: two stories after the same record are both kept"
kiosk_on "files:shown once" --set kiosk=door-1 --set data=twin --set clock_start=$((noon + 7200000)) >/dev/null 2>kiosk.log
yingbin log export --data twin -o twin.jsonl --from $((records + 1)) >/dev/null
push 200 door-1 "$token_1" twin.jsonl
kiosk_on "files:shown once" --set kiosk=door-1 --set clock_start=$((noon + 3600000)) >/dev/null 2>kiosk.log
yingbin log export --data data -o second.jsonl --from $((records + 1)) >/dev/null
push 200 door-1 "$token_1" second.jsonl
[ "$(sql hub.db "SELECT count(*) FROM record WHERE seq = $((records + 1))")" = 2 ] || fail "no fork"

say "a kill loses nothing that was acknowledged"
before=$(sql hub.db 'SELECT count(*) FROM record')
kill -KILL $hub
wait $hub 2>/dev/null || true
start_hub
push 200 door-1 "$token_1" all.jsonl
[ "$(sql hub.db 'SELECT count(*) FROM record')" = "$before" ] || fail "records are gone, or doubled"
yingbin log export --data data -o late.jsonl --from $((records + 2)) >/dev/null
sql hub.db "DELETE FROM record WHERE seq > $records"
push 409 door-1 "$token_1" late.jsonl
[ "$(answer .expected_seq)" = $((records + 1)) ] || fail "$(cat answer.json)"
[ "$(answer '.known[0].chain')" = "$(tail -n 1 all.jsonl | jq -r .chain)" ] || fail "known says something else than the journal: $(cat answer.json)"

say "how a kiosk is"
health() { # STATUS KIOSK TOKEN JSON
  ask "$1" POST "/v1/kiosks/$2/health" -H "Authorization: Bearer $3" --data-binary "$4"
}
health 200 door-1 "$token_1" '{"v":1,"queue":3,"camera":"good","fps":29.5,"clock_ok":true,"disk_free":5000000000,"trouble":["late"],"later":{"x":1}}'
[ "$(sql hub.db "SELECT health FROM kiosk WHERE name = 'door-1'" | jq -c '[.queue, .fps, .trouble, .later]')" = '[3,29.5,["late"],null]' ] ||
  fail "health isn't kept: $(sql hub.db 'SELECT health FROM kiosk')"
health 403 door-2 "$token_1" '{"v":1}'
for bad in '' 'null' '{"v":2}' '{"v":1,"queue":"3"}' '{"v":1,"queue":99999999999999999999}' '{"v":1,"trouble":[1]}' '{"v":1,"v":1}' $'{"v":1,"camera":"\xff"}'; do
  health 400 door-1 "$token_1" "$bad"
done
[ "$(sql hub.db "SELECT pushed_ms > 0 AND health_ms > 0 AND records >= $records FROM kiosk WHERE name = 'door-1'")" = 1 ] || fail "door-1 isn't seen"

say "packs"
ask 200 GET /v1/packs/meetup -H "Authorization: Bearer $token_1"
cmp answer.json meetup.ybp || fail "another pack"
etag=$(sed -nE 's/^[Ee][Tt]ag: ([^\r]*).*/\1/p' answer.head)
ask 304 GET /v1/packs/meetup -H "Authorization: Bearer $token_1" -H "If-None-Match: $etag"
ask 200 GET /v1/packs/meetup.minisig -H "Authorization: Bearer $token_1"
cmp answer.json meetup.ybp.minisig || fail "another signature"
ask 404 GET /v1/packs/other -H "Authorization: Bearer $token_1"

say "slices of a pack"
size=$(stat -c %s meetup.ybp)
slice() { # STATUS RANGE [CURL_ARGUMENT...]
  local want=$1 range=$2
  shift 2
  ask "$want" GET /v1/packs/meetup -H "Authorization: Bearer $token_1" -H "Range: $range" "$@"
}
said() { grep -qi "^$1"$'\r$' answer.head || fail "not '$1': $(cat answer.head)"; }
half=$((size / 2))
slice 206 "bytes=0-$((half - 1))" -H "If-Range: $etag"
said "content-range: bytes 0-$((half - 1))/$size"
said "accept-ranges: bytes"
said "etag: $etag"
cp answer.json pack.half
slice 206 "bytes=$half-" -H "If-Range: $etag"
cat pack.half answer.json | cmp - meetup.ybp || fail "two halves aren't the pack"
curl -sSf -H "Authorization: Bearer $token_1" -H "If-Range: $etag" -C - -o pack.half "$scheme://127.0.0.1:$port/v1/packs/meetup" || fail "curl doesn't go on"
cmp pack.half meetup.ybp || fail "a pack that curl went on with is another one"
slice 206 "bytes=-7"
tail -c 7 meetup.ybp | cmp - answer.json || fail "not its last bytes"
slice 206 "bytes=-99999999999999999999"
cmp answer.json meetup.ybp || fail "not all of it"
slice 206 "bytes=$((size - 1))-99999999999999999999"
said "content-range: bytes $((size - 1))-$((size - 1))/$size"
for range in "bytes=$size-" bytes=99999999999999999999- bytes=-0; do
  slice 416 "$range" -H "If-Range: $etag"
  said "content-range: bytes \*/$size"
done
slice 200 bytes=0-9 -H 'If-Range: "another"' # it has changed: all of it
cmp answer.json meetup.ybp || fail "another pack"
for range in bytes=9-3 bytes=0-1,3-4 bytes= bytes=- bytes=x-y lines=0-9 bytes=0x0-9; do # not for us: all of it
  slice 200 "$range"
  cmp answer.json meetup.ybp || fail "$range: another pack"
done
slice 304 bytes=0-9 -H "If-None-Match: $etag"

say "metrics"
ask 200 GET /metrics
grep -q '^yingbin_hub_kiosks 2$' answer.json || fail "$(cat answer.json)"
grep -q '^yingbin_hub_kiosk_queue{kiosk="door-1"} 3$' answer.json || fail "$(cat answer.json)"
[ -z "$(grep '^# TYPE' answer.json | sort | uniq -d)" ] || fail "a figure twice"
jq -r '.panels[].targets[].expr' "$src/assets/grafana/yingbin-hub.json" | grep -oE 'yingbin_hub_[a-z_]+' | sort -u >asked
grep -oE '^yingbin_hub_[a-z_]+' answer.json | sort -u >told
[ -z "$(comm -23 asked told)" ] || fail "the dashboard for Grafana asks for what isn't told: $(comm -23 asked told)"
[ -z "$(comm -13 asked told)" ] || fail "the dashboard for Grafana leaves out: $(comm -13 asked told)"

say "too many requests of one kiosk; the other one goes on"
hold "$cursor"
end_hub
wait "$stands" || fail "the question that was held breaks off when the hub ends"
hub_settings+=(--set rate=1)
start_hub
# by one curl: a slow machine takes a second to begin one
curl -sS -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $token_1" "$scheme://127.0.0.1:$port/v1/events/meetup[1-60]/feed" >codes
grep -q 429 codes || fail "nobody is held back: $(sort codes | uniq -c)"
ask 200 GET /v1/events/meetup/feed -H "Authorization: Bearer $token_2"

say "wrong settings"
refused() { # CODE ZH EN ARGUMENT...
  local want=$1 zh=$2 en=$3 code=0
  shift 3
  "$bin/yingbin-hub" "$@" >out 2>err || code=$?
  [ "$code" = "$want" ] || fail "hub $*: $code, not $want: $(cat err)"
  expect_problem err "$zh" "$en"
}
refused 1 'listen 应是' 'listen takes' --set listen=here --set db=x.db
refused 1 读不到 "can't read" --set listen=127.0.0.1:0 --set db=x.db --set kiosks=nowhere.csv
refused 1 不是本程序 "isn't a database" --set listen=127.0.0.1:0 --set db=meetup.ybp
refused 1 . '127.0.0.1' --set listen=127.0.0.1:"$port" --set db=x.db
refused 2 不认识的参数 'unknown argument' --frobnicate
refused 2 后面缺一个值 'value is missing after --export' --set db=x.db --export
refused 2 'user add' 'user add' --set db=x.db --role volunteer
say "ok"
