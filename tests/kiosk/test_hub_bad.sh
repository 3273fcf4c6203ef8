#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a hub must refuse, line by line: tokens of nobody and of others, journals that were changed, cut or made up, bodies
# without end, bytes that aren't text, numbers too large, paths that lead elsewhere. Each answer is a problem document in two
# languages, nothing of it is kept, and the log names the kiosk.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
# shellcheck source=tests/kiosk/lib_drip.sh
. "$src/tests/kiosk/lib_drip.sh"
for tool in openssl ss; do command -v $tool >/dev/null || skip "$tool is missing"; done

say "two kiosks, of which one has an evening behind it"
make_event meetup 6
build_pack meetup
yingbin tickets meetup -o shown --as png >/dev/null 2>tickets.log
for kiosk in door-1 door-2; do setup_card $kiosk; done
kiosk_on "files:shown once" --set kiosk=door-1 >lines.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
yingbin log export --data data -o all.jsonl >exported.json
records=$(field records <exported.json)
start_hub
token() { # KIOSK DATA
  mkdir -p "$2"
  ask 200 POST /v1/enrol --data-binary "$("$bin/make_enrol" "$2" "$1" "$(yingbin scan "card-$1/card.png" | jq -r '.texts[0]')")"
  answer .token
}
token_1=$(token door-1 data) token_2=$(token door-2 data-2)

# made_up FIELDS: an export whose one record has this text, chained and signed by door-1's own key: only its content is wrong.
made_up() { "$bin/make_export" data door-1 "$1"; }
made_up '{"seq":1,"kind":"scan"}' >fine.jsonl
head -c 3000 all.jsonl >half.jsonl
sed '3s/"mono_ms":/"mono_ms":1/' all.jsonl >changed_line.jsonl
sed -E '3s/(\t.*)[0-9a-f]$/\1x/' all.jsonl >bad_chain.jsonl
sed -E '3{h;d};4{G}' all.jsonl >swapped.jsonl
sed '4d' all.jsonl >left_out.jsonl
sed -E '$s/"sig":"../"sig":"zz/' all.jsonl >bad_sig.jsonl
head -n -1 all.jsonl >no_end.jsonl
{ cat all.jsonl && echo more; } >more.jsonl
sed '1s/"v":1/"v":2/' all.jsonl >newer.jsonl
sed -E '1s/"from_seq":1/"from_seq":99999999999999999999/' all.jsonl >huge_from.jsonl
sed -E '1s/"from_seq":1/"from_seq":-1/' all.jsonl >negative.jsonl
printf 'GET / HTTP/1.1\r\n' >not_one.jsonl
: >empty.jsonl
made_up $'{"seq":1,"kind":"sc\xffan"}' >not_utf8.jsonl
made_up '{"seq":18446744073709551617,"kind":"scan"}' >huge_number.jsonl
made_up '{"seq":1,"kind":"scan","seq":1}' >twice.jsonl
made_up "{\"seq\":1,\"x\":$(printf '[%.0s' {1..20000})$(printf ']%.0s' {1..20000})}" >deep.jsonl
made_up '[1]' >no_object.jsonl
made_up '{"seq":2,"kind":"scan"}' >wrong_seq.jsonl
made_up '{"seq":1,"kind":"sc\u0000an"}' >nul.jsonl
made_up 'seq' >no_json.jsonl

# named PATTERN: the hub's log says so, behind where it was looked at last.
read_to=0
named() {
  grep -q "$1" <(tail -c +$((read_to + 1)) hub.log) || fail "the log doesn't say '$1' but: $(tail -c +$((read_to + 1)) hub.log)"
  read_to=$(wc -c <hub.log)
}

say "journals that aren't"
for bad in half changed_line bad_chain swapped left_out bad_sig no_end more newer huge_from negative not_one empty not_utf8 huge_number twice deep no_object \
  wrong_seq nul no_json; do
  cmp -s $bad.jsonl all.jsonl && fail "$bad is the real one"
  push 400 door-1 "$token_1" $bad.jsonl
  grep -q '[^ -~]' <(answer .detail_zh) || fail "$bad: not Chinese: $(cat answer.json)"
  named 'kiosk door-1 sent'
