#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a kiosk that was taken over could have written, with its own key: texts of any length in any script, control characters,
# HTML, formulas, times that are none. Each file that a merge leaves can be opened all the same, and shows them as text.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
for tool in iconv xmllint unzip jq; do command -v $tool >/dev/null || skip "there is no $tool"; done

make_event meetup 6
echo "label.zh-Hans = $(printf '签到%.0s' {1..30})" >>meetup/pack.ini # no attack, and longer than a column's head
repeat() { printf "$1%.0s" $(seq "$2"); }
# hostile TEXT [WALL [STATION]]: one more kiosk, in whose one record that is the number, the station, the operator and the note.
kiosks=0
hostile() {
  kiosks=$((kiosks + 1))
  mkdir "k$kiosks"
  "$bin/make_export" "k$kiosks" "door-$kiosks" "$(jq -cn --arg t "$1" --arg w "${2:-2023-10-28T04:00:00.000Z}" --arg s "${3:-$1}" \
    '{seq: 1, id: "'"$(printf '%032x' $kiosks)"'", kind: "scan", kiosk: "k", event: "meetup", station: ("meetup/" + $s), attendee: $t, verdict: "admit",
      by: "camera", operator: $t, count: 1, boot: "b", mono_ms: 1, wall: $w, wall_ok: true, note: $t}')" >"k$kiosks.jsonl"
}
for text in '=1+1' '+1+1' '-1+1' '@SUM(A1)' $'\t=1' $'\r=1' '<script>alert(1)</script>' '"><img src=x onerror=alert(1)>' 'a,b"c;d' $'two\nlines' \
  $'\x01\x1b[31m\x7f' $'\uFFFE\uFFFF' "$(repeat x 5000)" "$(repeat é 64)" "x$(repeat é 64)" "$(repeat 😀 40)" "x$(repeat 😀 40)" "xx$(repeat 汉 40)" $'\u202e反'; do
  hostile "$text"
done
for wall in 0000-00-00T00:00:00.000Z 2023-13-45T99:99:99.999Z 9999-12-31T23:59:59.999Z 1969-12-31T23:59:59.999Z 2023-10-28; do hostile 1 "$wall" door; done

yingbin log merge k*.jsonl --roster meetup -o merged >merged.json 2>merge.log || fail "no merge: $(cat merge.log)"
[ "$(field records <merged.json)" = $kiosks ] || fail "$(cat merged.json)"

say "texts are whole characters, the workbook and the report can be opened"
for file in merged/*.csv merged/*.jsonl merged/report.html merged/rosters/*; do
  iconv -f UTF-8 -t UTF-8 "$file" >as-read || fail "$file isn't UTF-8"
done
mkdir book && unzip -qo merged/attendance.xlsx -d book
while read -r part; do xmllint --noout "$part" || fail "$part is no XML"; done < <(find book -name '*.xml')
if grep -rl '<f>' book; then fail "a formula is in the workbook"; fi

say "and show them as text: no tags, no formulas"
grep -q '&lt;script&gt;' merged/report.html || fail "the report doesn't have the station"
if grep -iE '<(script|img)' merged/report.html; then fail "HTML got into the report"; fi
for file in merged/*.csv merged/rosters/*.csv; do
  if grep -nE '(^|,)"?(=|@|[+-]1[+]1|'$'\t'')' "$file"; then fail "a formula is in $file"; fi
done
for formula in '=1+1' '+1+1' '-1+1' '@SUM(A1)'; do grep -qF "\"'$formula\"" merged/attendance.csv || fail "$formula isn't there as text"; done
say "ok"
