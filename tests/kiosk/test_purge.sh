#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Personal data leaves a kiosk by `yingbin log purge`: only against a receipt that covers each record of that kiosk, to the byte.
# What is left verifies, and the kiosk goes on: at its next event, with a hub that has nothing of it yet, what it writes from then
# on comes there, too; and merged with what was taken before, no record is missing and none is doubled.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

merge() { # OUT FILE...
  local out=$1
  shift
  yingbin log merge "$@" --roster meetup -o "$out" >"$out.json" 2>"$out.log" || fail "no merge: $(cat "$out.log")"
}
# refused RECEIPT CHINESE ENGLISH: nothing goes, and it says why.
refused() {
  local code=0
  yingbin log purge --data one --receipt "$1" >purge.json 2>purge.log || code=$?
  [ $code = 1 ] || fail "$1: exit code $code: $(cat purge.log)"
  expect_problem purge.log "$2" "$3"
  yingbin log export --data one -o still.jsonl >/dev/null || fail "the journal can't be exported"
  expect_same "$1: the journal isn't as it was" before.jsonl still.jsonl
}

say "two doors and their hub"
two_doors 6
mkdir first second && cp tickets/[123].png first/ && cp tickets/[456].png second/
mv meetup.ybp* packs/ && cp packs/meetup.ybp* .
start_hub
visit one card-door-1
visit two card-door-2
visit one first
visit two second
end_hub
verify_journal one before.jsonl
verify_journal two other.jsonl
merge merged before.jsonl other.jsonl

say "receipts of another kiosk, of half the journal without its signature, changed ones, none"
merge merged-other other.jsonl
refused merged-other/receipt.jsonl '没有包括 one/journal.db 里从第 1 条' 'covers no record of one/journal.db from number 1 on'
head -n 5 before.jsonl >half.jsonl
merge merged-half half.jsonl
refused merged-half/receipt.jsonl '没有清除任何东西' 'Nothing was purged'
sed 's/"to_seq":[0-9]*/"to_seq":9999/' merged/receipt.jsonl >changed.jsonl
refused changed.jsonl '不是完整的回执' 'no whole receipt'
head -n -1 merged/receipt.jsonl >cut.jsonl
refused cut.jsonl '不是完整的回执' 'no whole receipt'
refused before.jsonl:none '没有这个文件' 'no such file'

say "what is covered goes; what is left verifies"
yingbin log purge --data one --receipt merged/receipt.jsonl >purge.json 2>purge.log || fail "$(cat purge.log)"
[ "$(field purged <purge.json)" = "$(grep -c $'\t' before.jsonl)" ] || fail "$(cat purge.json)"
verify_journal one after.jsonl
if grep -q $'\t' after.jsonl; then fail "a line stayed: $(cat after.jsonl)"; fi

say "its next event: another hub, which has nothing of it"
rm hub.db*
start_hub
visit one second
visit two first
verify_journal one now.jsonl
verify_journal two other-now.jsonl
grep $'\t' now.jsonl >wanted.txt
"$bin/yingbin-hub" --set db=hub.db --export out >/dev/null || fail "the hub's journals can't be exported"
yingbin log verify out/*.jsonl >verified.jsonl || fail "the hub's journals don't verify: $(cat verified.jsonl)"
grep $'\t' out/door-1.jsonl >in_hub.txt
expect_same "what was written since isn't at the hub" wanted.txt in_hub.txt
visit one first # and goes on, behind what the hub knows
end_hub
verify_journal one now.jsonl
grep $'\t' now.jsonl >wanted.txt
"$bin/yingbin-hub" --set db=hub.db --export out >/dev/null || fail "the hub's journals can't be exported"
grep $'\t' out/door-1.jsonl >in_hub.txt
expect_same "what came later isn't at the hub" wanted.txt in_hub.txt

say "merged with what was taken before: all of it, once"
merge whole before.jsonl now.jsonl other-now.jsonl
merge by-hub out/*.jsonl before.jsonl
for file in merged.jsonl attendance.csv conflicts.csv; do cmp "whole/$file" "by-hub/$file" || fail "$file of the hub's exports isn't that of the sticks"; done
[ "$(field records <whole.json)" = "$(cat before.jsonl now.jsonl other-now.jsonl | grep -c $'\t')" ] || fail "$(cat whole.json)"
[ "$(field gaps <whole.json) $(field forks <whole.json) $(field tampered <whole.json)" = "0 0 0" ] || fail "$(cat whole.log)"
merge alone now.jsonl
grep -q '"gaps":1' alone.json || fail "that records are missing isn't told: $(cat alone.json)"
say "ok"
