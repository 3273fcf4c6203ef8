#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A volunteer's phone, played by curl: an operator card before the real kiosk's camera, "Phone" on the console in a window, the
# code on the screen read back; then health, search, check-in and undo over TLS, what is refused, and how it ends. Also
# without TLS, and after a restart.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/kiosk/lib_phone.sh
. "$src/tests/kiosk/lib_phone.sh"

# ask METHOD PATH [JSON [ARGUMENT...]]: the answer is in `body`, its status in $status.
ask() {
  local data=()
  [ -z "${3-}" ] || data=(-H "Content-Type: application/json" --data-binary "$3")
  status=$(curl -sk -m 20 -o body -w '%{http_code}' -X "$1" -c jar -b jar "${data[@]}" "${@:4}" "$url$2") || status="curl: $?"
}
expect() { # STATUS [JQ]: of the last answer
  [ "$status" = "$1" ] || fail "expected $1 and not $status: $(cat body)"
  [ -z "${2-}" ] || jq -e "$2" body >/dev/null || fail "$2 isn't so: $(cat body)"
}
make_event meetup 3
sed -i 's/参会者1$/张三/; s/参会者2$/<b>李四<\/b>/' meetup/people.csv
yingbin card operator meetup --name 小王 --role desk -o card.png >cards.log 2>&1 || fail "no card: $(cat cards.log)"
build_pack meetup
show_card card.png

say "a stranger sees health and counts, and nobody"
mkdir -p sys/class/thermal/thermal_zone0
echo 84200 >sys/class/thermal/thermal_zone0/temp
start_kiosk files:held --set sensors=linux:sys
ask GET /api/state
expect 200 '.people == 0 and .tls and .you == null and .camera != null'
for address in search admit walkin undo; do
  ask POST /api/$address '{}'
  expect 401 '.detail_zh != null'
done
ask GET /api/recent
expect 401
ask GET /metrics
expect 200
grep -qE '^yingbin_people 0$' body || fail "no count in /metrics: $(cat body)"
is_hot() { ask GET /metrics && grep -q '^yingbin_temperature_celsius 84.2$' body; }
wait_for "the temperature" is_hot
if grep -q '^yingbin_undervoltage' body; then fail "the voltage is told though nothing measures it: $(cat body)"; fi
ask GET /api/state
expect 200 '.temperature == 84 and (.trouble | index("hot"))'

say "the code on the console signs one phone in, once"
open_phone_sheet
ask POST /api/session '{"token":"AAAAAAAAAAAAAAAAAAAAAAAAAAA"}'
expect 403
ask POST /api/session "{\"token\":\"$token\"}"
expect 200 '.result == "done"'
cp jar first.jar
ask POST /api/session "{\"token\":\"$token\"}" -b none
expect 403
grep -q '#HttpOnly_127.0.0.1.*TRUE.*yingbin' first.jar || fail "the cookie isn't kept from scripts and plain HTTP: $(cat first.jar)"
cp first.jar jar
ask GET /api/state
expect 200 '.you.name == "小王" and (.you.lead | not) and .you.left_min > 230'

say "search, check-in and undo by hand"
ask POST /api/search '{"q":"zs"}'
expect 200 '.people | length == 1 and .[0].name == "张三" and .[0].inside == 0'
ask POST /api/search '{"q":"李四"}'
expect 200 '.people[0].name == "<b>李四</b>"'
ask POST /api/admit '{"number":"1","event":0}'
expect 200 '.result == "done" and .person.inside == 1'
ask POST /api/admit '{"number":"1","event":0,"override":true}'
expect 200 '.result == "refused" and .verdict == "again" and (.may_override | not) and .lead_may' # at `again = stop`: a lead's
ask GET /api/recent
expect 200 '.records | length == 1 and .[0].name == "张三"'
id=$(jq -r '.records[0].id' body)
ask POST /api/undo "{\"id\":\"$id\",\"reason\":\"认错人了\"}"
expect 200 '.result == "done"'
ask POST /api/walkin '{"name":"王五"}'
expect 200 '.result == "done"'
ask GET /api/state
expect 200 '.people == 1'

