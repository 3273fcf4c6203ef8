#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whoever is on the same network as the kiosk's page and means no good: connections that ask nothing, one that sends a byte now and
# then, a handshake that never goes on. Others are answered meanwhile, guests are checked in, and who drips is hung up on.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 3
build_pack meetup
yingbin tickets meetup -o shown >/dev/null 2>tickets.log
touch window.log
exec_kiosk "files:shown" --set pace=real --set monitor=127.0.0.1:0 --set clock=trust --set clock_start=0 >lines.jsonl 2>window.log &
kiosk=$!
wait_for "the page" grep -q "volunteers' phones: http" window.log
url=$(sed -nE "s/.*phones: (https?:[^ ]+) .*/\1/p" window.log)
port=${url##*:}
answered() { [ "$(curl -sk -m 10 -o body -w '%{http_code}' "$1/api/state")" = 200 ]; }
answered "$url" || fail "no answer before anything happens"

say "one that sends a byte of its handshake now and then, and more idle ones than one address may have"
trap '' PIPE
crowd=()
exec 7<>/dev/tcp/127.0.0.1/"$port"
printf '\x16\x03\x01\x02\x00' >&7
drip() { printf '\x01' >&7 2>/dev/null || true; }
for ((i = 0; i < 24; i++)); do
  exec {idle}<>/dev/tcp/127.0.0.1/"$port"
  crowd+=("$idle")
done
lines() { ss -Htn state established "( sport = :$port )" | wc -l; }
few() { drip && [ "$(lines)" -le "$1" ]; }
wait_for "no more than twelve of one address" few 12
[ "$(lines)" -ge 6 ] || fail "there is no crowd of ${#crowd[@]}: $(lines)"

say "another phone is answered all the same"
[ "$(curl -sk -m 10 --interface 127.0.0.2 -o body -w '%{http_code}' "$url/api/state")" = 200 ] || fail "starved: $(cat body)"

say "guests come in, and whoever asks nothing is hung up on, the dripping one, too"
admitted() { drip && [ "$(grep -c '"verdict":"admit"' lines.jsonl)" = 3 ]; }
wait_for "all guests" admitted
wait_for "fewer of them" few 3
wait_for "the last one's end" few 0
answered "$url" || fail "no answer afterwards"
kill "$kiosk"
wait "$kiosk" || fail "the kiosk failed: $(cat window.log)"
say "ok"
