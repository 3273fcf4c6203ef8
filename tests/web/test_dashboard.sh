#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The hub's dashboard in Chromium: real kiosks' journals, a real hub, and people who look at it (dashboard.mjs). Screenshots
# stay in the story's folder, shots/.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/../kiosk/lib.sh"
# shellcheck source=tests/web/lib.sh
. "$src/tests/web/lib.sh"

say "two communities' event, two kiosks that couldn't see each other"
mkdir meetup
cat >meetup/pack.ini <<-'INI'
	[pack]
	name = meetup
	[event meetup]
	title.zh-Hans = 周六聚会
	title.en = Saturday meetup
	starts = 2023-10-28 09:00
	ends = 2023-10-28 18:00
	tz = Asia/Shanghai
	[host kcc]
	name.zh-Hans = 社区甲
	[host tidb]
	name.zh-Hans = 社区乙
	[type guest]
	label.zh-Hans = 普通票
	label.en = Guest
	match = guest
	[type speaker]
	label.zh-Hans = 讲师
	label.en = Speaker
	match = speaker
	[roster kcc.csv]
	event = meetup
	host = kcc
	[roster tidb.csv]
	event = meetup
	host = tidb
	[event night]
	title.zh-Hans = 晚间聚餐：与来自各地社区的伙伴一起在河边的夜市吃饭聊天，直到最后一班地铁
	title.en = Dinner
	starts = 2023-10-28 19:00
	ends = 2023-10-28 22:00
	tz = Asia/Shanghai
	[roster night.csv]
	event = night
	host = kcc
	[station night/table]
	kind = entry
	times = once
	[station meetup/door]
	label.zh-Hans = 大门
	label.en = Main door of the north hall, beside the tea house and the market
	kind = entry
	times = once
	again = stop
INI
cat >meetup/kcc.csv <<-'CSV'
	name,phone,type
	张伟,13800001111,guest
	李小龙,13800002222,speaker
	<img src=x onerror=document.title='broken'>,13800003333,guest
	"=HYPERLINK(""http://x"")",13800004444,guest
	欧阳晓晴,13800005555,guest
	王芳,13800006666,guest
CSV
cat >meetup/tidb.csv <<-'CSV'
	name,phone,type
	Ada Lovelace,13900001111,speaker
	陈晨,13900002222,guest
	赵敏,13900003333,guest
CSV
{ echo name,phone,type && for n in 01 02 03 04 05 06 07 08 09 {10..30}; do echo "林青$n,137000000$n,guest"; done; } >meetup/night.csv
yingbin key new org 2>key.log
yingbin card setup meetup --hub http://127.0.0.1 --kiosk door-1 -o door-1.png >/dev/null 2>&1
yingbin card setup meetup --hub http://127.0.0.1 --kiosk door-2 -o door-2.png >/dev/null 2>&1
yingbin card setup meetup --hub http://127.0.0.1 --kiosk spare -o spare.png >/dev/null 2>&1
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir at-1 at-2 at-3 at-4
ticket() { # NUMBER FOLDER
  local file
  file=$(awk -F, -v n="$1" '$1 == n { print $NF }' tickets/tickets.csv | tr -d '"\r')
  cp "tickets/$file" "$2/"
}
for n in 1 2 3 4 7; do ticket $n at-1; done
for n in 2 5 8; do ticket $n at-2; done # number 2 tries both doors
ticket 6 at-3
ticket 10 at-4
kiosk_on "files:at-1 once" --set station=meetup/door --set kiosk=door-1 >/dev/null 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
yingbin log export --data data -o one.jsonl >one.json
kiosk_on "files:at-2 once" --set station=meetup/door --set kiosk=door-2 --set data=data-2 --set clock_start=$((noon + 1380000)) >/dev/null 2>kiosk.log
yingbin log export --data data-2 -o two.jsonl >two.json
kiosk_on "files:at-3 once" --set station=meetup/door --set kiosk=door-2 --set data=data-2 --set clock_start=$((noon + 1500000)) >/dev/null 2>kiosk.log
yingbin log export --data data-2 -o three.jsonl --from $(($(field records <two.json) + 1)) >/dev/null
kiosk_on "files:at-4 once" --set kiosk=door-1 --set station=night/table --set clock_start=$((noon + 27000000)) >/dev/null 2>kiosk.log ||
  fail "the kiosk failed: $(cat kiosk.log)"
yingbin log export --data data -o night.jsonl --from $(($(field records <one.json) + 1)) >/dev/null

say "a hub with its roster, accounts, enrolled kiosks"
account() { echo "$2" | "$bin/yingbin-hub" user add "$1" --set db=hub.db "${@:3}" 2>>user.log || fail "no account $1: $(cat user.log)"; }
account ann correct-horse --role organizer
account vol battery-staple --role volunteer
account part battery-staple --role organizer --host tidb
account gone battery-staple --role volunteer
"$bin/yingbin-hub" user remove gone --set db=hub.db
[ "$("$bin/yingbin-hub" user list --set db=hub.db | jq -r '[.user, .role, .host] | join(":")' | xargs)" = "ann:organizer: part:organizer:tidb vol:volunteer:" ] ||
  fail "the accounts are $("$bin/yingbin-hub" user list --set db=hub.db)"
