#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The demo's own check is that the kiosk says what the script says; here: what it leaves, that a queue
# can be run again, and that it leaves other people's files alone.
. "$(dirname "$0")/lib.sh"

yingbin demo --out out --headless "${insecure[@]}" >demo.jsonl 2>demo.log || fail "the demo failed: $(tail -n 40 demo.log)"
last=$(tail -n 1 demo.jsonl)
[[ $last == '{"demo":"ok","admitted":'*"\"out\":\"$PWD/out\"}" ]] || fail "the last line: $last"

say "what it leaves"
total=0
for event in kcc-changsha kcc-guangzhou kcc-chengdu coscon-2023; do
  for file in kiosk.conf queue.y4m pack.ybp pack.ybp.minisig $event.jsonl; do
    [ -s "out/$event/$file" ] || fail "out/$event/$file is missing"
  done
  yingbin log verify "out/$event/$event.jsonl" >/dev/null || fail "the journal of $event doesn't verify"
  yingbin pack verify "out/$event/pack.ybp" --pub out/demo.pub >/dev/null 2>&1 || fail "the pack of $event doesn't verify"
  for file in report.html attendance.csv attendance.xlsx merged.jsonl; do
    [ -s "out/$event/merged/$file" ] || fail "out/$event/merged/$file is missing"
  done
  scans=$(grep -c '"kind":"scan"' "out/$event/$event.jsonl")
  if [ $event = coscon-2023 ]; then scans=$((scans - 1)); fi # the setup card, in a run without pictures
  shots=$(find "out/$event" -maxdepth 1 -name '[0-9][0-9][0-9]-*.png' ! -name '*idle*' | wc -l)
  [ "$shots" = "$scans" ] || fail "$event: $scans scans, but $shots screenshots"
  admitted=$(cat "out/$event/$event"*.jsonl | grep '"kind":"scan"' | grep -c '"verdict":"admit"')
  [ "$admitted" -gt 0 ] || fail "$event: nobody was admitted"
  total=$((total + admitted))
done
[ "$(field admitted <<<"$last")" = "$total" ] || fail "$total are in the journals; told: $last"
[ "$(grep -c . out/coscon-2023/codes.csv)" -gt 3000 ] || fail "the conference's roster isn't filled up"
if grep -rqF 283456789012345678 out/*/*.jsonl out/*/data out/*/kiosk.log; then fail "a payment code was kept"; fi

say "two doors and a hub: who tried both, and the clock that was wrong"
(
  cd out/coscon-2023
  yingbin log verify coscon-2023-2.jsonl >/dev/null || fail "the second door's journal doesn't verify"
  tail -n +2 merged/conflicts.csv | cut -d, -f3 >found
  echo 'محمد العربي' >expected
  expect_same "who was let in twice" expected found
  grep -q '"attendee":"7"' <(grep '"wall_ok":false' coscon-2023-2.jsonl) || fail "the second door's clock wasn't wrong"
  # from 08:40 on, as much later as this machine took to start hub and kiosk
  grep -q '^7,龙龘,.* 08:4[0-9]:[0-5][0-9],.*,coscon-2023-2,' merged/attendance.csv || fail "its time wasn't put right: $(grep 龙龘 merged/attendance.csv)"
  for kiosk in coscon-2023-1 coscon-2023-2; do
    file=coscon-2023.jsonl
    [ $kiosk = coscon-2023-1 ] || file=coscon-2023-2.jsonl
    grep -c '"seq":' $file >expected
    sql hub.db "SELECT count(*) FROM record WHERE kiosk = '$kiosk'" >found
    expect_same "the hub's records of $kiosk" expected found
  done
)

say "a queue again: a journal of its own says the same"
again() { (cd / && "$bin/yingbin-kiosk" "${insecure[@]}" --set assets="$src/assets" --config "$OLDPWD/out/kcc-guangzhou/kiosk.conf"); }
again >first.jsonl 2>again.log || fail "the queue doesn't run again: $(cat again.log)"
grep '"kind":"scan"' out/kcc-guangzhou/kcc-guangzhou.jsonl | field verdict >expected
field verdict <first.jsonl >found
expect_same "the verdicts of the same queue" expected found
again >second.jsonl 2>>again.log || fail "not a third time: $(cat again.log)"
if grep -q '"verdict":"admit"' second.jsonl; then fail "the kiosk has forgotten who is in"; fi

say "a kiosk that says something else"
mkdir other && cp "$bin/yingbin" other/ && ln -s "$src/assets" other/assets && ln -s "$bin/yingbin-decoder" "$bin/yingbin-hub" other/
cat >other/yingbin-kiosk <<SH
#!/bin/sh
"$bin/yingbin-kiosk" "\$@" --set assets="$src/assets" | sed '2s/admit/early/'
SH
chmod +x other/yingbin-kiosk
if other/yingbin demo --out wrong --headless "${insecure[@]}" >wrong.jsonl 2>wrong.log; then fail "a wrong verdict went unnoticed"; fi
expect_problem wrong.log 'kcc-changsha.*有 2 处不同' 'kcc-changsha.*differs from the script in 2 places'
grep -q '✗ 剧本里没有 / not in the script' wrong.log || fail "the verdict too many isn't named"
grep -q '✗ .*欢迎.*签到机没有这样说 / the kiosk did not say so' wrong.log || fail "the missing one isn't named: $(cat wrong.log)"
grep -q '"demo":"ok"' wrong.jsonl && fail "a failed demo says ok"

say "a kiosk that fails"
printf '#!/bin/sh\necho it broke >&2; exit 3\n' >other/yingbin-kiosk
if other/yingbin demo --out wrong --headless >/dev/null 2>wrong.log; then fail "a kiosk that failed went unnoticed"; fi
expect_problem wrong.log '退出码 3' 'exit code 3'
grep -qx 'it broke' wrong.log || fail "the kiosk's own words aren't shown"
rm -rf wrong

say "a second demo in the same folder, and none in a strange one"
mkdir strange && echo mine >strange/file
if yingbin demo --out strange --headless >/dev/null 2>err; then fail "a demo among strange files"; fi
expect_problem err 别的文件 'other files'
[ "$(ls -A strange)" = file ] || fail "the strange folder was touched"
code=0 && yingbin demo --nonsense 2>/dev/null || code=$?
[ "$code" = 2 ] || fail "exit code $code for a wrong argument"
rm -rf out
