#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two real kiosks and a real hub, with a network between them that delays, halves, resets, repeats, swallows, answers when nobody waits
# any more, and lies with a sign-in page: everybody is let in, in the order in which they came, and afterwards journals, hub and merge
# agree to the record.
#   test_bad_network.sh BIN_DIR SOURCE_DIR SCRATCH_DIR [SEED]      also YINGBIN_SEED
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
seed=${4:-${YINGBIN_SEED:-20231028}}

declare -A network port_of
between() { # KIOSK SEED: a bad network of its own, at port_of[KIOSK]
  "$bin/bad_network" "$hub_port" "$2" >"$1.network" 2>>network.log &
  network[$1]=$!
  wait_for "the network of $1" test -s "$1.network"
  port_of[$1]=$(head -n 1 "$1.network" | field port)
}
mended() { kill -USR1 "${network[$1]}"; }
cards() { # KIOSK: how often each card of the deck came, in KIOSK.cards
  kill "${network[$1]}"
  wait "${network[$1]}" || fail "the network of $1 failed"
  tail -n 1 "$1.network" >"$1.cards"
}

say "an event with two doors, seed $seed"
two_doors 24
start_hub
hub_port=$port

say "the bad network lets cards through as well: it may take a few tries to enrol"
between one "$seed"
between two $((seed + 1))
enrolled() { grep -q '^token' "$1/hub.ini"; }
enrol() { # KIOSK CARD
  port=${port_of[$1]}
  exec_kiosk "files:$2" --set data="$1" --set pace=real --set hub_wait_s=1 --set hub="http://$host:$port" >card.lines 2>>"$1.log" &
  kiosk_pid[$1]=$!
  wait_for "the setup card of $1" enrolled "$1"
  end "$1"
}
enrol one card-door-1
enrol two card-door-2

say "guests come at both doors"
for data in one two; do
  port=${port_of[$data]}
  begin $data --set hub_wait_s=1
done
for ((n = 1; n <= 12; n++)); do
  show one $n
  show two $((n + 12))
  wait_for "a welcome at one" told one admit $n
  wait_for "a welcome at two" told two admit $n
done

say "and the network goes on like that until each of its faults has come"
deck() { # KIOSK
  kill -USR2 "${network[$1]}"
  tail -n 1 "$1.network" | jq -e '[.[]] | length > 1 and all(. > 0)' >/dev/null
}
wait_for "all cards at one" deck one
wait_for "all cards at two" deck two

say "the network is mended"
mended one
mended two
wait_for "that one's records are there" acked one door-1
wait_for "that two's records are there" acked two door-2
wait_for "that one knows of two's guests" knows one 12
wait_for "that two knows of one's" knows two 12
end one
end two
admitted_in_order one {1..12}
admitted_in_order two {13..24}
agree hub.db one two
[ "$(wc -l <merged-sticks/attendance.csv)" = 25 ] || fail "not 24 people in attendance.csv"
for n in one two; do
  cards $n
  say "$n: $(cat $n.cards)"
done
grep -q "isn't a hub" one.log || fail "the portal's page isn't told: $(cat one.log)"
end_hub
say "ok"
