#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The kiosk is killed at random moments while it scans, and started again: every line that it printed is
# in the journal, none twice, the chain verifies, and who was in stays in.
#   test_kills.sh BIN_DIR SOURCE_DIR SCRATCH_DIR [KILLS [SEED]]      also YINGBIN_KILLS, YINGBIN_SEED
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
kills=${4:-${YINGBIN_KILLS:-25}} seed=${5:-${YINGBIN_SEED:-$$}}
people=40
RANDOM=$seed
say "$kills kills, seed $seed"

make_event meetup "$people"
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/

milliseconds() { date +%s%3N; }

# How long this machine takes to the first verdict: kills fall before it and, more often, after it.
mkfifo first
exec_kiosk files:shown --set data=warm >first 2>warm.log &
kiosk=$!
began=$(milliseconds)
read -r _ <first || fail "no verdict at all: $(cat warm.log)"
warm=$(($(milliseconds) - began))
kill -KILL "$kiosk"
wait "$kiosk" 2>/dev/null || true
say "the first verdict takes $warm ms"

# Printed lines are whole ones: the last one may be cut by the kill.
whole_lines() { awk '{if (NR > 1) print last; last = $0} END {if (last ~ /}$/) print last}' "$1"; }

# The journal's scans as the lines have them: seq, attendee, verdict.
in_journal() {
  verify_journal data
  grep '"kind":"scan"' export.jsonl | sed -E 's/.*"seq":([0-9]+).*"attendee":"([^"]*)".*"verdict":"([^"]*)".*/\1 \2 \3/' >journal.txt
}

check() {
  in_journal
  sed -E 's/.*"verdict":"([^"]*)".*"attendee":"([^"]*)".*"seq":([0-9]+).*/\3 \2 \1/' lines.jsonl | sort >printed.txt
  [ -z "$(uniq -d printed.txt)" ] || fail "printed twice: $(uniq -d printed.txt)"
  missing=$(comm -23 printed.txt <(sort journal.txt))
  [ -z "$missing" ] || fail "printed, but not in the journal: $missing"
  [ -z "$(field seq <export.jsonl | sort | uniq -d)" ] || fail "a number twice in the journal"
  doubled=$(awk '$3 == "admit" {print $2}' journal.txt | sort | uniq -d)
  [ -z "$doubled" ] || fail "admitted twice: $doubled"
}

# What the kernel ends with its parent ends a moment later.
no_decoder_left() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    [ "$(readlink "$exe")" = "$bin/yingbin-decoder" ] || continue
    if grep -qE '^PPid:\s*1$' "${exe%exe}status"; then return 1; fi
  done
}

under=()
: >lines.jsonl
for ((n = 1; n <= kills; n++)); do
  # one in four falls into the start, the others while it scans
  if ((RANDOM % 4 == 0)); then after=$((RANDOM % warm + 1)); else after=$((warm * 3 / 4 + RANDOM % 900)); fi
  : >run.jsonl
  code=0
  # without `once` the tickets come again and again, each more than three seconds after the last time
  under=(timeout -s KILL "$((after / 1000)).$(printf %03d $((after % 1000)))")
  kiosk_on files:shown --set camera_fps=10 >run.jsonl 2>run.log || code=$?
  [ "$code" = 137 ] || fail "run $n ended with $code: $(cat run.log)"
  whole_lines run.jsonl >>lines.jsonl
  if ((n % 50 == 0)); then
    check
    say "$n kills, $(wc -l <lines.jsonl) verdicts printed"
  fi
done
under=()
wait_for "the end of decoders whose kiosk is gone" no_decoder_left

say "the last start: everyone is known"
kiosk_on "files:shown once" >last.jsonl 2>last.log || fail "the kiosk failed after all: $(cat last.log)"
cat last.jsonl >>lines.jsonl
check
[ "$(awk '$3 == "admit"' journal.txt | wc -l)" = "$people" ] || fail "not everyone is in exactly once"
[ "$(grep -c . last.jsonl)" = "$people" ] || fail "not everyone was seen at the end"
say "$(wc -l <lines.jsonl) verdicts printed, $(wc -l <journal.txt) in the journal, all well"
