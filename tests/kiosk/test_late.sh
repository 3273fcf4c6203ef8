#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# People who sign up after the pack was made: their signed tickets at a kiosk that has the old pack. And
# tickets that are void, too old, forged, or of another event.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 3
yingbin key new desk --for tickets 2>key.log
yingbin key new thief --for tickets 2>key.log
sed -i 's/^name = meetup$/&\nticket_keys = ..\/desk.pub\nrevoked = revoked.csv/' meetup/pack.ini
cat >>meetup/pack.ini <<-INI
	[type guest]
	label.zh-Hans = 嘉宾
	[type visitor]
	label.zh-Hans = 观众
	[station meetup/vip]
	kind = session
	admits = guest
INI
: >meetup/revoked.csv
sign() { # OUT [ARGUMENT...]: signed tickets of the folder as it is
  yingbin tickets meetup -o "$@" --signed --key desk.key >made.jsonl 2>made.log
}
if sign early; then fail "signed tickets before there is a pack"; fi
expect_problem made.log '还没有制作过活动包' 'no pack was built yet'
build_pack meetup
if sign early; then fail "signed tickets though nobody is new"; fi
expect_problem made.log '没有新加的人' 'nobody was added'

# late DIR OUT ROW...: signed tickets of people who were added with such rows
printf 'number,name,type\n1,参会者1,观众\n2,参会者2,观众\n3,参会者3,观众\n4,晚到的𠅤,嘉宾\n5,参会者五,观众\n' >meetup/people.csv
sign late || fail "no signed tickets: $(cat made.log)"
grep -qx '{"tickets":2,"as":"png"}' made.jsonl || fail "two were expected: $(cat made.jsonl)"
[ "$(cut -d, -f2 late/tickets.csv | tail -n +2 | tr -d '\r' | paste -sd,)" = "晚到的𠅤,参会者五" ] || fail "$(cat late/tickets.csv)"
cp -r late same
if ! sign same || ! diff -r late same; then fail "the same tickets came out another time differently"; fi
code_of() { grep "^$1," late/tickets.csv | cut -d, -f5; }
[[ "$(code_of 4)" = YB1:* ]] || fail "$(cat late/tickets.csv)"
if yingbin tickets meetup -o x --signed --key thief.key >made.jsonl 2>made.log; then fail "signed with a key that no kiosk knows"; fi
expect_problem made.log 'ticket_keys' 'ticket_keys'
if yingbin pack build meetup -o x.ybp --key desk.key >made.jsonl 2>made.log; then fail "a pack signed with the key of tickets"; fi
expect_problem made.log '不能同时是' "can't be the key of signed tickets"

say "who has a signed ticket gets no second one with the next batch, and batch by batch the same again"
yingbin tickets meetup -o next --only-new >made.jsonl 2>made.log || fail "$(cat made.log)"
[ "$(tail -n +2 next/tickets.csv | cut -d, -f1 | paste -sd,)" = 1,2,3 ] || fail "$(cat next/tickets.csv)"
grep -q '^4,[0-9a-f]*,1,signed$' meetup/sent.csv || fail "$(cat meetup/sent.csv)"
grep -q '^3,[0-9a-f]*,2,roster$' meetup/sent.csv || fail "$(cat meetup/sent.csv)"
if yingbin tickets meetup -o x --batch 1 >made.jsonl 2>made.log; then fail "roster codes for who was sent signed tickets"; fi
expect_problem made.log '第 1 批是签名票' 'batch 1 is of signed tickets'
if sign x --batch 2; then fail "signed tickets for who was sent roster codes"; fi
expect_problem made.log '第 2 批不是签名票' 'batch 2 is not of signed'
sign first --batch 1 || fail "$(cat made.log)"
diff -r late first || fail "batch 1 came out another time differently"
yingbin tickets meetup -o all >made.jsonl 2>made.log || fail "$(cat made.log)"
[ "$(tail -n +2 all/tickets.csv | cut -d, -f1 | paste -sd,)" = 1,2,3 ] || fail "a second code for who has a signed ticket: $(cat all/tickets.csv)"
[ ! -e all/4.png ] || fail "a second picture for who has a signed ticket"
expect_problem made.log '另有 2 人已有签名票' '2 people hold a signed ticket'
yingbin tickets meetup -o asked --number 4 >made.jsonl 2>made.log || fail "$(cat made.log)"
grep -qE '^4,晚到的𠅤,,,[0-9A-Z]{16},4.png' asked/tickets.csv || fail "no roster code where one was asked for: $(cat asked/tickets.csv)"
cut -d, -f1-3 meetup/sent.csv >old.csv && cp meetup/sent.csv kept.csv && cp old.csv meetup/sent.csv # as it was written without kinds
yingbin tickets meetup -o x --only-new >made.jsonl 2>made.log || fail "$(cat made.log)"
grep -q '"tickets":0' made.jsonl || fail "a sent.csv without kinds isn't known: $(cat made.jsonl)"
cp kept.csv meetup/sent.csv

