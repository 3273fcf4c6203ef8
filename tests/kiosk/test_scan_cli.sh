#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# yingbin scan: a line of JSON a picture or frame, in order, whatever else is among the files.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
photos=$src/tests/data/photos

say "photos, one after the other and four at once"
tail -n +2 "$photos/truth.tsv" | cut -f2 >expected
cut -f1 "$photos/truth.tsv" | tail -n +2 | sed "s,^,$photos/," >names
mapfile -t files <names
for threads in 1 4; do
  yingbin scan --threads $threads "${files[@]}" >lines 2>errors || fail "exit code $? for good photos: $(cat errors)"
  sed -nE 's/.*"hex":\["([0-9a-f]*)"\].*/\1/p' lines | diff - expected >&2 || fail "other bytes than the photos carry"
  [ "$(grep -cE '^\{"file":"[^"]*","texts":\[".*"\],"hex":\["[0-9a-f]+"\],"ms":[0-9.]+,"steps":\["[a-z", ]+\]\}$' lines)" = 20 ] ||
    fail "not the lines of the contract: $(head -1 lines)"
done

say "what is no picture is named, and the others go on"
cp "${files[0]}" good.png
head -c 5000 good.png >torn.png
printf 'P5 4 4 255\n' >torn.pgm
printf 'P5 4 4 255\n0123456789abcdef' >empty.pgm
if yingbin scan missing.png torn.png "$photos/README.md" torn.pgm empty.pgm good.png >lines 2>errors; then fail "exit 0 in spite of errors"; fi
[ "$(grep -c '"error":' lines)" = 4 ] || fail "not four errors: $(cat lines)"
grep -q '"file":"empty.pgm","texts":\[\],"hex":\[\]' <(sed -n 5p lines) || fail "a picture without a code: $(cat lines)"
grep -q '"file":"good.png","texts":\["' <(sed -n 6p lines) || fail "the last one was not read: $(cat lines)"
for word in missing.png torn.png README.md torn.pgm 损坏; do grep -q "$word" errors || fail "stderr does not say $word"; done
yingbin scan empty.pgm >lines || fail "nothing read is not a failure"

say "a pipe is not waited for, a recording without a frame is told"
mkfifo pipe
printf 'YUV4MPEG2 W64 H64 F30:1 C420jpeg\n' >none.y4m
if yingbin scan pipe none.y4m good.png >lines 2>errors; then fail "exit 0 in spite of errors"; fi
[ "$(grep -c '"error":' lines) $(grep -c '"texts":\["' lines)" = "2 1" ] || fail "not two errors and a text: $(cat lines)"
expect_problem errors 'pipe：是管道' 'pipe: a pipe or device'
expect_problem errors 'none.y4m：.*一帧也没有' 'none.y4m: .*no frame'

say "every kind of picture file, and those that are refused"
mkdir kinds
"$bin/make_picture" kinds "二维码 in every file" || fail "no pictures"
printf 'P5 60000 60000 255\n0000' >kinds/bad-claim.pgm
printf 'P2 2 2 255\n1 2 3 4\n' >kinds/bad-p2.pgm
LC_ALL=C sed 's/\(\xff\xc0\x00\x0b\x08\)..../\1\xea\x60\xea\x60/' kinds/grey.jpg >kinds/bad-claim.jpg
head -c 900 kinds/colour.jpg >kinds/bad-cut.jpg
: >kinds/bad-empty.png
for effort in live full; do
  code=0 && yingbin scan --effort $effort kinds/* >lines 2>errors || code=$?
  [ $code = 1 ] || fail "exit code $code for good and bad files"
  grep -v '"file":"kinds/bad-' lines | field file >good
  [ "$(wc -l <good) $(grep -c '"texts":\["二维码 in every file"\]' lines)" = "9 9" ] || fail "not every file is read: $(cat lines)"
  for file in kinds/bad-*; do
    grep -q '"error":"' <(grep -F "\"file\":\"$file\"" lines) || fail "no error for $file: $(cat lines)"
    [ "$(grep -cF "$file" errors)" = 2 ] || fail "not in both languages for $file: $(cat errors)"
  done
done
expect_problem errors 'bad-rgba.png.*透明' 'bad-rgba.png.*alpha'
expect_problem errors 'bad-16.pgm.*16 位' 'bad-16.pgm.*16 bits'
expect_problem errors 'bad-claim.jpg.*60000' 'bad-claim.jpg.*60000'

say "the same bytes for any number of threads"
untimed() { sed -E 's/"ms":[0-9.]+/"ms":0/' lines; }
yingbin scan --effort full kinds/* "${files[@]}" >lines 2>/dev/null || true
untimed >alone
for threads in 2 7 64; do
  yingbin scan --threads $threads --effort full kinds/* "${files[@]}" >lines 2>/dev/null || true
  untimed | cmp - alone || fail "other lines with $threads threads"
done

if [ -x "$bin/make_y4m" ]; then
  say "a recording, frame by frame"
  "$bin/make_y4m" 2 "${files[0]}" "${files[3]}" >two.y4m
  yingbin scan two.y4m >lines || fail "exit code $? for a recording"
  [ "$(sed -nE 's/.*"frame":([0-9]+).*/\1/p' lines | tr '\n' ' ')" = "0 1 2 3 " ] || fail "not a line a frame: $(cat lines)"
  [ "$(grep -c '"hex":\["' lines)" = 4 ] || fail "not every frame is read: $(cat lines)"
  head -c -10 two.y4m >torn.y4m
  if yingbin scan torn.y4m >lines 2>errors; then fail "exit 0 for a torn recording"; fi
  [ "$(grep -c '"frame"' lines) $(grep -c '"error"' lines)" = "3 1" ] || fail "a torn recording: $(cat lines)"
fi

say "wrong usage"
for arguments in "" "--effort quick a.png" "--threads 0 a.png" "--threads" "--nonsense a.png"; do
  code=0
  # shellcheck disable=SC2086
  yingbin scan $arguments >/dev/null 2>&1 || code=$?
  [ $code = 2 ] || fail "exit code $code for \"$arguments\""
done
grep -q -- --effort <(yingbin scan --help) || fail "no help"
