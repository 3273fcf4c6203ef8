#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No network but each other: three machines on a switch, each a network namespace with an avahi-daemon and a kiosk's things of its
# own; no file goes from one to another. What the setup cards say is enough for any of them to carry the hub, and for the others to
# find it and to know it: one that only says that it has the key gets nothing. The hub's machine is cut off; each goes on alone;
# another takes over, empty, and is filled again, to the byte.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

for tool in avahi-daemon avahi-publish dbus-daemon openssl sqlite3 ip nsenter unshare; do
  command -v $tool >/dev/null || skip "$tool is missing"
done
[ "$(id -u)" = 0 ] || skip "network namespaces and avahi-daemon ask for root"

# --- machines on a switch ---

declare -A space
within() { # MACHINE COMMAND...
  local machine=$1
  shift
  nsenter -t "${space[$machine]}" -n env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$PWD/$machine.bus" "$@"
}
exec_within() { # MACHINE COMMAND...: in the background, $! is the command itself
  local machine=$1
  shift
  exec nsenter -t "${space[$machine]}" -n env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$PWD/$machine.bus" "$@"
}
new_space() { # NAME
  unshare -n tail -f /dev/null &
  space[$1]=$!
  wait_for "a namespace" eval "[ \"\$(readlink /proc/$!/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
}
plug_in() { # MACHINE NUMBER: it has 10.77.0.NUMBER
  new_space "$1"
  within switch ip link add "$1" type veth peer name eth0 netns "${space[$1]}"
  within switch ip link set "$1" master switch up
  within "$1" ip link set lo up
  within "$1" ip addr add "10.77.0.$2/24" broadcast 10.77.0.255 dev eth0
  within "$1" ip link set eth0 up multicast on
  within "$1" ip route add 224.0.0.0/4 dev eth0
}
names_service() { # MACHINE: its bus and its avahi-daemon
  cat >"$1.bus.conf" <<-XML
	<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
	<busconfig><type>system</type><listen>unix:path=$PWD/$1.bus</listen><auth>EXTERNAL</auth><policy context="default">
	<allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow user="*"/></policy></busconfig>
	XML
  printf '[server]\nhost-name=%s\nuse-ipv6=no\nallow-interfaces=eth0\n[wide-area]\nenable-wide-area=no\n' "$1" >"$1.avahi.conf"
  dbus-daemon --config-file="$PWD/$1.bus.conf" --nofork --nopidfile 2>"$1.bus.log" &
  wait_for "a bus" test -S "$1.bus"
  # Each believes to be the only one: its file of the process number is elsewhere.
  exec_within "$1" unshare -m sh -c "mount -t tmpfs none /run && mkdir -p /run/avahi-daemon && exec avahi-daemon -f $PWD/$1.avahi.conf --no-drop-root --no-chroot \
    --no-rlimits --no-proc-title" 2>"$1.avahi.log" &
  wait_for "avahi-daemon of $1" grep -q "Server startup complete" "$1.avahi.log"
}
unshare -n -m true 2>/dev/null || skip "no network namespaces here"
new_space switch
within switch ip link add switch type bridge mcast_snooping 0 || skip "no bridge here"
within switch ip link set switch up
plug_in one 1
plug_in two 2
plug_in three 3
for machine in one two three; do names_service $machine; done

# --- hubs and kiosks on them ---

# begin_hub MACHINE NAME ARGUMENT...: $hub
begin_hub() {
  : >"$2.log"
  exec_within "$1" "$bin/yingbin-hub" --set listen=0.0.0.0:8080 --set db="$2.db" --set announce=yes "${@:3}" >"$2.out" 2>>"$2.log" &
  hub=$!
  first_line $hub "$2.out" "$2.log"
}
begin() { # MACHINE FOLDER ARGUMENT...: the kiosk of that machine
  : >"$1.lines" # here, not behind the &: what an earlier one wrote isn't this one's
  (exec_within "$1" "${under[@]}" "$bin/yingbin-kiosk" "${insecure[@]}" --set assets="$src/assets" --set window=640x480 --set pub=org.pub --set pack=meetup.ybp \
    --set data="$1" --set pace=real --set clock=stream --set clock_start=$noon --set events=- --set camera="files:$2" "${@:3}") >>"$1.lines" 2>>"$1.log" &
  pids[$1]=$!
}
end() { end_well "${pids[$1]}" "$1.log"; }
declare -A pids
in_hub() { [ "$(sql -readonly "$1.db" "SELECT count(*) FROM record WHERE kiosk = '$2'")" -ge "$3" ]; } # HUB KIOSK COUNT
admitted() { [ "$(grep -c '"verdict":"admit"' "$1.lines")" -ge "$2" ]; }
# holds HUB KIOSK DATA: each record of that kiosk, once, to the byte.
holds() {
  yingbin log export --data "$3" -o "$3.jsonl" >/dev/null
  sed -E '1d;$d;s/\t.*//' "$3.jsonl" >"$3.records"
  sql -readonly "$1.db" "SELECT line FROM record WHERE kiosk = '$2' ORDER BY seq" >"$3.in_hub"
  cmp -s "$3.records" "$3.in_hub"
}

