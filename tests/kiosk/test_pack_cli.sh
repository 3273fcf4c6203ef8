#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The organizer's packs by the shipped command: keys and signatures that minisign reads and writes, codes
# that stay, packs of the same bytes, and every kind of bad input with its message, exit code and nothing
# left behind.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

# expect CODE COMMAND...: its exit code; what it says is in out.txt and err.txt.
expect() {
  local want=$1 got=0
  shift
  "$@" >out.txt 2>err.txt </dev/null || got=$?
  [ "$got" = "$want" ] || fail "exit code $got instead of $want: $* : $(cat err.txt)"
}
has() { grep -qF -- "$1" err.txt || fail "'$1' is missing in: $(cat err.txt)"; }

fresh() { # a folder `f` with an event, a type, a roster, a station
  rm -rf f
  mkdir f
  cat >f/pack.ini <<-'INI'
	[pack]
	name = small
	privacy.controller.en = Example
	privacy.contact = privacy@example.org
	privacy.retain_until = 2024-01-01
	[event meet]
	title.zh-Hans = 聚会
	starts = 2023-10-21 13:30
	ends = 2023-10-21 18:00
	tz = Asia/Shanghai
	[type attendee]
	match = 观众
	[roster r.csv]
	event = meet
	[station meet/door]
	kind = entry
	INI
  printf '姓名,手机,票种\n张三,13800000001,观众\n李四,13800000002,观众\n' >f/r.csv
}
build() { yingbin pack build f -o small.ybp --key k.key; }

# refused TEXT...: the build fails with these texts in its message, and writes nothing at all.
refused() {
  local before after one
  rm -f small.ybp small.ybp.minisig
  before=$(ls -A f .)
  expect 1 build
  after=$(ls -A f .)
  [ "$before" = "$after" ] || fail "files were left behind: $before // $after"
  [ ! -s out.txt ] || fail "a failed build printed $(cat out.txt)"
  for one in "$@"; do has "$one"; done
}
ini() { # ini OLD NEW: a change in pack.ini, then the build is refused
  fresh
  sed -i "s|$1|$2|" f/pack.ini
  shift 2
  refused "$@"
}
roster() { # roster TEXT: another roster, then the build is refused
  fresh
  printf '%b' "$1" >f/r.csv
  shift
  refused "$@"
}
touch out.txt err.txt

# --- usage ---
expect 2 yingbin pack
expect 2 yingbin pack build f
expect 2 yingbin pack nonsense
expect 2 yingbin key
expect 2 yingbin key new k --for nothing
expect 2 yingbin nonsense
expect 2 yingbin
expect 0 yingbin --help
expect 0 yingbin pack --help
expect 0 yingbin key --help
expect 0 yingbin --version
expect 0 yingbin pack keys
for key in privacy.retain_until ticket_keys group.expires columns.attention status.ok elsewhere_only show_name capacity anonymous; do
  grep -q -- "$key" out.txt || fail "pack keys lacks $key"
done

# --- keys ---
expect 0 yingbin key new k
[ "$(stat -c %a k.key)" = 600 ] || fail "the secret key is open to others"
cp k.key kept
expect 1 yingbin key new k
has "k.key"
cmp -s k.key kept || fail "a key was overwritten"
expect 2 yingbin key new a b
has 'one argument too many: b'
expect 2 yingbin key new a --for seals
has '--for takes one of pack|tickets|seal, not "seals"'

