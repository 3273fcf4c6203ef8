# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A hub for the stories, on a port that it keeps over restarts. Sourced behind lib.sh.
hub= port=0 scheme=http host=127.0.0.1 hub_log=hub.log
hub_settings=() # more of them, like --set cert=FILE
asking=()       # what curl is told besides, like --pinnedpubkey
hub_under=()    # a command to run the hub under
# Its port is its own only while it listens: between two starts somebody's connection may have it for a while.
start_hub() {
  until begin_hub; do
    grep -q "the port is taken" <(tail -n 1 "$hub_log") || fail "the hub ended: $(cat "$hub_log")"
    read -rt 1 <> <(:) || true
  done
  port=$(field port <hub.out)
}
begin_hub() {
  rm -f hub.out
  "${hub_under[@]}" "$bin/yingbin-hub" --set listen="$host:$port" --set db=hub.db --set kiosks=meetup/kiosks.csv --set packs=packs "${hub_settings[@]}" >hub.out 2>>"$hub_log" &
  hub=$!
  wait_for "a hub" said_or_gone $hub hub.out
  [ -s hub.out ]
}
end_hub() { end_well "$hub" "$hub_log"; }

# setup_card KIOSK [ARGUMENT...]: its picture alone in the folder card-KIOSK; its address is the hub's.
setup_card() {
  local kiosk=$1
  shift
  mkdir "card-$kiosk"
  yingbin card setup meetup --hub $scheme://$host --kiosk "$kiosk" -o "card-$kiosk/card.png" "$@" >/dev/null 2>card.log || fail "no card: $(cat card.log)"
}

# two_doors GUESTS: the pack of a meetup with so many tickets, and a setup card each for door-1 and door-2.
two_doors() {
  make_event meetup "$1"
  mkdir packs
  setup_card door-1
  setup_card door-2
  build_pack meetup
  yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
}

# visit KIOSK FOLDER: the pictures of FOLDER before that kiosk's camera, once; it ends when the hub has all of it.
visit() {
  local kiosk=$1 shown=$2
  shift 2
  kiosk_on "files:$shown once" --set data="$kiosk" --set hub="$scheme://$host:$port" "$@" >"$kiosk.lines" 2>>"$kiosk.log" || fail "$kiosk failed: $(cat "$kiosk.log")"
}

# ask STATUS METHOD PATH [CURL_ARGUMENT...]: the answer is in answer.json.
ask() {
  local want=$1 method=$2 path=$3 got
  shift 3
  got=$(curl -sS "${asking[@]}" -m 60 -o answer.json -D answer.head -w '%{http_code}' -X "$method" "$scheme://$host:$port$path" "$@") || fail "$method $path: no answer"
  [ "$got" = "$want" ] || fail "$method $path: $got, not $want: $(cat answer.json)"
  if [ "$want" -ge 400 ]; then
    jq -e --argjson s "$want" '.status == $s and .title and .detail and .detail_zh' answer.json >/dev/null || fail "no problem document: $(cat answer.json)"
    grep -qi '^content-type: application/problem+json' answer.head || fail "$(cat answer.head)"
  fi
}
push() { # STATUS KIOSK TOKEN FILE
  ask "$1" POST "/v1/kiosks/$2/journal" -H "Authorization: Bearer $3" --data-binary "@$4"
}
answer() { jq -r "$1" answer.json; }

# agree DB DATA...: each kiosk's journal is what the hub of this database has, line by line, and the hub's exports merge to what the
# sticks merge to: the log, and who attended. The merge's own line stays in merged.json.
agree() {
  local db=$1 data kiosk
  shift
  rm -rf out sticks merged-hub merged-sticks && mkdir sticks
  "$bin/yingbin-hub" --set db="$db" --export out >/dev/null || fail "the hub's journals can't be exported"
  for data in "$@"; do
    yingbin log export --data "$data" -o "sticks/$data.jsonl" >/dev/null || fail "the journal of $data can't be exported"
    kiosk=$(head -n 1 "sticks/$data.jsonl" | field kiosk)
    yingbin log verify "out/$kiosk.jsonl" >/dev/null || fail "the hub's journal of $kiosk doesn't verify"
    grep -P '\t' "sticks/$data.jsonl" >journal.txt
    grep -P '\t' "out/$kiosk.jsonl" | awk '!seen[$0]++' >hub.txt
    expect_same "the journal of $data and the hub's" journal.txt hub.txt
  done
  yingbin log merge out/*.jsonl --roster meetup -o merged-hub >/dev/null 2>merge.log || fail "$(cat merge.log)"
  yingbin log merge sticks/*.jsonl --roster meetup -o merged-sticks >merged.json 2>merge.log || fail "$(cat merge.log)"
  for file in merged.jsonl attendance.csv; do
    cmp "merged-hub/$file" "merged-sticks/$file" || fail "$file of the hub's exports isn't that of the sticks"
  done
  [ -s merged-sticks/merged.jsonl ] || fail "nothing was merged"
}

# --- kiosks in their own time ---

# begin KIOSK [ARGUMENT...]: what is shown to it is one stream before its camera, until it is ended.
declare -A kiosk_pid stream to_fd
begin() {
  local data=$1
  shift
  if [ -z "${to_fd[$data]:-}" ]; then
    mkfifo "$data.fifo"
    exec {fd}<>"$data.fifo"
    to_fd[$data]=$fd
  fi
  stream[$data]=1
  exec_kiosk "y4m:$data.fifo" --set data="$data" --set pace=real --set hub="$scheme://$host:$port" "$@" >>"$data.lines" 2>>"$data.log" &
  kiosk_pid[$data]=$!
}
end() { end_well "${kiosk_pid[$1]}" "$1.log"; }
show() { # KIOSK NUMBER...: these tickets, one after the other, each longer than a pause whose frames would be left out as late
  local to=$1 n pictures=()
  shift
  for n in "$@"; do pictures+=("tickets/$n.png"); done
  "$bin/make_y4m" 45 "${pictures[@]}" | tail -n +"${stream[$to]}" >&"${to_fd[$to]}"
  stream[$to]=2 # without its header
}
told() { # KIOSK VERDICT TIMES
  [ "$(grep -c "\"verdict\":\"$2\"" "$1.lines")" -ge "$3" ]
}
# admitted_in_order KIOSK NUMBER...: just these were let in, one after the other, as they came.
admitted_in_order() {
  local data=$1
  shift
  printf '%s\n' "$@" >wanted.txt
  grep '"verdict":"admit"' "$data.lines" | field attendee >let_in.txt
  expect_same "who was let in at $data, in which order" wanted.txt let_in.txt
}
knows() { # KIOSK TIMES: so many admissions of others; in a copy, since the kiosk lets nobody else in
  rm -rf copy && mkdir copy && cp "$1"/others.db* copy/
  [ "$(sql copy/others.db 'SELECT count(*) FROM admission')" -ge "$2" ]
}
acked() { # DATA NAME: the hub has its whole journal
  local last
  last=$(sql -readonly "$1/journal.db" 'SELECT max(seq) FROM record') && [ -n "$last" ] &&
    [ "$(sql hub.db "SELECT max(seq) FROM record WHERE kiosk = '$2'")" = "$last" ]
}
