#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The kiosk's settings: printed ones are read again as they were, paths are the file's, later ones win.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
kiosk() { "$bin/yingbin-kiosk" "$@"; }
setting() { sed -n "s/^$1 = //p" "$2"; }

say "what it prints, it reads"
kiosk --set kiosk=东门 --set theme=dark --set camera_fps=15 --set "lang=en zh-Hant" --print-config >one.conf
kiosk --config one.conf --print-config >two.conf
expect_same "the settings changed on the way" one.conf two.conf
[ "$(setting kiosk two.conf)" = 东门 ] || fail "the name isn't kept"

say "paths in a file are the file's, those on the command line are the caller's"
mkdir -p event
cat >event/kiosk.conf <<-'CONF'
	# a comment
	pack = a.ybp
	pub = ../org.pub
	data = /var/lib/somewhere
	camera = y4m:queue.y4m once
CONF
kiosk --config event/kiosk.conf --print-config >read.conf
[ "$(setting pack read.conf)" = event/a.ybp ] || fail "pack: $(setting pack read.conf)"
[ "$(setting pub read.conf)" = event/../org.pub ] || fail "pub: $(setting pub read.conf)"
[ "$(setting data read.conf)" = /var/lib/somewhere ] || fail "data: $(setting data read.conf)"
[ "$(setting camera read.conf)" = "y4m:event/queue.y4m once" ] || fail "camera: $(setting camera read.conf)"
kiosk --config event/kiosk.conf --set pack=b.ybp --set camera=none --print-config >read.conf
[ "$(setting pack read.conf)" = b.ybp ] || fail "pack: $(setting pack read.conf)"
[ "$(setting camera read.conf)" = none ] || fail "camera: $(setting camera read.conf)"
echo 'camera = i420:640x480@30:pipe' >event/two.conf
kiosk --config event/kiosk.conf --config event/two.conf --print-config >read.conf
[ "$(setting camera read.conf)" = "i420:640x480@30:event/pipe" ] || fail "camera: $(setting camera read.conf)"
echo 'theme = dark' >event/three.conf
kiosk --config event/kiosk.conf --config event/three.conf --print-config >read.conf
[ "$(setting camera read.conf)" = "y4m:event/queue.y4m once" ] || fail "camera: $(setting camera read.conf)"

say "where the data goes if nobody says"
kiosk --print-config >read.conf
[ "$(setting data read.conf)" = "$HOME/.local/share/yingbin" ] || fail "data: $(setting data read.conf)"
STATE_DIRECTORY=/var/lib/yingbin kiosk --print-config >read.conf
[ "$(setting data read.conf)" = /var/lib/yingbin ] || fail "data: $(setting data read.conf)"

say "help names every setting, in both languages"
kiosk --help >help.txt
sed -n "s/^\([a-z_]*\) = .*/\1/p" one.conf >keys
[ "$(wc -l <keys)" -gt 20 ] || fail "settings are missing"
while read -r key; do
  grep -q "^  $key = " help.txt || fail "no help for $key"
done <keys
grep -q 签到点 help.txt || fail "no Chinese in the help"
grep -qE '^yingbin-kiosk [0-9]+\.[0-9]+' <(kiosk --version) || fail "no version"
