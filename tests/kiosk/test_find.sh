#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No network but each other: a hub beside one kiosk announces itself by mDNS, the others find it by the key on their setup card. One
# that only says that it has this key gets nothing. It is killed; each goes on alone; another takes over, empty, and is filled
# again. Avahi and D-Bus are real ones, on a bus of their own and the loopback interface.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

for tool in avahi-daemon avahi-publish avahi-browse dbus-daemon openssl sqlite3; do
  command -v $tool >/dev/null || skip "$tool is missing"
done
[ "$(id -u)" = 0 ] || skip "avahi-daemon asks for root"

certificate() { # NAME
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt" 2>openssl.log ||
    fail "$(cat openssl.log)"
}
key_of() { openssl x509 -in "$1.crt" -noout -pubkey | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1; }

touch window.log avahi.log
cat >bus.conf <<-XML
	<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
	<busconfig><type>system</type><listen>unix:path=$PWD/bus</listen><auth>EXTERNAL</auth><policy context="default">
	<allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow user="*"/></policy></busconfig>
XML
printf '[server]\nhost-name=kiosk\nuse-ipv6=no\nallow-interfaces=lo\n[wide-area]\nenable-wide-area=no\n' >avahi.conf
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$PWD/bus
dbus-daemon --config-file="$PWD/bus.conf" --nofork --nopidfile 2>bus.log &
wait_for "a bus" test -S bus
avahi-daemon -f "$PWD/avahi.conf" --no-drop-root --no-chroot --no-rlimits --no-proc-title 2>avahi.log &
avahi=$!
for ((i = 0; i < 100; i++)); do
  if grep -q "Server startup complete" avahi.log; then break; fi
  kill -0 $avahi 2>/dev/null || skip "avahi-daemon can't run here: $(tail -n 1 avahi.log)"
  read -rt 0.1 <> <(:) || true
done

begin_hub() { # NAME CERTIFICATE [ARGUMENT...]: $hub, $port
  local name=$1
  "$bin/yingbin-hub" --set listen=127.0.0.1:0 --set db="$name.db" --set kiosks=meetup/kiosks.csv --set cert="$2.crt" --set key="$2.key" "${@:3}" \
    >"$name.out" 2>"$name.log" &
  hub=$!
  wait_for "hub $name" test -s "$name.out"
  port=$(field port <"$name.out")
}
announced() { [ "$(avahi-browse -prt _yingbin-hub._tcp 2>/dev/null | grep -c "^=.*;$1;")" = 1 ]; } # PORT
begin() { # KIOSK FOLDER
  exec_kiosk "files:$2" --set data="$1" --set pace=real --set hub=find >"$1.lines" 2>>"$1.log" &
  pids[$1]=$!
}
end() {
  kill "${pids[$1]}"
  wait "${pids[$1]}" || fail "kiosk $1 failed: $(cat "$1.log")"
}
declare -A pids
in_hub() { [ "$(sqlite3 -readonly "$1.db" "SELECT count(*) FROM record WHERE kiosk = '$2'")" -ge "$3" ]; } # HUB KIOSK COUNT
admitted() { [ "$(grep -c '"verdict":"admit"' "$1.lines")" -ge "$2" ]; }
# holds HUB KIOSK DATA: each record of that kiosk, to the byte.
holds() {
  yingbin log export --data "$3" -o "$3.jsonl" >/dev/null
  sed -E '1d;$d;s/\t.*//' "$3.jsonl" >"$3.records"
  sqlite3 -readonly "$1.db" "SELECT line FROM record WHERE kiosk = '$2' ORDER BY seq" >"$3.in_hub"
  cmp -s "$3.records" "$3.in_hub"
}

say "an event; cards that name a key, and an address where nobody is"
make_event meetup 4
certificate ours
certificate theirs
for n in 1 2; do
  mkdir "shown-$n"
  yingbin card setup meetup --hub https://127.0.0.1:9 --spki "$(key_of ours)" --kiosk "door-$n" -o "shown-$n/0.png" >/dev/null 2>card.log || fail "$(cat card.log)"
done
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
cp tickets/*1*.png tickets/*2*.png shown-1/
cp tickets/*3*.png shown-2/
mkdir shown-3 && cp tickets/*4*.png shown-3/

say "who only says that it has the key gets nothing"
begin_hub liar theirs
liar=$hub
avahi-publish -s "a liar" _yingbin-hub._tcp "$port" spki="$(key_of ours)" 2>liar.pub &
lies=$!
wait_for "the liar" announced "$port"
begin one shown-1
wait_for "the kiosk's refusal" grep -qE "hub https://[0-9.]+:$port: .*(key|KEY)" one.log
in_hub liar door-1 1 && fail "a kiosk sent its records to another server"
kill $lies

say "the hub that has it is found by each kiosk"
begin_hub first ours --set announce=yes
first=$hub
wait_for "the announcement" announced "$port"
begin two shown-2
wait_for "door-1's records" in_hub first door-1 3
wait_for "door-2's records" in_hub first door-2 2

say "it is killed: each goes on alone"
kill -KILL "$first"
wait "$first" 2>/dev/null || true
end two
begin two shown-3
wait_for "a guest without any hub" admitted two 1

say "another takes over, empty, and has everything again"
begin_hub second ours --set announce=yes
wait_for "all of door-1" holds second door-1 one
wait_for "all of door-2" holds second door-2 two
end one
end two
kill "$hub" "$liar"
wait "$hub" || fail "the hub didn't end well"
[ "$(sqlite3 liar.db "SELECT count(*) FROM record")" = 0 ] || fail "the liar has records"
for n in one two; do yingbin log verify "$n.jsonl" >/dev/null || fail "the journal of $n doesn't verify"; done

say "a hub is announced by its key, or not at all"
if "$bin/yingbin-hub" --set listen=127.0.0.1:0 --set db=third.db --set announce=yes >third.out 2>third.log; then fail "announced without a key"; fi
expect_problem third.log "announce = yes 需要 cert 和 key" "announce = yes needs cert and key"
