#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two doors at once: who came in by one is known at the other in seconds, while the network is gone each goes on alone, and afterwards
# the hub, both sticks and the merge agree on every record.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

# begin KIOSK: in its own time, what is written to KIOSK.fifo before its camera, one stream, until it is ended.
declare -A kiosk stream to_fd
begin() {
  mkfifo "$1.fifo"
  exec {fd}<>"$1.fifo"
  to_fd[$1]=$fd
  stream[$1]=1
  exec_kiosk "y4m:$1.fifo" --set data="$1" --set pace=real --set hub="http://127.0.0.1:$port" >>"$1.lines" 2>>"$1.log" &
  kiosk[$1]=$!
}
end() {
  local code=0
  kill "${kiosk[$1]}"
  wait "${kiosk[$1]}" || code=$?
  [ $code = 0 ] || fail "$1 ended with $code: $(cat "$1.log")"
}
show() { # KIOSK NUMBER...: these tickets, one after the other
  local to=$1 pictures=()
  shift
  for n in "$@"; do pictures+=("tickets/$n.png"); done
  "$bin/make_y4m" 20 "${pictures[@]}" | tail -n +"${stream[$to]}" >&"${to_fd[$to]}"
  stream[$to]=2 # without its header
}
told() { # KIOSK VERDICT TIMES
  [ "$(grep -c "\"verdict\":\"$2\"" "$1.lines")" -ge "$3" ]
}
knows() { # KIOSK TIMES: so many admissions of others; in a copy, since the kiosk lets nobody else in
  rm -rf copy && mkdir copy && cp "$1"/others.db* copy/
  [ "$(sqlite3 copy/others.db 'SELECT count(*) FROM admission')" -ge "$2" ]
}
acked() { # DATA: the hub has its whole journal
  [ "$(sqlite3 hub.db "SELECT coalesce(max(seq), 0) FROM record WHERE kiosk = '$2'")" = "$(sqlite3 -readonly "$1/journal.db" 'SELECT max(seq) FROM record')" ]
}

say "an event with two doors"
make_event meetup 6
mkdir packs
setup_card door-1
setup_card door-2
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
touch window.log
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
for n in one two; do
  yingbin log export --data $n -o $n.jsonl >/dev/null
  sed -E '1d;$d;s/\t.*//' $n.jsonl
done | sort >of_sticks
sqlite3 hub.db 'SELECT line FROM record' | sort >of_hub
expect_same "the hub and the sticks" of_sticks of_hub
yingbin log merge one.jsonl two.jsonl -o merged >merged.json 2>merge.log || fail "$(cat merge.log)"
# 4 was let in at both doors while neither could know: one counts, the other one is a conflict
sqlite3 merged/merged.db "SELECT count(*) FROM record" >merged_records
[ "$(cat merged_records)" = "$(wc -l <of_hub)" ] || fail "the merge has $(cat merged_records) records, the hub $(wc -l <of_hub)"
[ "$(field conflicts <merged.json)" = 1 ] || fail "not one conflict: $(cat merged.json)"
end_hub
say "ok"