say "an event; cards that hold the hub's key, and no address but the kiosk's own"
make_event meetup 4
for n in 1 2; do
  mkdir "shown-$n"
  yingbin card setup meetup --hub here --kiosk "door-$n" -o "shown-$n/0.png" >card.json 2>card.log || fail "$(cat card.log)"
done
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
cp tickets/*1*.png tickets/*2*.png shown-1/
cp tickets/*3*.png shown-2/
mkdir shown-3 && cp tickets/*4*.png shown-3/
spki=$(openssl x509 -in meetup/hub.pem -noout -pubkey | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)

say "who only says that it has the key gets nothing"
begin_hub three liar --set cert=theirs.pem
[ "$(field spki <liar.out)" != "$spki" ] || fail "two made the same key"
liar=$hub
exec_within three avahi-publish -s "a liar" _yingbin-hub._tcp 8080 spki="$spki" 2>liar.pub &
lies=$!
begin two shown-2
wait_for "the kiosk's refusal" grep -qE "hub https://10.77.0.3:8080: .*(key|KEY)" two.log
kill $lies
end_well $liar liar.log
[ "$(sql liar.db "SELECT count(*) FROM record")" = 0 ] || fail "a kiosk sent its records to another server"

say "hub = here: the kiosk says so to its machine, and the hub takes its key from the kiosk's card"
begin one shown-1 --set hub=here
wait_for "the mark, and the card" test -e one/hub-here -a -e one/hub.ini
begin_hub one first --set card=one/hub.ini --set packs=one/hub-packs
first=$hub
[ "$(field spki <first.out)" = "$spki" ] || fail "not the key of the cards: $(cat first.out)"
wait_for "door-1's records" in_hub first door-1 3
say "and the other kiosk finds it"
wait_for "door-2's records" in_hub first door-2 2

say "a newer pack on the one that carries the hub: the others have it from there"
end one
yingbin pack build meetup -o newer.ybp --key org.key >newer.json 2>newer.log || fail "no newer pack: $(cat newer.log)"
begin one shown-1 --set hub=here --set pack=newer.ybp
wait_for "two's newer pack" grep -q "a new pack has come: meetup build $(field build <newer.json)" two.log

say "its machine is cut off and dies: the other goes on alone"
within one ip link set eth0 down
kill -KILL "$first"
wait "$first" 2>/dev/null || true
end two
begin two shown-3
wait_for "a guest without any hub" admitted two 1
[ ! -e two/hub-here ] || fail "two carries no hub yet"

say "it takes over, empty; the first kiosk comes back without its hub; each journal is there again, once"
end two
begin two shown-3 --set hub=here
wait_for "the mark" test -e two/hub-here
begin_hub two second --set card=two/hub.ini
[ "$(field spki <second.out)" = "$spki" ] || fail "not the key of the cards: $(cat second.out)"
wait_for "all of door-2" holds second door-2 two
end one
within one ip link set eth0 up
within one ip route replace 224.0.0.0/4 dev eth0
begin one shown-3 --set pack=newer.ybp
[ ! -e one/hub-here ] || wait_for "the mark to go" test ! -e one/hub-here
wait_for "all of door-1" holds second door-1 one
end one
end two
end_well "$hub" second.log
for n in one two; do yingbin log verify "$n.jsonl" >/dev/null || fail "the journal of $n doesn't verify"; done

