# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A hub for the stories, on a port that it keeps over restarts. Sourced behind lib.sh.
hub= port=0 scheme=http
hub_settings=() # more of them, like --set cert=FILE
asking=() # what curl is told besides, like --pinnedpubkey
start_hub() {
  rm -f hub.out
  "$bin/yingbin-hub" --set listen=127.0.0.1:"$port" --set db=hub.db --set kiosks=meetup/kiosks.csv --set packs=packs "${hub_settings[@]}" >hub.out 2>>hub.log &
  hub=$!
  for ((i = 0; i < 500; i++)); do
    if [ -s hub.out ]; then break; fi
    kill -0 $hub 2>/dev/null || fail "the hub ended: $(cat hub.log)"
    read -rt 0.02 <> <(:) || true
  done
  port=$(field port <hub.out)
}
end_hub() {
  kill $hub
  wait $hub || fail "the hub didn't end well"
}

# setup_card KIOSK [ARGUMENT...]: its picture alone in the folder card-KIOSK; its address is the hub's.
setup_card() {
  local kiosk=$1
  shift
  mkdir "card-$kiosk"
  yingbin card setup meetup --hub $scheme://127.0.0.1 --kiosk "$kiosk" -o "card-$kiosk/card.png" "$@" >/dev/null 2>card.log || fail "no card: $(cat card.log)"
}

# visit KIOSK FOLDER: the pictures of FOLDER before that kiosk's camera, once; it ends when the hub has all of it.
visit() {
  local kiosk=$1 shown=$2
  shift 2
  kiosk_on "files:$shown once" --set data="$kiosk" --set hub="$scheme://127.0.0.1:$port" "$@" >"$kiosk.lines" 2>>"$kiosk.log" || fail "$kiosk failed: $(cat "$kiosk.log")"
}

# ask STATUS METHOD PATH [CURL_ARGUMENT...]: the answer is in answer.json.
ask() {
  local want=$1 method=$2 path=$3 got
  shift 3
  got=$(curl -sS "${asking[@]}" -m 60 -o answer.json -D answer.head -w '%{http_code}' -X "$method" "$scheme://127.0.0.1:$port$path" "$@") || fail "$method $path: no answer"
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