say "admitted once, with the pack from before"
verdicts() { field verdict <"$1" | paste -sd,; }
show() { # LOG PICTURE... [-- ARGUMENT...]: one after the other
  local log=$1 n=0
  shift
  rm -rf shown && mkdir shown
  while [ $# -gt 0 ] && [ "$1" != -- ]; do cp "$1" "shown/$((n++)).png" || fail "there is no $1"; shift; done
  [ $# = 0 ] || shift
  kiosk_on "files:shown once" --set station=meetup/door "$@" >"$log" 2>"$log.err" || fail "the kiosk failed: $(cat "$log.err")"
}
show first.jsonl late/4.png late/5.png
[ "$(verdicts first.jsonl)" = admit,admit ] || fail "$(cat first.jsonl)"
[ "$(field name <first.jsonl | paste -sd,)" = "晚到的𠅤,参会者五" ] || fail "$(cat first.jsonl)"
[ "$(field attendee <first.jsonl | paste -sd,)" = 4,5 ] || fail "$(cat first.jsonl)"
show again.jsonl late/4.png
[ "$(verdicts again.jsonl)" = again ] || fail "$(cat again.jsonl)"
show vip.jsonl late/4.png late/5.png -- --set station=meetup/vip
[ "$(verdicts vip.jsonl)" = admit,wrong_type ] || fail "types: $(cat vip.jsonl)"

say "a forged one, and one of another event"
cp meetup/pack.ini kept.ini
sed -i 's/desk.pub/thief.pub/' meetup/pack.ini
yingbin tickets meetup -o forged --signed --key thief.key --number 5 >made.jsonl 2>made.log || fail "$(cat made.log)"
sed 's/event meetup/event party/; s/event = meetup/event = party/; s/meetup\/door/party\/door/; s/meetup\/vip/party\/vip/' kept.ini >meetup/pack.ini
yingbin tickets meetup -o party --signed --key desk.key --number 9 >made.jsonl 2>made.log || true
number=$(sed -n 's/^person,\([0-9]*\),[^,]*,party,.*参会者五.*/\1/p' meetup/codes.csv)
yingbin tickets meetup -o party --signed --key desk.key --number "$number" >made.jsonl 2>made.log || fail "$(cat made.log)"
cp kept.ini meetup/pack.ini
show other.jsonl forged/5.png "party/$number.png"
[ "$(verdicts other.jsonl)" = forged,elsewhere ] || fail "$(cat other.jsonl)"

say "too old"
yingbin tickets meetup -o old --signed --key desk.key --number 5 --not-after "2023-10-28 11:00" >made.jsonl 2>made.log || fail "$(cat made.log)"
show old.jsonl old/5.png -- --set data=other
[ "$(verdicts old.jsonl)" = expired ] || fail "$(cat old.jsonl)"
yingbin tickets meetup -o today --signed --key desk.key --number 5 --not-after 2023-10-28 >made.jsonl 2>made.log || fail "$(cat made.log)"
show today.jsonl today/5.png -- --set data=other
[ "$(verdicts today.jsonl)" = admit ] || fail "$(cat today.jsonl)"

say "the next pack: void ones are refused, the others stay, also where types stand in another order"
{ code_of 4 && echo 'number 5' && echo '# a remark' && echo 'number 99'; } >meetup/revoked.csv
sed -i -e '/^\[type guest\]/,+1d' meetup/pack.ini && printf '[type guest]\nlabel.zh-Hans = 嘉宾\n' >>meetup/pack.ini
sign late2 --number 4 --number 2 --not-after 2023-10-30 || fail "$(cat made.log)"
build_pack meetup
expect_problem meetup.log 'revoked.csv 第 4 行.*没有这样的票' 'revoked.csv, line 4.*no such ticket'
[ "$(grep -c 'no such ticket' meetup.log)" = 1 ] || fail "$(cat meetup.log)"
yingbin tickets meetup -o roster --number 4 --number 5 >made.jsonl 2>made.log
show void.jsonl late/4.png late/5.png today/5.png late2/4.png roster/5.png roster/4.png -- --set data=third
[ "$(verdicts void.jsonl)" = revoked,revoked,revoked,admit,revoked,again ] || fail "$(cat void.jsonl)"
show types.jsonl late2/4.png late2/2.png -- --set station=meetup/vip --set data=third
[ "$(verdicts types.jsonl)" = admit,wrong_type ] || fail "types in another order: $(cat types.jsonl)"

say "a name longer than a ticket holds, a party, and one who hasn't paid"
long=$(printf '长%.0s' {1..90})
sed -i 's/^event = meetup$/&\nstatus.ok = 已付款\nstatus.no = 未付款/' meetup/pack.ini
printf 'number,name,type,status,party\n1,参会者1,观众,已付款,1\n6,%s,观众,已付款,1\n7,一家三口,观众,已付款,3\n8,没付款,观众,未付款,1\n' "$long" >meetup/people.csv
sign late3 || fail "$(cat made.log)"
[ "$(cut -d, -f1 late3/tickets.csv | tail -n +2 | wc -l)" = 2 ] || fail "$(cat late3/tickets.csv)"
expect_problem made.log '没付款.*未确认' '没付款.*is not confirmed'
expect_problem made.log '一家三口.*3 人' '一家三口.*party of 3'
sign page --as html || fail "$(cat made.log)"
grep -qF '<p class="party">同行 3 人：此码签到 1 人' page/*.html || fail "a signed ticket of a party doesn't say that it admits one"
show long.jsonl late3/*.png -- --set data=third
[ "$(verdicts long.jsonl)" = admit,admit ] || fail "$(cat long.jsonl)"
grep -qx '长\{84\}…' <(field name <long.jsonl) || fail "$(cat long.jsonl)"
verify_journal data
verify_journal third
