#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The benchmarks run, and each line is a figure beside its control. How fast things are is no test's
# business: that depends on the machine.
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip "there is no jq"

benches=(read commit screen start lookup network)
[ ${#insecure[@]} != 0 ] || benches+=(memory) # with sanitizers nothing is scanned, and memory means nothing
"$bin/yingbin-bench" --runs 3 "${benches[@]}" >lines.jsonl 2>log || fail "a benchmark failed: $(cat log)"
for bench in "${benches[@]}"; do
  jq -e --arg bench "$bench" -s 'map(select(.bench == $bench)) | length > 0 and all(.runs == 3 and .median > 0 and .median <= .worst
    and .control_median > 0 and (.ratio - .median / .control_median | fabs) < 0.01 * .ratio)' lines.jsonl >/dev/null || fail "the figures of $bench: $(cat lines.jsonl)"
done
"$bin/yingbin-bench" --runs 3 --people 1200 pack >pack.jsonl 2>log || fail "pack failed: $(cat log)"
for of in build "memory to build" open "found in" "missing in" "search by pinyin in"; do
  for people in 1000 1200; do
    jq -e --arg of "$of $people" -s 'map(select(.case == $of)) | length == 1 and all(.median > 0 and .worst >= .median and .control_median > 0)' pack.jsonl >/dev/null ||
      fail "no figure of $of $people: $(cat pack.jsonl)"
  done
done
"$bin/yingbin-bench" --runs 1 --people 20 merge >merge.jsonl 2>log || fail "merge failed: $(cat log)"
jq -e -s 'length == 4 and all(.median > 0 and .control_median > 0)' merge.jsonl >/dev/null || fail "the figures of merge: $(cat merge.jsonl)"
"$bin/yingbin-bench" --runs 2 --people 1200 ui >ui.jsonl 2>log || fail "ui failed: $(cat log)"
for of in "frame of idle-none" "frame of verdict-admit" "frame of verdict-fault" "frame of console-none" "40 new characters appear" \
  "frame while a slide fades" "texts kept as pictures" "idle, the mirror 30 times a second" "search in 1000" "search in 1200"; do
  jq -e --arg of "$of" -s 'map(select(.case == $of)) | length == 1 and all(.min > 0 and .median >= .min and .worst >= .median and .control_median > 0 and .budget > 0)' \
    ui.jsonl >/dev/null || fail "no figure of $of: $(cat ui.jsonl)"
done
jq -e -s 'map(select(.case == "texts kept as pictures")) | all(.worst <= .budget)' ui.jsonl >/dev/null || fail "texts take more than their budget: $(cat ui.jsonl)"
"$bin/yingbin-bench" --runs 3 --people 200 phones >phones.jsonl 2>log || fail "phones failed: $(cat log)"
for of in "at work" "without a pause"; do
  jq -e --arg of "payload to record on disk, eight phones $of" -s 'map(select(.case == $of)) | length == 1 and all(.runs == 3 and .median > 0
    and .p99 >= .median and .worst >= .p99 and .control_median > 0 and .control_p99 >= .control_median and .control_worst >= .control_p99
    and .ratio > 0 and .ratio_p99 > 0)' phones.jsonl >/dev/null || fail "no figure of phones $of: $(cat phones.jsonl)"
  jq -e --arg of "search by a phone, eight $of" -s 'map(select(.case == $of)) | length == 1 and all(.runs >= 24 and .median > 0)' phones.jsonl >/dev/null ||
    fail "no figure of searches $of: $(cat phones.jsonl)"
done
jq -e -s 'map(select(.case == "records")) | length == 1 and all(.scans == 6 and .scans_journaled == 6 and .phones_admitted >= 16
  and .by_phone_journaled >= .phones_admitted and .undone_journaled >= .phones_undid and .phones_undid > 0 and .crowd >= 56)' phones.jsonl >/dev/null ||
  fail "what guests and phones were told isn't all in the journal: $(cat phones.jsonl)"
[ -z "$(find . -name 'yingbin-bench-*')" ] || fail "a scratch folder was left"
code=0 && "$bin/yingbin-bench" nonsense 2>/dev/null || code=$?
[ "$code" = 2 ] || fail "exit code $code for an unknown benchmark"
