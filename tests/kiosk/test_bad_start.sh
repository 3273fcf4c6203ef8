#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What goes wrong at a start: a clear message in both languages, the right exit code, and nothing that
# was there is lost.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 2
build_pack meetup
cp meetup.ybp build1.ybp && cp meetup.ybp.minisig build1.ybp.minisig
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/

# refuses CODE CHINESE ENGLISH [ARGUMENT...]: ends so, says so, tells no verdict, changes no journal.
refuses() {
  local want=$1 zh=$2 en=$3 code=0
  shift 3
  kiosk_on "files:shown once" "$@" >out.jsonl 2>out.log || code=$?
  [ "$code" = "$want" ] || fail "exit code $code, expected $want: $(cat out.log)"
  expect_problem out.log "$zh" "$en"
  [ ! -s out.jsonl ] || fail "a verdict all the same: $(cat out.jsonl)"
  if ls data/*.part-* >/dev/null 2>&1; then fail "half a file is left: $(ls data)"; fi
}

say "usage"
refuses 2 '没有“camrea”' 'unknown key' --set camrea=none
echo 'camrea = none' >bad.conf
refuses 2 'bad.conf' 'bad.conf.*1.*camrea' --config bad.conf
grep -q camera_width out.log || fail "the known keys aren't listed: $(cat out.log)"
refuses 2 '缺' 'missing' --set
refuses 2 'kiosk' 'webcam' --set camera=webcam:0
refuses 2 'once' 'once' --set "camera=none once"
refuses 2 '整数' 'whole number' --set camera_fps=fast
refuses 2 '公钥' 'public key' --set pub=
refuses 2 'lang' 'zh-Hans' --set lang=fr
refuses 2 'lsusb' 'lsusb' --set reader=evdev:banana

say "no pack, a broken one, another's, unsigned"
refuses 1 'nowhere.ybp' 'nowhere.ybp' --set pack=nowhere.ybp
cp meetup.ybp broken.ybp && cp meetup.ybp.minisig broken.ybp.minisig
printf 'X' | dd of=broken.ybp bs=1 seek=5000 conv=notrunc status=none
refuses 1 '签名' 'signature' --set pack=broken.ybp
mkdir -p elsewhere && yingbin key new elsewhere/other >/dev/null 2>&1
refuses 1 '签名|密钥|公钥' 'key|signature' --set pub=elsewhere/other.pub
cp meetup.ybp unsigned.ybp
refuses 1 'unsigned.ybp' 'unsigned.ybp' --set pack=unsigned.ybp
refuses 1 'nokey.pub' 'nokey.pub' --set pub=nokey.pub
refuses 1 '签到点' 'meetup/door' --set station=meetup/window

say "no recording, no decoder, no font"
refuses 1 'nothing-here' 'nothing-here' --set "camera=files:nothing-here once"
refuses 1 'nothing-here' 'nothing-here' --set decoder=nothing-here
refuses 1 '解码程序 /bin/true' 'decoder /bin/true' --set decoder=/bin/true
[ "$(wc -l <out.log)" -le 4 ] || fail "a decoder that ends at once floods the log: $(cat out.log)"
for option in --help --version; do
  grep -q yingbin-decoder <("$bin/yingbin-decoder" $option 2>errors) || fail "the decoder is silent on $option"
  [ ! -s errors ] || fail "the decoder's $option goes to stderr"
done
code=0 && "$bin/yingbin-decoder" 2>errors || code=$?
[ "$code" = 2 ] || fail "the decoder alone: exit code $code, $(cat errors)"
grep -q yingbin-kiosk errors || fail "the decoder alone says: $(cat errors)"
mkdir -p assets && cp -r "$src/assets/strings" "$src/assets/themes.ini" assets/ && sed 's#^\(regular *= *\).*#\1/nothing/here.ttc#' "$src/assets/fonts.conf" >assets/fonts.conf
refuses 1 '字体' 'font' --set assets=assets

say "--check-config says the same without a start"
check() { kiosk_on "files:shown once" --set data=unused "$@" --check-config; }
check >check.json 2>check.log || fail "a good configuration is refused: $(cat check.log)"
grep -q '"check":"ok".*"station":"meetup/door"' check.json || fail "not as expected: $(cat check.json)"
if check --set pack=broken.ybp >/dev/null 2>check.log; then fail "a broken pack passes the check"; fi
expect_problem check.log '签名' 'signature'
if check --set assets=assets >/dev/null 2>check.log; then fail "a font that isn't there passes the check"; fi
if kiosk_on "y4m:nothing-here" --check-config >/dev/null 2>check.log; then fail "a recording that isn't there passes the check"; fi
expect_problem check.log 'nothing-here' 'nothing-here'
kiosk_on "v4l2:$PWD/no-camera" --set data=unused --check-config >check.json 2>check.log || fail "a camera may still be plugged in: $(cat check.log)"
expect_problem check.log '警告.*no-camera' 'warning.*no-camera'
grep -q '"check":"ok".*"warnings":\[".*no-camera' check.json || fail "no warning in: $(cat check.json)"
[ ! -e unused ] || fail "the check made a data folder"

say "a good start, then an older build"
kiosk_on "files:shown once" >good.jsonl 2>good.log || fail "the kiosk failed: $(cat good.log)"
[ "$(field verdict <good.jsonl | sort -u)" = admit ] || fail "not admitted: $(cat good.jsonl)"
build_pack meetup
[ "$(field build <meetup.built)" -gt 1 ] || fail "the build's number didn't go up: $(cat meetup.built)"
kiosk_on "files:shown once" >good.jsonl 2>good.log || fail "the newer build failed: $(cat good.log)"
[ "$(field verdict <good.jsonl | sort -u)" = again ] || fail "not known: $(cat good.jsonl)"
refuses 1 '版本|build' 'build' --set pack=build1.ybp
kiosk_on "files:shown once" --set pack=build1.ybp --set allow_build=1 >good.jsonl 2>good.log || fail "an older build that is allowed: $(cat good.log)"
build_pack meetup
kiosk_on "files:shown once" >good.jsonl 2>good.log || fail "the newest build failed: $(cat good.log)"

say "a journal of a newer version is left alone"
cp -r data newer
printf '\0\0\0\3' | dd of=newer/journal.db bs=1 seek=60 conv=notrunc status=none # user_version of SQLite's header; 2 is a purged one
before=$(cksum <newer/journal.db)
refuses 1 '版本' 'version' --set data=newer
[ "$(cksum <newer/journal.db)" = "$before" ] || fail "the newer journal was changed"

say "two kiosks on one data folder"
mkfifo lines
exec_kiosk files:shown --set pace=real >lines 2>first.log &
first=$!
read -r _ <lines || fail "the first one doesn't run: $(cat first.log)"
refuses 1 '另一个' 'nother'
end_well "$first" first.log
verify_journal data

say "no camera: the kiosk runs and says so"
mkfifo log
exec_kiosk v4l2:"$PWD"/no-camera >/dev/null 2>log &
kiosk=$!
found=
while read -r -t 180 line; do
  case $line in *no-camera* | *camera*lost* | *camera*gone*)
    found=yes
    break
    ;;
  esac
done <log
end_well "$kiosk"
[ -n "$found" ] || fail "no word of the missing camera"

say "with a window it waits for the pack"
mkfifo fault later
exec 3<>fault 4<>later
mv meetup.ybp away.ybp
exec_kiosk files:shown --set data=waiting >later 2>fault &
kiosk=$!
while read -r -t 180 line <&3; do
  case $line in *meetup.ybp*) break ;; esac
done
case $line in *meetup.ybp*) ;; *) fail "no word of the missing pack" ;; esac
mv away.ybp meetup.ybp
read -r -t 180 line <&4 || fail "the pack came, and nothing happened"
case $line in *'"verdict":"admit"'*) ;; *) fail "not admitted: $line" ;; esac
end_well "$kiosk"