done
push 400 door-2 "$token_2" all.jsonl # another's journal
[ "$(sql hub.db 'SELECT count(*) FROM record')" = 0 ] || fail "something was kept"
push 200 door-1 "$token_1" fine.jsonl # what they are made with is taken
sql hub.db 'DELETE FROM record; DELETE FROM batch'

say "tokens of nobody, of others, in other forms"
# sent STATUS FILE: these bytes, as they are.
sent() {
  exec 7<>/dev/tcp/127.0.0.1/"$port"
  cat "$2" >&7
  timeout 60 cat <&7 >raw || true
  exec 7>&-
  grep -q " $1 " <(head -n 1 raw) || fail "$2: not $1: $(cat raw)"
  grep -q '"detail_zh"' raw || fail "$2: no problem document: $(cat raw)"
}
push 401 door-1 "" all.jsonl
push 401 door-1 "${token_1}x" all.jsonl
push 401 door-1 "$(head -c 7000 /dev/zero | tr '\0' x)" all.jsonl
named 'without a token of this hub says to be kiosk door-1'
push 403 door-1 "$token_2" all.jsonl
named 'kiosk door-2 sent .* 403'
push 403 nobody "$token_1" all.jsonl
named 'kiosk door-1 sent .* 403'
ask 401 POST /v1/kiosks/door-1/journal --data-binary @all.jsonl
ask 401 POST /v1/kiosks/door-1/journal -H "Authorization: Basic $token_1" --data-binary @all.jsonl
ask 401 GET /v1/events/meetup/feed -H "Authorization: Bearer' OR 1=1 --"

say "what two readers could take for two requests"
for twice in "Authorization: Bearer $token_1"$'\r\n'"Authorization: Bearer $token_2" "Authorization: Bearer $token_1"$'\r\nContent-Length: 7\r\nContent-Length: 70' \
  "Authorization: Bearer $token_1"$'\r\nContent-Length: 12\r\nTransfer-Encoding: chunked'; do
  printf 'POST /v1/kiosks/door-1/health HTTP/1.1\r\nHost: x\r\n%s\r\nConnection: close\r\n\r\n7\r\n{"v":1}\r\n0\r\n\r\n' "$twice" >request
  sent 400 request
done

say "a replay is harmless, a gap is told"
yingbin log export --data data -o tail.jsonl --from 4 >/dev/null
push 409 door-1 "$token_1" tail.jsonl
[ "$(answer .expected_seq)" = 1 ] || fail "$(cat answer.json)"
push 200 door-1 "$token_1" all.jsonl
push 200 door-1 "$token_1" all.jsonl
[ "$(sql hub.db 'SELECT count(*) FROM record')" = "$records" ] || fail "a replay was kept twice"

say "paths that lead elsewhere"
for path in /v1/packs/..%2fmeetup /v1/packs/%2e%2e /v1/packs/.meetup /v1/packs/..%00 /v1/packs//etc/passwd /v1/packs/../../hub.db /v1/../hub.db \
  /v1/kiosks//journal /v1/packs/a/b /v1/packs/ "/v1/packs/$(printf 'a%.0s' {1..300})"; do
  ask 404 GET "$path" --path-as-is -H "Authorization: Bearer $token_1"
done
printf 'GET /v1/events/\xff/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' "$token_1" >request
sent 404 request # bytes that are no text
ask 405 PUT /v1/kiosks/door-1/journal -H "Authorization: Bearer $token_1"
grep -qi '^allow: POST'$'\r' answer.head || fail "no Allow: $(cat answer.head)"
[ "$(curl -sSI -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/healthz")" = 200 ] || fail "HEAD isn't answered like GET"
for after in x 1 "%27" 0123456789abcdef-99999999999999999999 0123456789abcdef- -1 "0123456789ABCDEF-1"; do
  ask 400 GET "/v1/events/meetup/feed?after=$after" -H "Authorization: Bearer $token_1"
done

