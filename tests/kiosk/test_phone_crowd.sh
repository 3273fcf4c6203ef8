#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whoever is on the same network as the kiosk's page and means no good: connections that ask nothing, a handshake, headers and a
# body that come a byte now and then. Others are answered meanwhile, guests are checked in, and who drips is hung up on.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_drip.sh
. "$src/tests/kiosk/lib_drip.sh"
for tool in openssl ss; do command -v $tool >/dev/null || skip "$tool is missing"; done

make_event meetup 3
build_pack meetup
yingbin tickets meetup -o shown >/dev/null 2>tickets.log
: >window.log # here, not behind the &
exec_kiosk "files:shown" --set pace=real --set monitor=127.0.0.1:0 --set clock=trust --set clock_start=0 >lines.jsonl 2>window.log &
kiosk=$!
wait_for "the page" grep -q "volunteers' phones: http" window.log
url=$(sed -nE "s/.*phones: (https?:[^ ]+) .*/\1/p" window.log)
port=${url##*:}
answered() { [ "$(curl -sk -m 10 -o body -w '%{http_code}' "$1/api/state")" = 200 ]; }
answered "$url" || fail "no answer before anything happens"

say "a handshake, headers and a body of which a byte comes now and then, and more idle ones than one address may have"
crowd=()
drip_open "$port" '\x16\x03\x01\x02\x00'
drip_open_tls "$port" 'GET /api/state HTTP/1.1\r\nHost: x\r\nX: '
drip_open_tls "$port" 'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n'
lines() { drip_lines "$port"; }
wait_for "three that drip" drip_dripping "$port"
for ((i = 0; i < 24; i++)); do
  exec {idle}<>/dev/tcp/127.0.0.1/"$port"
  crowd+=("$idle")
done
few() { drip && [ "$(lines)" -le "$1" ]; }
wait_for "no more than twelve of one address" few 12
[ "$(lines)" -ge 6 ] || fail "there is no crowd of ${#crowd[@]}: $(lines)"

say "another phone is answered all the same"
[ "$(curl -sk -m 10 --interface 127.0.0.2 -o body -w '%{http_code}' "$url/api/state")" = 200 ] || fail "starved: $(cat body)"

say "guests come in, and whoever asks nothing is hung up on, those that drip, too"
admitted() { drip && [ "$(grep -c '"verdict":"admit"' lines.jsonl)" = 3 ]; }
wait_for "all guests" admitted
wait_for "fewer of them" few 3
wait_for "the last one's end" few 0
drip_close
answered "$url" || fail "no answer afterwards"
end_well "$kiosk" window.log
say "ok"
