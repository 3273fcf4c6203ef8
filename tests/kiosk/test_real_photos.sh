#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real photos: a roster whose codes are what the photos' codes carry, and a kiosk on the photos. Each one
# admits its attendee. Several photos show the same code, so they come in rounds.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
photos=$src/tests/data/photos

make_event meetup 0
sed -i 's/^times = .*/times = every/; s/^event = meetup$/&\ncolumns.code = code/' meetup/pack.ini

# One attendee a text; the texts have line breaks in them, as a quoted CSV field may.
tail -n +2 "$photos/truth.tsv" | cut -f2 | awk '!seen[$0]++ {print ++n, $0}' >texts
{
  echo number,name,code
  while read -r number hex; do
    printf '%s,照片%s,"' "$number" "$number"
    # shellcheck disable=SC2059,SC2001 # the format is the bytes
    text=$(printf "$(sed 's/../\\x&/g' <<<"$hex")")
    printf %s "${text//\"/\"\"}"
    printf '"\r\n'
  done <texts
} >meetup/people.csv
build_pack meetup

tail -n +2 "$photos/truth.tsv" | awk -F '\t' 'NR == FNR {split($0, t, " "); number[t[2]] = t[1]; next}
  {print ++round[$2], $1, number[$2]}' texts - | sort -n >rounds
[ "$(wc -l <rounds)" = 20 ] || fail "twenty photos were expected"

for round in $(cut -d' ' -f1 rounds | uniq); do
  mkdir "round$round"
  awk -v round="$round" '$1 == round {print $2}' rounds | while read -r file; do cp "$photos/$file" "round$round/"; done
  awk -v round="$round" '$1 == round {print $2, $3}' rounds | sort | cut -d' ' -f2 >expected
  kiosk_on "files:round$round once" >"round$round.jsonl" 2>"round$round.log" || fail "the kiosk failed: $(cat "round$round.log")"
  field attendee <"round$round.jsonl" >admitted
  [ "$(field verdict <"round$round.jsonl" | sort -u)" = admit ] || fail "round $round: not all admitted: $(cat "round$round.jsonl")"
  expect_same "round $round: who was admitted" expected admitted
done
verify_journal data
[ "$(grep -c '"verdict":"admit"' export.jsonl)" = 20 ] || fail "twenty admissions were expected in the log"
if grep -q 'wikipedia\|google' export.jsonl; then fail "a code's text is in the log"; fi
say "twenty photos, twenty greetings"
