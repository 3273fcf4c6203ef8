#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The hub's unit beside a kiosk, under the real systemd, in a container of its own (namespaces over a copy of this machine's root):
# the mark of `hub = here` starts it; without a setup card the start is tried again until there is one; sandboxed and as a user of its
# own it reads the card, the pack that it gives out and nothing else of the kiosk's, serves, is announced by avahi-daemon, and comes back when it is killed.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/../kiosk/lib.sh"

say "units as systemd reads them"
command -v systemd-analyze >/dev/null || skip "systemd is missing"
mkdir units
cp "$src"/platform/linux/*.service "$src"/platform/linux/*.path units
sed -i "s|/usr/bin/yingbin|$bin/yingbin|" units/*
systemd-analyze verify units/* 2>verify.log || fail "$(cat verify.log)"
[ ! -s verify.log ] || fail "$(cat verify.log)"

for tool in /lib/systemd/systemd unshare pivot_root avahi-daemon avahi-browse dbus-daemon curl; do
  command -v $tool >/dev/null || skip "$tool is missing"
done
[ "$(id -u)" = 0 ] || skip "a container asks for root"
if grep -qaE '__(asan|tsan)_' "$bin/yingbin-hub"; then skip "sanitizers need what the unit forbids"; fi

make_event meetup 1
mkdir card
yingbin card setup meetup --hub here --kiosk door-1 -o card/0.png >/dev/null 2>card.log || fail "$(cat card.log)"
build_pack meetup
kiosk_on "files:card once" --set hub=here >lines.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
[ -e data/hub-here ] || fail "no mark: $(ls data)"
cmp -s data/hub-packs/meetup.ybp meetup.ybp || fail "the pack isn't given out: $(ls -R data)"
grep -q '^host = ' data/hub.ini || fail "the card isn't kept"

cat >story <<'SH'
exec >/told 2>&1
wait_for() { local i; for ((i = 0; i < 1200; i++)); do "${@:2}" && return; read -rt 0.1 <> <(:) || true; done; echo "in vain: $1"; systemctl --no-pager status dbus.socket dbus avahi-daemon; journalctl --no-pager -n 40; }
result_is() { [ "$(systemctl show -P Result yingbin-hub-here)/$(systemctl show -P ExecMainStatus yingbin-hub-here)" = "$1" ]; }
well() { [ "$(curl -sk https://127.0.0.1:8080/healthz -o /dev/null -w '%{http_code}')" = 200 ]; }
announced() { grep -q '^=.*;8080;"spki=' <(timeout 3 avahi-browse -prt _yingbin-hub._tcp 2>/dev/null); }
echo "before: $(systemctl is-active yingbin-hub-here.path) $(systemctl is-active yingbin-hub-here.service)"
mkdir -m 700 /var/lib/yingbin
chown yingbin /var/lib/yingbin
cp -r /kiosk/hub-packs /kiosk/hub-here /var/lib/yingbin
chmod 644 /var/lib/yingbin/hub-packs/*
wait_for "a start without a card" result_is exit-code/243
cp /kiosk/kiosk.key /kiosk/hub.ini /var/lib/yingbin
chmod 600 /var/lib/yingbin/kiosk.key /var/lib/yingbin/hub.ini
wait_for "the hub" well
pid=$(systemctl show -P MainPID yingbin-hub-here)
echo "user: $(stat -c %U /proc/$pid)"
echo "no new privileges, filtered: $(awk '/^(NoNewPrivs|Seccomp):/ {print $2}' /proc/$pid/status | xargs)"
echo "files of the kiosk that it can read: $(setpriv --reuid yingbin-hub --clear-groups ls /var/lib/yingbin 2>/dev/null | wc -l)"
pack=/run/yingbin-hub-packs/meetup.ybp
echo "pack: $(nsenter -t "$pid" -m setpriv --reuid yingbin-hub --clear-groups cat $pack | cmp - /kiosk/hub-packs/meetup.ybp && echo whole)"
echo "database: $(stat -c %a /var/lib/yingbin-hub/hub.db)"
wait_for "its announcement" announced
kill -KILL "$pid"
wait_for "it to come back" eval '[ "$(systemctl show -P MainPID yingbin-hub-here)" != '"$pid"' ] && well'
echo end
SH

cat >boot <<'SH'
set -e
root=$PWD/root
mkdir root && mount -t tmpfs none root && mkdir root/up root/work root/at
mount -t overlay none -o "lowerdir=/,upperdir=$root/up,workdir=$root/work" root/at
cd root/at
mount -t proc proc proc
mount --rbind /sys sys
for at in run tmp dev; do mount -t tmpfs none $at; done
mkdir dev/pts dev/shm && mount -t devpts none dev/pts -o newinstance,ptmxmode=0666
for at in null zero full random urandom tty; do touch dev/$at && mount --bind /dev/$at dev/$at; done
ln -s pts/ptmx dev/ptmx && ln -s /proc/self/fd dev/fd && touch dev/console && mount --bind "$root/../console" dev/console
if [ ! -e sys/fs/cgroup/cgroup.controllers ]; then
  mount -t tmpfs none sys/fs/cgroup && mkdir sys/fs/cgroup/systemd && mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
systemd-sysusers --root="$PWD" "$2/platform/linux/yingbin-sysusers.conf" >"$root/../users.log" 2>&1
cp "$1/yingbin-hub" usr/bin/yingbin-hub
mkdir -p usr/share/yingbin && cp -r "$2/assets/web" usr/share/yingbin
rm -rf etc/systemd/system/*.wants var/lib/yingbin var/lib/yingbin-hub var/lib/private/yingbin-hub
cp "$2"/platform/linux/yingbin-hub-here.* etc/systemd/system
mkdir -p etc/systemd/system/multi-user.target.wants && cd etc/systemd/system/multi-user.target.wants
ln -s ../yingbin-hub-here.path . && ln -s ../story.service . && ln -s /lib/systemd/system/avahi-daemon.service .
ln -sf /lib/systemd/system/multi-user.target ../default.target
printf '[Unit]\nAfter=basic.target\n[Service]\nType=oneshot\nExecStart=/bin/bash /story\n' >../story.service
cd ../../../..
mkdir -p kiosk old && cp -r "$root/../data/hub-packs" kiosk && cp "$root/../data/hub-here" "$root/../data/hub.ini" "$root/../data/kiosk.key" kiosk
cp "$root/../story" story && touch told && mount --bind "$root/../told" told
pivot_root . old && umount -l old && mount --make-rshared /
ip link set lo up multicast on
export container=yingbin
exec /lib/systemd/systemd --log-target=console
SH

say "the hub under systemd"
touch told console
unshare --pid --mount --net --uts --ipc --cgroup --fork --kill-child --propagation private bash "$PWD/boot" "$bin" "$src" </dev/null >boot.log 2>&1 &
container=$!
trap 'kill -KILL $container 2>/dev/null || true' EXIT # it ends by nothing less
for ((i = 0; i < 6000; i++)); do
  if grep -q '^end$' told; then break; fi
  kill -0 $container 2>/dev/null || skip "no container here: $(tail -n 1 boot.log)"
  read -rt 0.1 <> <(:) || true
done
kill -KILL $container
{ wait $container || true; } 2>/dev/null
cat >expected <<'TXT'
before: active inactive
user: yingbin-hub
no new privileges, filtered: 1 2
files of the kiosk that it can read: 0
pack: whole
database: 600
end
TXT
expect_same "what was told" expected told
