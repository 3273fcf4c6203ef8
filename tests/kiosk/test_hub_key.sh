#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The hub's key: made where there is none, kept, told, taken by setup cards. With `card setup --hub here` it is on the card, and any
# hub that has it knows the cards without a list: the newest of each kiosk, and no other's.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

scheme=https
key_of() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform der; }
spki_of() { key_of "$1" | sha256sum | cut -d' ' -f1; }
trust() { asking=(-k --pinnedpubkey "sha256//$(key_of "$1" | openssl dgst -sha256 -binary | base64)"); } # CERTIFICATE, and no other
payload_of() { yingbin scan "card-$1/card.png" | jq -r '.texts[0]'; }
enrol() { # STATUS DATA KIOSK PAYLOAD
  mkdir -p "$2"
  ask "$1" POST /v1/enrol --data-binary "$("$bin/make_enrol" "$2" "$3" "$4")"
}
card_here() { # FOLDER KIOSK NAME
  mkdir -p "card-$3"
  yingbin card setup "$1" --hub here --kiosk "$2" -o "card-$3/card.png" >/dev/null 2>card.log || fail "no card: $(cat card.log)"
}

say "a certificate that isn't there is made, with its key, kept, and told"
make_event meetup 2
echo 'kiosk,token,key' >meetup/kiosks.csv
hub_settings=(--set cert=hub.pem)
start_hub
first=$(field spki <hub.out)
[ "$first" = "$(spki_of hub.pem)" ] || fail "told $first"
[ "$(stat -c %a hub.pem)" = 600 ] || fail "hub.pem is $(stat -c %a hub.pem)"
grep -q "BEGIN.*PRIVATE KEY" hub.pem || fail "without its key: $(cat hub.pem)"
end_hub

say "a setup card takes the key from the certificate, and a client that wants it is content"
setup_card door-1 --spki hub.pem
start_hub
[ "$(field spki <hub.out)" = "$first" ] || fail "another key after a restart"
trust hub.pem
enrol 200 data door-1 "$(payload_of door-1)"
for bad in people.csv no-such-file 0123; do
  if yingbin card setup meetup --hub https://127.0.0.1 --spki meetup/$bad --kiosk door-9 -o nine.png >/dev/null 2>bad.log; then fail "--spki $bad"; fi
  expect_problem bad.log "--spki 应当是 64 位" "--spki takes 64"
done
if yingbin card setup meetup --hub here --spki hub.pem --kiosk door-9 -o nine.png >/dev/null 2>bad.log; then fail "two keys"; fi
expect_problem bad.log "不要再给 --spki" "leave --spki out"
end_hub

say "a hub with the key of the cards, which has no list of them"
rm hub.db meetup/kiosks.csv
card_here meetup door-1 old
[ "$(stat -c %a meetup/hub.pem)" = 600 ] || fail "meetup/hub.pem is $(stat -c %a meetup/hub.pem)"
card_here meetup door-1 new
cp -r meetup other && rm other/hub.pem other/kiosks.csv
card_here other door-1 other
echo 'kiosk,token,key' >none.csv
cp meetup/hub.pem hub.pem
mv meetup/kiosks.csv listed.csv && cp none.csv meetup/kiosks.csv
start_hub
second=$(field spki <hub.out)
[ "$second" = "$(spki_of meetup/hub.pem)" ] || fail "not the folder's key: $second"
[ "$second" != "$first" ] || fail "each key is the same"
trust meetup/hub.pem
enrol 403 data-other door-1 "$(payload_of other)" # made with another key
enrol 403 data-old door-2 "$(payload_of old)"     # another kiosk's card
enrol 200 data-old door-1 "$(payload_of old)"
token=$(answer .token)
enrol 403 data-new door-1 "$(payload_of old)" # the card is that key's now
enrol 200 data-new door-1 "$(payload_of new)" # a newer card takes its place
enrol 403 data-old door-1 "$(payload_of old)" # and it is worth nothing any more
ask 401 GET /v1/events/meetup/feed -H "Authorization: Bearer $token"
end_hub
start_hub # it hasn't forgotten
enrol 403 data-old door-1 "$(payload_of old)"
enrol 200 data-new door-1 "$(payload_of new)"
end_hub

say "settings that can't be"
refused() { # CHINESE ENGLISH ARGUMENT...
  if "$bin/yingbin-hub" --set listen=127.0.0.1:0 --set db=third.db "${@:3}" >third.out 2>third.log; then fail "taken: ${*:3}"; fi
  expect_problem third.log "$1" "$2"
}
refused "announce = yes 需要 cert 或 card" "announce = yes needs cert or card" --set announce=yes
refused "设了 key，就要设 cert" "key needs cert" --set key=hub.pem
refused "只能设一样" "not both" --set card=card.ini --set cert=hub.pem
refused "不是一个私钥和它的证书" "is not a key with its certificate" --set cert=none.csv
printf 'hub = https://127.0.0.1:8080\nkiosk = door-1\ncard = x\n' >card.ini
refused "设置卡上没有汇总站的密钥" "setup card doesn't hold the hub's key" --set card=card.ini
printf 'host = %0128d\n' 7 >card.ini
refused "不能生成证书" "a certificate can't be made" --set card=card.ini
say "ok"