# --- a pack ---
fresh
printf '[type speaker]\nshow_name = full\n[type guest]\n' >>f/pack.ini
shown() { # WORD: what [pack] says of names, as the pack then has it
  sed -i "s/^name = small\$/&\nshow_name = $1/" f/pack.ini
  expect 0 build
  expect 0 yingbin pack show small.ybp
  sed -n 's/.*"type":"\([a-z]*\)".*"show_name":"\([a-z]*\)".*/\1 \2/p; s/.*"pack":.*"show_name":"\([a-z]*\)".*/pack \1/p' out.txt | paste -sd,
}
[ "$(shown masked)" = 'pack masked,attendee masked,speaker full,guest masked' ] || fail "$(cat out.txt)"
sed -i '/^show_name = masked$/d' f/pack.ini
[ "$(shown none)" = 'pack none,attendee none,speaker full,guest none' ] || fail "$(cat out.txt)"
sed -i '/^show_name = none$/d' f/pack.ini
expect 0 build
expect 0 yingbin pack show small.ybp
grep -q '"show_name":"masked"' out.txt || fail "names aren't masked unless said otherwise: $(cat out.txt)"
fresh
expect 0 build
grep -qE '^\{"pack":"small","build":1,"events":1,"stations":1,"attendees":2,"weak_codes":0,"bytes":[0-9]+,"warnings":\["[^"]*2023-10-21 [^"]*"\],"phones":0\}$' out.txt || fail "$(cat out.txt)"
has "手机"
[ "$(stat -c %a%a f/codes.csv f/secrets.ini | tr -d '\n')" = 600600600600 ] || fail "codes or secrets are open to others"
[ "$(grep -cE '^person,[12],[0-9A-HJKMNP-TV-Z]{16},meet,' f/codes.csv)" = 2 ] || fail "$(cat f/codes.csv)"
expect 0 yingbin pack verify small.ybp --pub k.pub
grep -q '"verified":true' out.txt || fail "$(cat out.txt)"
expect 0 yingbin pack show small.ybp
grep -q '"station":"meet/door"' out.txt || fail "$(cat out.txt)"

# --- codes stay: rows in another order, other fields edited, one more person, one less ---
code_of() { sed -n "s/^person,[0-9]*,\([^,]*\),meet,[^,]*,$1,.*/\1/p" f/codes.csv; }
zhang=$(code_of 张三) li=$(code_of 李四)
printf '票种,单位,姓名,手机\n观众,开源社,王五,13800000003\n观众,新单位,李四,+86 138-0000-0002\n观众,,张三,13800000001\n' >f/r.csv
expect 0 build
grep -q '"build":2,.*"attendees":3' out.txt || fail "$(cat out.txt)"
[ "$zhang$li" = "$(code_of 张三)$(code_of 李四)" ] || fail "a rebuild changed codes that were sent"
wang=$(code_of 王五)
printf '姓名,手机,票种\n张三,13800000001,观众\n' >f/r.csv
expect 0 build
printf '姓名,手机,票种\n赵六,13800000004,观众\n李四,13800000002,观众\n' >f/r.csv
expect 0 build
[ "$li" = "$(code_of 李四)" ] || fail "who came back got another code"
zhao=$(code_of 赵六)
for old in "$zhang" "$li" "$wang"; do [ "$zhao" != "$old" ] || fail "a code was reused"; done
grep -q "^person,4,$zhao" f/codes.csv || fail "a number was reused: $(cat f/codes.csv)"

# --- the same folder and number give the same bytes ---
rm -rf f1 f2 && cp -r f f1 && cp -r f f2
expect 0 yingbin pack build f1 -o one.ybp --key k.key
expect 0 yingbin pack build f2 -o two.ybp --key k.key
if ! cmp one.ybp two.ybp || ! cmp one.ybp.minisig two.ybp.minisig; then fail "the same input gave another pack"; fi

# --- any CSV that is UTF-8 ---
for form in '\xef\xbb\xbf姓名,手机\r\n"张,三",1\r\n' '姓名;手机\n"张\n三";1\n' '姓名\t手机\n张三\t1\n' 'Full Name (required)*,Mobile\n"Zhang ""San""",1\n'; do
  fresh
  printf '%b' "$form" >f/r.csv
  expect 0 build
  grep -q '"attendees":1' out.txt || fail "$form: $(cat out.txt)"
done

# --- a person on two rosters of one event is one person ---
fresh
printf '[roster s.csv]\nevent = meet\n' >>f/pack.ini
printf '姓名,手机\n李四,13800000002\n钱七,13800000007\n' >f/s.csv
expect 0 build
grep -q '"attendees":3' out.txt || fail "$(cat out.txt)"

# --- foreign codes: weak ones are counted, and said ---
fresh
printf '姓名,签到码\n张三,1001\n李四,1002\n' >f/r.csv
expect 0 build
grep -q '"weak_codes":2' out.txt || fail "$(cat out.txt)"
has "短到可以试出来"

# --- a station that asks its guests ---
fresh
printf 'walkin = self\nparty = ask\nanonymous = yes\n[session a]\ntitle.en = A\nstarts = 2023-10-21 14:00\n' >>f/pack.ini
expect 0 build
for one in 'walkin = self' 'party = ask'; do if grep -qF "$one" out.txt; then fail "$one is warned of: $(cat out.txt)"; fi; done