say "cards and messages that aren't"
# bad_bodies STATUS METHOD PATH [ARGUMENT...]: whatever isn't a small JSON object of the right form.
deep=$(printf '{"v":%.0s' {1..600})$(printf '}%.0s' {1..600})
bad_bodies() {
  local body
  for body in '' '[]' 'null' '{"v":1' '{"v":1}}' "$deep" '{"v":99999999999999999999}' '{"v":1e999}' $'{"v":1,"kiosk":"\xff"}' '{"v":1,"kiosk":"\u0000"}' '{"v":1,"v":1}'; do
    ask "$1" "$2" "$3" --data-binary "$body" "${@:4}"
    grep -q '[^ -~]' <(answer .detail_zh) || fail "$3: not Chinese: $(cat answer.json)"
  done
}
bad_bodies 400 POST /v1/enrol
mkdir data-3
good=$("$bin/make_enrol" data-3 door-2 "$(yingbin scan card-door-2/card.png | jq -r '.texts[0]')")
ask 403 POST /v1/enrol --data-binary "$good" # another key with a card that was used
ask 403 POST /v1/enrol --data-binary "$(jq -c '.kiosk = "door-1"' <<<"$good")"
ask 403 POST /v1/enrol --data-binary "$(jq -c '.sig = (.sig | sub("^.."; "00"))' <<<"$good")"
ask 400 POST /v1/enrol --data-binary "$(jq -c '.key = "zz"' <<<"$good")"
ask 400 POST /v1/enrol --data-binary "$(jq -c '.kiosk = ("x" * 300)' <<<"$good")"
ask 413 POST /v1/enrol --data-binary "$(head -c 5000 /dev/zero | tr '\0' x)"
bad_bodies 400 POST /v1/kiosks/door-1/health -H "Authorization: Bearer $token_1"
named 'kiosk door-1 sent .* 400'
ask 401 POST /v1/kiosks/door-1/health --data-binary '{"v":1}'
ask 403 POST /v1/kiosks/door-1/health -H "Authorization: Bearer $token_2" --data-binary '{"v":1}'
ask 413 POST /v1/kiosks/door-1/health -H "Authorization: Bearer $token_1" --data-binary "$(head -c 5000 /dev/zero | tr '\0' x)"
named 'kiosk door-1 sent .* 413'
ask 401 GET /v1/packs/meetup
ask 404 GET /v1/packs/no-such-pack -H "Authorization: Bearer $token_1"
ask 413 GET /v1/packs/meetup -H "Authorization: Bearer $token_1" --data-binary x

