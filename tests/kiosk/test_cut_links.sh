#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two real kiosks and a real hub on three hosts (network namespaces), with a switch between them. Links are cut at the kiosk, where it
# sees that, and behind the switch, where it doesn't and connections stay half open; a kiosk gets another address; links flap. Nobody
# waits, and afterwards journals, hub and merge agree to the record.
#   test_cut_links.sh BIN_DIR SOURCE_DIR SCRATCH_DIR [SEED]      also YINGBIN_SEED
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
RANDOM=${4:-${YINGBIN_SEED:-20231028}}

command -v ip >/dev/null || skip "there is no command ip (package iproute2)"
net=yb$$
remove_net() {
  jobs -p | xargs -r kill 2>/dev/null || true
  for name in switch hub one two; do ip netns del $net-$name 2>/dev/null || true; done
}
ip netns add $net-switch 2>ip.log || skip "this user may not make network namespaces: $(cat ip.log)"
trap remove_net EXIT

in_switch() { ip -n $net-switch link set "$@"; }
host_on_switch() { # NAME ADDRESS: a host, its link, and that link's other end, of its name, in the switch
  ip netns add "$net-$1"
  ip -n $net-switch link add "$1" type veth peer name eth0 netns "$net-$1"
  ip -n "$net-$1" addr add "$2/24" dev eth0
  ip -n "$net-$1" link set eth0 up
  ip -n "$net-$1" link set lo up
  in_switch "$1" master br0 up
}
ip -n $net-switch link add br0 type bridge
in_switch br0 up
host_on_switch hub 10.77.0.1
host_on_switch one 10.77.0.2
host_on_switch two 10.77.0.3
on() { # HOST COMMAND...: what that starts runs there
  under=(ip netns exec "$net-$1")
  "${@:2}"
}

say "an event with two doors, and a hub, each on a host of its own"
two_doors 40
host=10.77.0.1 hub_under=(ip netns exec "$net-hub")
start_hub
on one visit one card-door-1
on two visit two card-door-2
on one begin one --set hub_wait_s=2
on two begin two --set hub_wait_s=2

shown=0
guests() { # COUNT: so many more at each door, the one's and the other's
  local to=$((shown + $1))
  while ((shown < to)); do
    shown=$((shown + 1))
    show one $shown
    show two $((shown + 20))
    wait_for "welcome $shown at one" told one admit $shown
    wait_for "welcome $shown at two" told two admit $shown
  done
}
all_there() {
  wait_for "that one's records are at the hub" acked one door-1
  wait_for "that two's records are at the hub" acked two door-2
  wait_for "that one knows of two's guests" knows one $shown
  wait_for "that two knows of one's" knows two $shown
}
waits() { grep -q "hub http.*: \(Operation\|Connection\|Failed\)" "$1.log"; }
guests 2
all_there

say "a cable is pulled out at one kiosk, and put in again"
in_switch one down
guests 2
wait_for "that one notices" waits one
in_switch one up
all_there

say "behind the switch, where no kiosk sees it and connections stay half open"
in_switch hub down
guests 2
wait_for "that two notices" waits two
in_switch hub up
all_there

say "a kiosk gets another address"
ip -n $net-two addr flush dev eth0
ip -n $net-two addr add 10.77.0.33/24 dev eth0
guests 1
all_there

say "links flap"
links=(one two hub)
for ((flap = 0; flap < 8; flap++)); do
  link=${links[RANDOM % 3]}
  in_switch "$link" down
  if ((RANDOM % 2)); then guests 1; fi
  in_switch "$link" up
done
guests 1
all_there

say "journals, hub and merge agree"
end one
end two
admitted_in_order one $(seq 1 $shown)
admitted_in_order two $(seq 21 $((20 + shown)))
wait_for "one's last record" acked one door-1
grep -qh "the network has changed" one.log two.log || fail "no kiosk noticed that its network came back"
agree hub.db one two
[ "$(wc -l <merged-sticks/attendance.csv)" = $((2 * shown + 1)) ] || fail "not $((2 * shown)) people in attendance.csv"
end_hub
say "ok, $shown guests at each door"