# --- pack.ini ---
ini 'kind = entry' 'kindd = entry' 'pack.ini 第 16 行' 'line 16' 'kindd' 'again'
ini '\[station' '[statoin' 'pack.ini 第 15 行' '[statoin]' '[station EVENT/ID]'
ini '2023-10-21 13:30' '2023-02-30 13:30' 'pack.ini 第 8 行' '2023-02-30' 'a date and time of the calendar'
ini '2023-10-21 18:00' '2023-10-21 12:00' 'pack.ini 第 9 行' '结束早于开始'
ini 'Asia/Shanghai' 'Asia/Changsha' 'pack.ini 第 10 行' 'Asia/Changsha' 'tzdata'
ini 'event = meet' 'event = other' 'pack.ini 第 14 行' 'there is no [event] section for: other'
ini 'kind = entry' 'after = meet/gate' 'pack.ini 第 16 行' 'there is no [station] section for: meet/gate'
ini 'kind = entry' 'after = meet/door' 'pack.ini 第 16 行' "a station can't come before itself: meet/door"
ini 'kind = entry' 'kind = entry\nafter = dinner/door\n[event dinner]\ntitle.en = Dinner\nstarts = 2023-10-21 19:00\nends = 2023-10-21 21:00\ntz = Asia/Shanghai\n[station dinner/door]\nkind = entry' \
  'pack.ini 第 17 行' '同一活动' 'must be of the same event' 'dinner/door'
ini 'kind = entry' 'kind = door' 'pack.ini 第 16 行' 'entry|exit|session|redeem'
ini 'kind = entry' 'admits = vip' 'pack.ini 第 16 行' 'there is no [type] section for: vip'
ini 'kind = entry' 'accept = ((a{99}){99}){99}' 'pack.ini 第 16 行' 'too complex'
ini 'event = meet' 'code.pattern = (' 'pack.ini 第 14 行' 'POSIX'
ini 'match = 观众' 'match = 嘉宾' 'r.csv 第 2、3 行第 3 列' '观众' 'r.csv, lines 2, 3, column 3'
ini 'r.csv' 'missing.csv' 'missing.csv' '没有这个文件'
ini 'name = small' 'seal = missing.pub' 'missing.pub' 'missing: name'
ini 'kind = entry' 'kind = meal' 'kind = meal is wrong; expected: entry|exit|session|redeem'
if grep -q 'missing kind' err.txt; then fail "told twice: $(cat err.txt)"; fi
expect 1 yingbin pack build nowhere -o small.ybp --key k.key
has nowhere

# --- rosters ---
roster '姓名,手机\n张三,1\n李四,2\n\xd5\xc5\xc8\xfd,3\n' 'r.csv 第 4 行' 'D5 C5 C8 FD 不是 UTF-8' 'gb18030' 'line 4, at its beginning (byte'
roster 'PK\x03\x04xxxx' 'Excel'
roster '' 'r.csv' '文件是空的'
roster '手机,单位\n1,2\n' 'r.csv 第 1 行' '没有姓名列'
roster '姓名,手机,单位\n张三,1,a\n李四,2\n' 'r.csv 第 3 行' '有 2 列，标题有 3 列'
roster '姓名,手机\n张三,1\n李四,2,多一格\n' 'r.csv 第 3 行' '有 3 列，标题有 2 列'
roster '姓名,手机\n"张\n三",1\n,2\n' 'r.csv 第 4 行第 1 列' '没有姓名'
roster '姓名,票号\n张三,A1\n李四,A1\n' 'r.csv 第 3 行第 2 列' '票号 A1 与第 2 行重复'
roster '姓名,签到码\n张三,ABCDEFGH\n李四,ABCDEFGH\n' 'r.csv 第 3 行' '签到码与 r.csv 第 2 行重复'
roster '姓名,手机\n张三,1\n李四,2\n张三,1\n' '第 2 行' '第 4 行' "can't be told apart"
roster '姓名\n张三\n张三\n' "can't be told apart"
roster '姓名,人数\n张三,many\n' 'r.csv 第 2 行第 2 列' '1 到 99'
roster '姓名,手机\n张"三,1\n' 'r.csv 第 2 行' '引号'
roster '姓名,手机\n"张三,1\n' 'r.csv 第 2 行' '引号'
roster '姓名,手机,单位\n,1,a\n,2,b\n李四,3\n' '第 2 行' '第 3 行' '第 4 行'

