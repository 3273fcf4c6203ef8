#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The reader's own benchmark: what it counts as read and as wrong, and that its controls are there. How
# fast things are is no test's business.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip "there is no jq"
photos=$src/tests/data/photos

bench() { "$bin/yingbin-bench" scan "$@" >lines 2>table || fail "exit code $? for $*: $(cat table)"; }
expect() { jq -e -s "$1" lines >/dev/null || fail "not so: $1: $(cat lines)"; }

say "real photos: all read, none wrong, beside the controls"
bench "$photos"
expect 'map(select(.reader == "full" or .reader == "live")) | length == 2 and all(.set == "all" and .pictures == 20 and .codes == 20
  and .read == 20 and .wrong == 0 and .ms_median > 0 and .ms_median <= .ms_p95 and .ms_p95 <= .ms_worst
  and ([.steps[]] | add) == 20 and ([.tried[]] | add) >= 20)'
expect 'map(select(.reader == "zbar")) | length == 1 and all(.read > 15 and .wrong == 0 and .steps == null)'
if grep -q '^  zxing' <("$bin/yingbin-bench" scan --help); then
  expect 'map(select(.reader == "zxing")) | length == 1 and all(.read > 15 and .wrong == 0)'
else
  say "built without zxing-cpp"
  expect 'map(select(.reader == "zxing")) == []'
fi
for word in full live zbar; do grep -q "$word" table || fail "the table lacks $word: $(cat table)"; done

say "each held for a second"
bench --live "$photos"
expect 'length == 1 and all(.reader == "live" and .read == 20 and .wrong == 0 and .held == 30 and .frames_median == 1
  and .frame_ms_median > 0)'

say "conditions; two codes in a picture; a wrong text; no code"
mkdir own
cp "$photos/q1_1.png" "$photos/q1_13.png" "$photos/q1_14.png" own/
printf 'P5 64 64 255\n%s' "$(head -c 4096 /dev/zero | tr '\0' ' ')" >own/grey.pgm
text=$(awk '$1 == "q1_13.png" {print $2}' "$photos/truth.tsv")
printf 'module_px\tfile\tset\ttext_hex\n4\tq1_1.png\ta\t00\n4\tq1_13.png\ta\t%s\n4\tq1_14.png\tb\t%s\n4\tq1_14.png\tb\t00\n4\tgrey.pgm\tb\t\n' \
  "$text" "$text" >own/truth.tsv
bench own
expect '[.[] | select(.reader == "full") | [.set, .pictures, .codes, .read, .wrong]]
  == [["a", 2, 2, 1, 1], ["b", 2, 1, 0, 0], ["all", 4, 3, 1, 1]]'

say "a recording: from the first frame with a code to its reading"
"$bin/make_y4m" 3 own/grey.pgm "$photos/q1_1.png" "$photos/q1_13.png" >clip.y4m
bench --live clip.y4m
expect 'map(select(.hex)) | length == 2 and [.[].first_frame] == [3, 6] and all(.read and .frames == 1 and .ms == 0)'
expect '.[-1] | .set == "all" and .clip_frames == 9 and .texts == 2 and .read == 2 and .frames_p95 == 1'

say "people, drawn: the same seed gives the same files, and they are what is measured in memory"
frames() { "$bin/yingbin-bench" frames "$@" 2>errors || fail "exit code $? for frames $*: $(cat errors)"; }
for again in drawn again; do frames --out $again --seed 3 --each 2 --set color; done
diff -r drawn again >/dev/null || fail "the same seed gives other files"
frames --out again --seed 4 --each 1 --set color
cmp -s drawn/color_3_0.png again/color_4_0.png && fail "another seed gives the same picture"
awk -F'\t' 'NR > 1 && $2 == "color" && $3 != "" && $4 > 0 {n++} END {exit n != 2}' drawn/truth.tsv || fail "truth: $(cat drawn/truth.tsv)"
summary='[.[] | [.set, .reader, .pictures, .codes, .read, .wrong]] | sort'
bench --reader zbar --people 3 --each 2 --set color
expect 'length == 2 and all(.reader == "zbar" and .pictures == 2 and .codes == 2 and .read > 0 and .wrong == 0)'
jq -c -s "$summary" lines >in_memory
bench --reader zbar drawn
jq -c -s "$summary" lines >in_files
expect_same "people in memory and in files" in_memory in_files
bench --live --people 3 --each 1 --set color
expect 'length == 2 and all(.reader == "live" and .clips == 1 and .read == 1 and .wrong == 0 and .frames_median >= 1 and .frame_ms_median > 0)'
bench --live --people 3 --each 1 --set none
expect 'length == 2 and all(.clips == 1 and .codes == 0 and .read == 0 and .wrong == 0)'
rm -rf drawn again

say "a clip of known truth: counted from the frame that it names"
mkdir clips && mv clip.y4m clips/
printf 'file\ttext_hex\tset\tfirst_frame\nclip.y4m\t%s\ta\t4\n' "$text" >clips/clips.tsv
bench --live clips
expect 'length == 2 and all(.clips == 1 and .codes == 1 and .read == 1 and .wrong == 1 and .frames_median == 3 and .ms_median > 0)'

say "what can't be measured is named"
for bad in "no such folder" "$src/tests" "$photos/q1_1.png"; do
  code=0 && "$bin/yingbin-bench" scan "$bad" >lines 2>errors || code=$?
  [ "$code $(wc -c <lines)" = "1 0" ] || fail "exit code $code for $bad: $(cat lines)"
  grep -qF "$bad" errors || fail "stderr does not name $bad: $(cat errors)"
done
printf 'file\ttext_hex\nq1_1.png\t4g\n' >own/truth.tsv
if "$bin/yingbin-bench" scan own >lines 2>errors || ! grep -q "line 2" errors; then fail "bad hex: $(cat errors)"; fi
for arguments in "" "--nonsense own" "own own" "--people" "--people x" "--people 1 own" "--each 2" "--reader nobody own" "--people 1 --set nothing" "--set color own"; do
  code=0
  # shellcheck disable=SC2086
  "$bin/yingbin-bench" scan $arguments >/dev/null 2>&1 || code=$?
  [ $code = 2 ] || fail "exit code $code for \"$arguments\""
done