say "the dashboard's, with and without somebody signed in"
echo correct-horse | "$bin/yingbin-hub" user add ann --role organizer --set db=hub.db 2>user.log || fail "$(cat user.log)"
page=(-H "X-Yingbin: page")
for path in people conflicts; do ask 401 POST /v1/$path --data-binary '{}'; done
for path in session live export/meetup/csv journals/door-1; do ask 401 GET /v1/$path -H "Cookie: yingbin=' OR 1=1 --"; done
ask 403 POST /v1/session --data-binary '{"user":"ann","password":"correct-horse"}' # another site's form
ask 400 POST /v1/session "${page[@]}" --data-binary '{"user":"ann"}'
ask 400 POST /v1/session "${page[@]}" --data-binary "$(printf '{"user":"ann","password":"%02000d"}' 7)"
ask 401 POST /v1/session "${page[@]}" --data-binary '{"user":"ann'"'"' OR 1=1 --","password":"correct-horse"}'
ask 200 POST /v1/session "${page[@]}" -c cookies --data-binary '{"user":"ann","password":"correct-horse"}'
bad_bodies 400 POST /v1/people -b cookies
bad_bodies 400 POST /v1/conflicts -b cookies
ask 400 POST /v1/conflicts -b cookies --data-binary '{"event":5}'
ask 400 POST /v1/people -b cookies --data-binary '{"event":"meetup","list":"all","after":1.5}'
ask 400 POST /v1/people -b cookies --data-binary '{"event":"meetup","list":"some"}'
ask 400 POST /v1/people -b cookies --data-binary "{\"event\":\"meetup\",\"list\":\"all\",\"search\":\"$(printf 'x%.0s' {1..500})\"}"
ask 200 POST /v1/people -b cookies --data-binary '{"event":"../../etc/passwd","list":"all","search":"<b>","after":-9223372036854775808}'
ask 200 POST /v1/conflicts -b cookies --data-binary '{"event":"no such event"}'
ask 404 GET /v1/export/meetup/exe -b cookies
touch window.log
read_in() { [ "$(curl -sS -o answer.json -w '%{http_code}' -b cookies "http://127.0.0.1:$port/v1/export/meetup/csv")" != 503 ]; }
wait_for "the records to be read" read_in # since somebody has signed in
ask 404 GET "/v1/export/../csv" -b cookies --path-as-is
ask 404 GET "/v1/journals/..%2f..%2fhub.db" -b cookies --path-as-is
ask 404 GET "/v1/journals/$(printf 'x%.0s' {1..120})" -b cookies

say "bodies without end"
head -c 5000000 /dev/zero >large
push 413 door-1 "$token_1" large
truncate -s 100M huge
peak() { awk '/^VmHWM/ {print $2}' "/proc/$hub/status"; }
echo 5 >"/proc/$hub/clear_refs" # the peak begins anew: signing in has taken 64 MB, as argon2id does
before=$(peak)
code=$(curl -sS -m 60 -o answer.json -w '%{http_code}' -H "Expect:" -H "Authorization: Bearer $token_1" --data-binary @huge \
  "http://127.0.0.1:$port/v1/kiosks/door-1/journal" 2>curl.err) || true # it may close before all was sent
[ "$code" = 413 ] || [ "$code" = 000 ] || fail "100 MB: $code"
{ tr '\0' x </dev/zero | curl -sS -m 50 -o answer.json -w '%{http_code}' -X POST -H "Authorization: Bearer $token_1" -T - \
  "http://127.0.0.1:$port/v1/kiosks/door-1/journal" >code 2>curl.err; } || true # -T -: chunks
grep -qE '^(413|000|100)$' code || fail "chunked for ever: $(cat code)" # 100: it said go on, and then hung up
if grep -q 'timed out' curl.err; then fail "chunked for ever: the hub went on reading"; fi
curl -sS -o /dev/null -H "X: $(head -c 60000 /dev/zero | tr '\0' x)" -w '%{http_code}' "http://127.0.0.1:$port/healthz" >code 2>curl.err || true
grep -qE '^(431|400|413|000)$' code || fail "60 kB of headers: $(cat code)"
exec 7<>/dev/tcp/127.0.0.1/"$port"
printf 'POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n' >&7
timeout 60 cat <&7 >raw || true
exec 7>&-
grep -qE ' (400|413) ' <(head -n 1 raw) || fail "a length beyond 64 bits: $(cat raw)"
after=$(peak)
grep -qaE '__asan' "$bin/yingbin-hub" || [ $((after - before)) -lt 16000 ] || fail "the hub took $((after - before)) kB more"

ask 200 GET /healthz
ask 200 GET /metrics
[ "$(sql hub.db 'SELECT count(*) FROM record')" = "$records" ] || fail "something was kept, or lost"
end_hub
hub_settings=(--set metrics_token=for-prometheus)
start_hub
ask 401 GET /metrics
ask 401 GET /metrics -H "Authorization: Bearer for-prometheu"
ask 200 GET /metrics -H "Authorization: Bearer for-prometheus"
end_hub

say "who sends a byte now and then is hung up on, in the handshake, in headers, in a body; others are answered meanwhile"
hub_settings+=(--set cert=tls.pem)
scheme=https asking=(-k)
start_hub
rests() { # all of the hub's threads wait, while somebody's handshake is half done
  local fd states
  exec {fd}<>/dev/tcp/127.0.0.1/"$port"
  printf '\x16\x03\x01\x02' >&"$fd"
  ask 200 GET /healthz # behind it
  states=$(sed -n 's/^State:\t\(.\).*/\1/p' /proc/"$hub"/task/*/status | sort -u)
  exec {fd}>&-
  [ "$states" = S ]
}
wait_for "a hub that rests" rests
drip_open "$port" '\x16\x03\x01\x02\x00'
drip_open_tls "$port" 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: '
drip_open_tls "$port" "POST /v1/kiosks/door-1/journal HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $token_1\r\nContent-Length: 4000\r\n\r\n"
wait_for "three that drip" drip_dripping "$port"
hung_up() {
  drip
  ask 200 GET /healthz
  [ "$(drip_lines "$port")" = 0 ]
}
wait_for "their end" hung_up
drip_close
push 200 door-1 "$token_1" all.jsonl
end_hub
say "ok"
