#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A disk that is full or read-only, at the start and while people come: said in both languages, no
# welcome without its record, nothing lost. Needs small file systems of its own.
if [ -z "${YINGBIN_OWN_MOUNTS:-}" ]; then
  if YINGBIN_OWN_MOUNTS=yes unshare -m true 2>/dev/null; then YINGBIN_OWN_MOUNTS=yes exec unshare -m "$0" "$@"; fi
  if unshare -rm true 2>/dev/null; then YINGBIN_OWN_MOUNTS=yes exec unshare -rm "$0" "$@"; fi
  echo "test_bad_disk: skipped: no mounts of one's own on this machine" >&2
  exit 77
fi
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
mkdir -p disk
mount -t tmpfs -o size=64k none disk 2>/dev/null || skip "no tmpfs can be mounted here"

make_event meetup 60
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
on_disk() { kiosk_on "files:shown once" --set data=disk/data "$@"; }

say "full at the start"
dd if=/dev/zero of=disk/filler bs=1k count=64 status=none 2>/dev/null || true
code=0
on_disk >out.jsonl 2>out.log || code=$?
[ "$code" = 1 ] || fail "exit code $code: $(cat out.log)"
expect_problem out.log '磁盘已满|空间' 'full|space'
[ ! -s out.jsonl ] || fail "a verdict all the same"
if grep -q . <(find disk -name '*.part-*'); then fail "half a file is left"; fi

say "full while people come"
rm disk/filler
mount -o remount,size=8m disk
on_disk --set "camera=files:shown once" >out.jsonl 2>out.log || fail "with room it failed: $(cat out.log)"
[ "$(field verdict <out.jsonl | sort -u)" = admit ] || fail "not all admitted: $(field verdict <out.jsonl | sort | uniq -c)"
used=$(du -sk disk | cut -f1)
mount -o "remount,size=$((used + 300))k" disk
on_disk >full.jsonl 2>full.log || fail "the kiosk gave up: $(cat full.log)"
for verdict in again fault; do
  grep -qx "$verdict" <(field verdict <full.jsonl) || fail "no $verdict on a disk that ran full: $(field verdict <full.jsonl | sort | uniq -c)"
done
mount -o remount,size=8m disk
cat out.jsonl full.jsonl | grep -v '"verdict":"fault"' | field seq | sort >printed
verify_journal disk/data
grep '"kind":"scan"' export.jsonl | field seq | sort >in_journal
[ -z "$(comm -23 printed in_journal)" ] || fail "printed and not in the journal: $(comm -23 printed in_journal)"
say "$(field verdict <full.jsonl | sort | uniq -c | tr '\n' ' ')on a disk that ran full"

say "room again: it goes on"
on_disk >again.jsonl 2>again.log || fail "with room again it failed: $(cat again.log)"
[ "$(field verdict <again.jsonl | sort -u)" = again ] || fail "someone was forgotten"
verify_journal disk/data

say "read-only"
before=$(cksum <disk/data/journal.db)
mount -o remount,ro disk
code=0
on_disk >out.jsonl 2>out.log || code=$?
[ "$code" = 1 ] || fail "exit code $code: $(cat out.log)"
expect_problem out.log '只读' 'read-only'
[ ! -s out.jsonl ] || fail "a verdict all the same"
[ "$(cksum <disk/data/journal.db)" = "$before" ] || fail "the journal was changed"
mount -o remount,rw disk
on_disk >again.jsonl 2>again.log || fail "writable again it failed: $(cat again.log)"