say "what is refused"
ask POST /api/admit '{"number":"999","event":0}'
expect 200 '.result == "refused" and .why == "not_found"'
ask POST /api/admit '{"number":"1","event":99}'
expect 400
ask POST /api/admit '{"number":"1","event":1e400}'
expect 400
ask POST /api/admit '{"number":"1","event":123456789012345678901234567890}'
expect 400
ask POST /api/search '{"q":"\u0000"}'
expect 400
ask POST /api/search $'{"q":"\xff"}'
expect 400
ask POST /api/search "$(printf '[%.0s' {1..4000})"
expect 400
ask POST /api/undo '{"id":"zz","reason":"x"}'
expect 400
ask POST /api/search '' --data-binary '{"q":"zs"}' # as a page of elsewhere could
expect 400
ask PUT /api/search '{}'
expect 405
ask GET /../../etc/passwd '' --path-as-is
expect 404
ask GET /%2e%2e/kiosk.js
expect 404
head -c 5000 /dev/zero >large
ask POST /api/search @large
expect 413
head -c 100000000 /dev/zero >huge
ask POST /api/search @huge -H 'Transfer-Encoding: chunked'
case $status in 413 | curl:*) ;; *) fail "100 MB gave $status" ;; esac
ask GET /api/state "" -H "X-Long: $(head -c 40000 /dev/zero | tr '\0' a)"
case $status in 4?? | curl:*) ;; *) fail "40 kB of headers gave $status" ;; esac
ask GET /api/state
expect 200 '.people == 1'

say "revoked on the console: the phone is out, and the list is empty"
tap choose -1
is_out() { ask POST /api/search '{"q":"zs"}' && [ "$status" = 401 ]; }
wait_for "the end" is_out
expect 401 'has("people") | not'

say "a restart ends every phone, and keeps the certificate"
on "console *said=nothing *"
tap 'do'
wait_for "a new code" read_code
ask POST /api/session "{\"token\":\"$token\"}"
expect 200
cp shown/monitor.pem before.pem
[ "$(stat -c %a shown/monitor.pem)" = 600 ] || fail "the certificate's key can be read by others"
end_kiosk
start_kiosk files:held
cmp before.pem shown/monitor.pem || fail "another certificate after a restart"
ask POST /api/search '{"q":"zs"}'
expect 401
end_kiosk

say "without TLS there are counts, and nothing else"
start_kiosk files:held --set monitor_tls=off
ask GET /api/state
expect 200 '.people == 1 and (.tls | not)'
ask POST /api/session '{"token":"x"}'
expect 403
ask POST /api/search '{"q":"zs"}'
expect 403
end_kiosk

say "the journal tells who did it, how, and nothing secret"
verify_journal shown
grep -q '"verdict":"admit","by":"phone","operator":"小王"' export.jsonl || fail "no check-in by phone: $(cat export.jsonl)"
[ "$(grep -c '"kind":"undo"' export.jsonl)" = 1 ] || fail "one undo was expected: $(cat export.jsonl)"
[ "$(grep -c 'phone of 小王 signed in' export.jsonl)" = 2 ] || fail "two phones were expected: $(cat export.jsonl)"
secret=$(awk '$6 == "yingbin" {print $7}' first.jar)
if grep -raqF -e "$token" -e "$secret" shown ./*.log ./*.jsonl; then fail "a secret is kept"; fi

say "a damaged certificate is said, and the kiosk goes on"
echo rubbish >shown/monitor.pem
: >window.log
SDL_VIDEODRIVER=x11 exec_kiosk files:held --set data=shown --set pace=real --set window="$window" --set monitor=127.0.0.1:0 --set log=debug >>shown.jsonl 2>>window.log &
kiosk=$!
follow "$kiosk"
wait_for "what is wrong" grep -q "monitor.pem is not a key" window.log
expect_problem window.log "monitor.pem 不是一个私钥" "remove it, and a new one is made"
on "console *"
end_kiosk
