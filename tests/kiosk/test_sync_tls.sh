#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A hub with a certificate of its own making: a setup card that names its key is enough, and nobody else is ever given a record or a
# token, whatever certificate they show.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

certificate() { # NAME
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$1.key" -out "$1.crt" 2>openssl.log || fail "$(cat openssl.log)"
}
key_of() { openssl x509 -in "$1.crt" -noout -pubkey | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1; }
served_by() {
  hub_settings=(--set cert="$1.crt" --set key="$1.key")
  start_hub
}
in_hub() { sql hub.db "SELECT count(*) FROM record WHERE kiosk = '$1'"; }

say "an event, a hub with TLS"
scheme=https
make_event meetup 4
mkdir packs
certificate ours
certificate theirs
setup_card door-1 --spki "$(key_of ours)"
setup_card door-2
setup_card door-3
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/

say "the key on the card proves the hub"
served_by ours
visit one card-door-1
[ "$(in_hub door-1)" -ge 5 ] || fail "the hub has nothing of door-1: $(cat one.log hub.log)"

say "another server at the hub's address gets nothing, not even a token"
end_hub
served_by theirs
before=$(in_hub door-1)
visit one shown
[ "$(in_hub door-1)" = "$before" ] || fail "door-1 sent its records to another server"
grep -q "hub https.*pubkey\|hub https.*public key" one.log || fail "the log doesn't say why: $(cat one.log)"
end_hub
served_by ours
visit one shown
[ "$(in_hub door-1)" -gt "$before" ] || fail "door-1 doesn't find back to its hub: $(cat one.log)"

say "without a key on the card an authority must vouch for the hub"
visit two card-door-2
grep -q "hub https.*certificate" two.log || fail "a certificate that nobody vouches for is taken: $(cat two.log)"
visit two card-door-2 --set hub_ca=ours.crt
[ "$(in_hub door-2)" -ge 5 ] || fail "the hub has nothing of door-2: $(cat two.log)"

say "a pin in the configuration goes before the card"
visit three card-door-3 --set hub_pin="$(key_of theirs)"
[ "$(in_hub door-3)" = 0 ] || fail "the pin is not heeded"
visit three card-door-3 --set hub_pin="$(key_of ours)"
[ "$(in_hub door-3)" -ge 5 ] || fail "the hub has nothing of door-3: $(cat three.log)"
end_hub

say "what can't be a setting"
for pair in hub=ftp://x 'hub=http://a b' hub_pin=00 uplink=pigeon; do
  if "$bin/yingbin-kiosk" --set "$pair" --set camera=none --set pub=org.pub --check-config >out 2>err; then fail "taken: $pair"; fi
  expect_problem err "${pair%%=*}.*应为" "${pair%%=*}.*(expected|takes)"
done
say "ok"
