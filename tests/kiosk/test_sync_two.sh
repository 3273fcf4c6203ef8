#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two doors at once: who came in by one is known at the other in seconds, while the network is gone each goes on alone, and afterwards
# the hub, both sticks and the merge agree on every record.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

say "an event with two doors"
two_doors 6
start_hub
visit one card-door-1
visit two card-door-2

say "who came in at one door is known at the other"
begin one
begin two
show one 1 2
wait_for "two welcomes at one" told one admit 2
wait_for "that two knows of them" knows two 2
show two 1 2 3
wait_for "that two knows who was here" told two again 2
wait_for "a welcome at two" told two admit 1
wait_for "that one knows of it" knows one 1
show one 3
wait_for "that one knows who was here" told one again 1

say "without the hub each goes on alone"
kill -KILL $hub
wait $hub 2>/dev/null || true
show one 4
wait_for "a welcome at one" told one admit 3
show two 4 5
wait_for "welcomes at two" told two admit 3

say "and when it is back, empty, it is filled again"
rm hub.db*
start_hub
wait_for "that two's records are there" acked two door-2
wait_for "that one's records are there" acked one door-1
wait_for "that one knows of two more" knows one 3
show one 5
wait_for "that one knows who was here" told one again 2
wait_for "that all is there" acked one door-1
end one
end two
wait_for "that all is there" acked one door-1

say "hub, sticks and merge agree"
agree hub.db one two
# 4 was let in at both doors while neither could know: one counts, the other one is a conflict
[ "$(field conflicts <merged.json)" = 1 ] || fail "not one conflict: $(cat merged.json)"
end_hub
say "ok"
