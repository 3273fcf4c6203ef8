#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# yingbin log: out of a data folder, while it is in use, after a kill and from a card that can't be
# written; and what is wrong with a file is named.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

refused() { # CODE CHINESE ENGLISH ARGUMENT...
  local want=$1 zh=$2 en=$3 code=0
  shift 3
  yingbin log "$@" >out.jsonl 2>out.log || code=$?
  [ "$code" = "$want" ] || fail "log $*: exit code $code, not $want: $(cat out.log)"
  expect_problem out.log "$zh" "$en"
}

say "wrong usage"
yingbin log --help >help.txt || fail "--help fails"
grep -q 'yingbin log export' help.txt || fail "no help"
refused 2 '后面应当是：export' 'expected behind it: export'
refused 2 '没有「expart」' 'there is no "expart"' expart
refused 2 '缺少 --data DIR' '--data DIR is missing' export -o x.jsonl
refused 2 '缺少 -o FILE' '-o FILE is missing' export --data data
refused 2 '--data 后面缺少值' 'value is missing behind --data' export --data
refused 2 '没有这个选项：--frm' 'no option --frm' export --frm 3
refused 2 '--from 应当是 1 起' 'whole number from 1 on' export --data data -o x.jsonl --from 0
refused 2 '缺少 FILE' 'FILE is missing' verify
refused 1 'kiosk.key|不存在' 'kiosk.key|does not exist' export --data nowhere -o x.jsonl
[ ! -s out.jsonl ] || fail "output for what failed"
[ ! -e x.jsonl ] || fail "a file for what failed"

say "an evening"
make_event meetup 5
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
kiosk_on "files:shown once" >lines.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
yingbin log export --data data -o all.jsonl >exported.jsonl || fail "no export"
records=$(field records <exported.jsonl)
[ "$records" -ge 6 ] || fail "only $records records"
[ "$(wc -l <all.jsonl)" = $((records + 2)) ] || fail "not a line a record, and a header and an end"
[ "$(field kiosk <exported.jsonl)" = "$(head -n 1 all.jsonl | field kiosk)" ] || fail "another kiosk's name"
[ "$(stat -c %a all.jsonl)" = 600 ] || fail "the export is open to others"

say "a part, and both together"
yingbin log export --data data -o part.jsonl --from 4 >exported.jsonl
[ "$(field from_seq <exported.jsonl)" = 4 ] || fail "not from 4"
yingbin log verify all.jsonl part.jsonl >verified.jsonl || fail "they don't verify"
[ "$(field ok <verified.jsonl | sort | uniq -c | awk '{print $2 "=" $1}')" = true=2 ] || fail "not two good ones: $(cat verified.jsonl)"
refused 1 没有第 'no record 99' export --data data -o part.jsonl --from 99
yingbin log verify part.jsonl >/dev/null || fail "what failed broke the file that was there"
if grep -q . <(find . -name '*.part-*'); then fail "half a file is left"; fi

say "what is wrong is named"
sed '4s/"mono_ms":/"mono_ms":1/' all.jsonl >changed.jsonl
refused 1 'changed.jsonl:4 .*改动' 'changed.jsonl:4 .*changed' verify changed.jsonl
[ "$(field line <out.jsonl)/$(field seq <out.jsonl)" = 4/3 ] || fail "not line 4, record 3: $(cat out.jsonl)"
sed 5d all.jsonl >gap.jsonl
refused 1 'gap.jsonl:5 .*顺序' 'gap.jsonl:5 .*order' verify gap.jsonl
head -n -1 all.jsonl >no_end.jsonl
refused 1 没有结束行 'no end line' verify no_end.jsonl
head -c 700 all.jsonl >cut.jsonl
refused 1 断了 'cut off' verify cut.jsonl
{ cat all.jsonl && echo more; } >two.jsonl
refused 1 结束行后面 'behind the end line' verify two.jsonl
: >empty.jsonl
refused 1 空的 'empty' verify empty.jsonl
refused 1 'missing.jsonl' 'missing.jsonl' verify missing.jsonl all.jsonl
[ "$(wc -l <out.jsonl)" = 2 ] || fail "not a line a file: $(cat out.jsonl)"

say "while the kiosk runs, and after a kill"
mkfifo lines
exec_kiosk "files:shown" --set data=killed --set pace=real --set camera_fps=30 >lines 2>killed.log &
kiosk=$!
exec 3<lines
read -r line <&3 || fail "no line: $(cat killed.log)"
verify_journal killed running.jsonl
[ "$(field to_seq <verified.jsonl)" -ge "$(field seq <<<"$line")" ] || fail "a verdict was told and is not in the export"
kill -KILL "$kiosk"
wait "$kiosk" 2>/dev/null || true
exec 3<&-
[ -s killed/journal.db-wal ] || fail "the kill left nothing unmerged"
verify_journal killed after.jsonl
[ "$(field to_seq <verified.jsonl)" -ge "$(field seq <<<"$line")" ] || fail "a verdict was told and is lost"

say "another key"
mkdir other && cp data/kiosk.key killed/journal.db killed/journal.db-wal other/
refused 1 '不是一对' 'no pair' export --data other -o x.jsonl

say "from a card that can't be written"
mine=$(realpath "$bin/yingbin")
cat >read_only.sh <<'SH'
set -e
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77
exec "$2" log export --data "$1" -o "$3"
SH
code=0
unshare -m bash read_only.sh data "$mine" from_card.jsonl >/dev/null 2>card.log || code=$?
case $code in
  0) cmp all.jsonl from_card.jsonl || fail "not the same export" ;;
  1) if grep -qE 'unshare|mount' card.log; then say "a part skipped: no mounts of one's own here"; else fail "$(cat card.log)"; fi ;;
  *) say "a part skipped: no mounts of one's own here" ;;
esac
