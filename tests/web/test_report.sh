#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# report.html of an event with many kiosks, printed by Chromium: A4, nothing beyond the paper, no row of a table in two pieces, its
# headings on each page again, and each event on a page of its own.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/../kiosk/lib.sh"
for tool in chromium pdftotext pdfinfo; do command -v $tool >/dev/null || fail "$tool is missing: run tools/deps test"; done

kiosks=80
for ((i = 1; i <= kiosks; i++)); do
  mkdir "k$i"
  event=conf$((i % 40 == 0)) # two of them at another event
  printf -v line '{"seq":1,"id":"%032d","kind":"scan","kiosk":"door-%d","event":"%s","station":"%s/door-%d","attendee":"%d","verdict":"admit","by":"camera","count":1,"boot":"b","mono_ms":5,"wall":"2023-10-28T0%d:%02d:00.000Z","wall_ok":true}' \
    $i $i $event $event $((i % 12)) $i $((i % 9)) $((i % 60))
  "$bin/make_export" "k$i" "door-$i" "$line" >"$i.jsonl" || fail "no export $i"
done
yingbin log merge ./*.jsonl -o merged >/dev/null 2>merge.log || fail "no merge: $(cat merge.log)"
chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf=report.pdf merged/report.html >chromium.log 2>&1 || fail "not printed: $(cat chromium.log)"

pages=$(pdfinfo report.pdf | sed -nE 's/^Pages: *([0-9]+)$/\1/p')
[ "$pages" -ge 3 ] || fail "$pages pages for two events and $kiosks kiosks"
grep -q 'Page size:.*A4' <(pdfinfo report.pdf) || fail "not A4: $(pdfinfo report.pdf)"
pdftotext -bbox report.pdf words.html
sed -nE 's/.*<page width="([0-9.]+)" height="([0-9.]+)".*/page \1 \2/p; s/.*<word xMin="([0-9.-]+)" yMin="([0-9.-]+)" xMax="([0-9.-]+)" yMax="([0-9.-]+)">(.*)<\/word>/word \1 \2 \3 \4 \5/p' words.html >words
awk '$1 == "page" { w = $2; h = $3; n++ } $1 == "word" { words++; if ($2 < 20 || $3 < 20 || $4 > w - 20 || $5 > h - 20) { print n, $0; bad++ } } END { exit bad || words < 500 }' words >beyond ||
  fail "beyond the paper's margins, or nothing at all: $(head beyond) of $(wc -l <words) words"

rows=0 headed=0 began=''
for ((page = 1; page <= pages; page++)); do
  pdftotext -f $page -l $page -layout report.pdf page.txt
  [ -n "$(tr -d '[:space:]' <page.txt)" ] || fail "page $page is empty"
  here=$(grep -cE '^ *door-[0-9]+ [0-9a-f]{8} .* 2023-10-28 [0-9:]{5} – [0-9:]{5} .*±2\.0' page.txt || true)
  rows=$((rows + here))
  if [ "$here" -gt 0 ]; then
    grep -q '首末记录' page.txt || fail "page $page has $here kiosks and no headings"
    headed=$((headed + 1))
  fi
  if grep -q Attendance page.txt; then began+="$page "; fi
done
[ $rows = $kiosks ] || fail "$rows of $kiosks kiosks in one piece"
[ $headed -ge 2 ] || fail "all kiosks on one page: this shows nothing"
[ "$(wc -w <<<"$began")" = 2 ] || fail "two events begin on pages '$began'"