# --- codes and secrets that were damaged are never silently made anew ---
fresh
expect 0 build
sed -i 's/^person,1,/person,x,/' f/codes.csv
cp f/codes.csv damaged
refused 'codes.csv 第' '从备份恢复'
cmp -s f/codes.csv damaged || fail "a damaged codes.csv was overwritten"
fresh
expect 0 build
sed -i 's/^salt = ./salt = z/' f/secrets.ini
refused 'secrets.ini 第' '从备份恢复'

# --- keys and signatures ---
fresh
expect 1 yingbin pack build f -o small.ybp --key nothing.key
has nothing.key
head -c 60 k.key >half.key
expect 1 yingbin pack build f -o small.ybp --key half.key
has 'minisign 私钥'
expect 1 yingbin pack build f -o small.ybp --key k.pub
expect 0 build
expect 0 yingbin key new other
expect 1 yingbin pack verify small.ybp --pub other.pub
has '另一把密钥'
cp small.ybp changed.ybp && cp small.ybp.minisig changed.ybp.minisig
printf x | dd of=changed.ybp bs=1 seek=9000 conv=notrunc status=none
expect 1 yingbin pack verify changed.ybp --pub k.pub
has '与它的签名不符'
sed -i 's/build 1/build 9/' changed.ybp.minisig
expect 1 yingbin pack verify changed.ybp --pub k.pub
has '的签名不对'
head -c 5000 small.ybp >cut.ybp
expect 1 yingbin pack show cut.ybp
expect 1 yingbin pack show f/pack.ini
has '不是活动包'
expect 1 yingbin pack show missing.ybp
expect 1 yingbin pack verify missing.ybp --pub k.pub

# --- where nothing can be written ---
mkdir -p full
expect 1 yingbin pack build f -o no/such/folder/x.ybp --key k.key
has no/such/folder
expect 1 yingbin pack build f -o full --key k.key
has 'full'
rm -f small.ybp small.ybp.minisig
(
  trap '' XFSZ
  ulimit -f 16 # a file can't grow beyond 16 KB: what a full disk looks like to a program
  expect 1 build
)
has '磁盘满了吗'
if [ -e small.ybp ] || [ -e small.ybp.minisig ]; then fail "a pack was left on a full disk"; fi
[ -z "$(find . -name '*.part-*')" ] || fail "half-written files: $(find . -name '*.part-*')"

# --- minisign itself ---
command -v minisign >/dev/null || skip "minisign isn't installed; all else passed"
expect 0 build
minisign -Vm small.ybp -p k.pub >verified.txt || fail "minisign refuses the signature"
grep -qE '^Trusted comment: yingbin pack small build [0-9]+$' verified.txt || fail "$(cat verified.txt)"
minisign -G -W -f -p theirs.pub -s theirs.key >/dev/null
expect 0 yingbin pack build f -o theirs.ybp --key theirs.key
minisign -Vm theirs.ybp -p theirs.pub >/dev/null || fail "minisign refuses a signature by its own key"
expect 0 yingbin pack verify theirs.ybp --pub theirs.pub
minisign -S -W -s k.key -m theirs.ybp -t 'yingbin pack small build 2' >/dev/null || fail "minisign can't sign with our key"
expect 0 yingbin pack verify theirs.ybp --pub k.pub
printf 'word\n' | yingbin key new locked --password 2>/dev/null || fail "no key with a password"
printf 'word\n' | minisign -S -s locked.key -m theirs.ybp -t x >/dev/null 2>&1 || fail "minisign can't open our key with its password"
minisign -Vm theirs.ybp -p locked.pub >/dev/null || fail "minisign refuses our password key's signature"
printf 'word\n' | yingbin pack build f -o locked.ybp --key locked.key >/dev/null 2>&1 || fail "the key's password isn't taken"
if printf 'wrong\n' | yingbin pack build f -o locked.ybp --key locked.key >/dev/null 2>err.txt; then fail "a wrong password was taken"; fi
has '口令不对'
printf 'pw\npw\n' | minisign -G -f -p t2.pub -s t2.key >/dev/null 2>&1
printf 'pw\n' | yingbin pack build f -o t2.ybp --key t2.key >/dev/null 2>&1 || fail "minisign's key with a password isn't read"
minisign -Vm t2.ybp -p t2.pub >/dev/null || fail "minisign refuses a signature by its own password key"