if echo short | "$bin/yingbin-hub" user add x --role volunteer --set db=hub.db 2>err; then fail "a password of five letters"; fi
expect_problem err '密码至少' 'at least'
if echo long-enough | "$bin/yingbin-hub" user add x --role king --set db=hub.db 2>err; then fail "a king"; fi
expect_problem err '应是 user add' 'expected user add'
if "$bin/yingbin-hub" user remove nobody --set db=hub.db 2>err; then fail "nobody was removed"; fi
expect_problem err '没有用户' 'there is no user'
if grep -aqE 'correct-horse|battery-staple' hub.db hub.db-wal 2>/dev/null; then fail "a password in the database"; fi

# It is killed and begun again meanwhile, on the same port: hub.again PORT. At an address that nobody else has: the port is its own.
address=127.$((64 + ($$ >> 16))).$(($$ >> 8 & 255)).$(($$ & 255))
cat >hub.again <<-SH
	if [ -e hub.pid ]; then kill -KILL "\$(cat hub.pid)"; fi
	rm -f hub.out
	"$bin/yingbin-hub" --set listen=$address:\$1 --set db=hub.db --set kiosks=meetup/kiosks.csv --set roster=meetup --set assets="$src/assets" \
	  >hub.out 2>>hub.log </dev/null &
	echo \$! >hub.pid
SH
trap 'kill $(jobs -p) $(cat hub.pid) 2>/dev/null || true' EXIT
begin_hub() {
  bash hub.again "$1"
  first_line "$(cat hub.pid)" hub.out hub.log
}
begin_hub 0
port=$(field port <hub.out)
url=http://$address:$port
enrol() { # KIOSK DATA: its token
  "$bin/make_enrol" "$2" "$1" "$(yingbin scan "$1.png" | jq -r '.texts[0]')" | curl -sS --data-binary @- "$url/v1/enrol" | jq -r .token
}
token_1=$(enrol door-1 data) token_2=$(enrol door-2 data-2)
curl -sSf -o /dev/null -H "Authorization: Bearer $token_1" --data-binary @one.jsonl "$url/v1/kiosks/door-1/journal" || fail "door-1 can't push"

say "the cookie goes over TLS alone where there is TLS, a proxy's, too"
sign_in() { curl -sSkf -o /dev/null -D - -H 'X-Yingbin: page' -d '{"user":"vol","password":"battery-staple"}' "$@" | grep -i '^set-cookie: ' | tr -d '\r'; }
grep -qiE '^set-cookie: yingbin=[^;]+; Path=/; HttpOnly; SameSite=Strict$' <<<"$(sign_in "$url/v1/session")" || fail "$(sign_in "$url/v1/session")"
grep -q '; Secure$' <<<"$(sign_in -H 'X-Forwarded-Proto: https' "$url/v1/session")" || fail "not secure behind a proxy"

say "each trouble that a kiosk tells has words in both languages"
troubles=$(sed -n '/^static json_t \*troubles_of/,/^}/p' "$src/app/wire/health.c" | grep -oE '"[a-z][^"]+"' | tr -d '"')
[ "$(wc -l <<<"$troubles")" -ge 10 ] || fail "no troubles in app/wire/health.c: $troubles"
while read -r trouble; do
  grep -qF "trouble: $trouble" "$src/assets/web/words.js" || fail "the dashboard has no word for: $trouble"
done <<<"$troubles"

MODULES=$modules PORT=$port URL=$url TOKEN_1=$token_1 TOKEN_2=$token_2 node "$src/tests/web/dashboard.mjs" >&2 || fail "the dashboard. $(tail -n 20 hub.log)"

yingbin log verify taken.jsonl >/dev/null || fail "the journal that was taken doesn't verify"
cat two.jsonl three.jsonl | cmp - taken.jsonl || fail "another journal than door-2's"

grep -q 'the rosters stay as they were' hub.log || fail "a bad roster isn't told: $(tail -n 20 hub.log)"
grep -qE 'vol searches for somebody: [0-9]+ found' hub.log || fail "a volunteer's searches aren't in the log"

kill "$(cat hub.pid)"
gone() { [ ! -e "/proc/$1/exe" ]; }
wait_for "the hub's end" gone "$(cat hub.pid)"
if grep -q 'ERROR: AddressSanitizer' hub.log; then fail "$(cat hub.log)"; fi
rm hub.pid
"$bin/yingbin-hub" --set listen=127.0.0.1:0 --set db=hub.db --set cert=tls.pem --set assets="$src/assets" >tls.out 2>tls.log &
tls=$!
first_line $tls tls.out tls.log
grep -qiE '^set-cookie: yingbin=[^;]+; Path=/; HttpOnly; SameSite=Strict; Secure$' <<<"$(sign_in "https://127.0.0.1:$(field port <tls.out)/v1/session")" ||
  fail "not secure over TLS"
end_well $tls tls.log
if grep -aqE '张伟|Lovelace' hub.db hub.db-wal 2>/dev/null; then fail "a name in the database"; fi
if grep -qE '张伟|Lovelace|correct-horse' hub.log; then fail "a name in the log"; fi
say "ok"
