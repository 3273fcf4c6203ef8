#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two builds of a folder compared: by the packs alone, and with the names of the folder. And that what was
# sent stays: a roster in another order, exported anew, takes nothing away.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 4
cat >>meetup/pack.ini <<-INI
	[type guest]
	label.zh-Hans = 嘉宾
	[type visitor]
	label.zh-Hans = 观众
	[station meetup/vip]
	kind = session
	admits = guest
INI
printf 'number,name,type,organization\n1,张三,观众,甲\n2,李四,观众,乙\n3,王五,嘉宾,丙\n4,赵六,观众,丁\n' >meetup/people.csv
build_pack meetup
cp meetup.ybp old.ybp
diff_of() { yingbin pack diff old.ybp meetup.ybp "$@" >diff.jsonl 2>diff.log || fail "no diff: $(cat diff.log)"; }

say "the same people in another order, types in another order: nothing differs"
printf 'type,organization,name,number\n嘉宾,丙,王五,3\n观众,丁,赵六,4\n观众,甲,张三,1\n观众,乙,李四,2\n' >meetup/people.csv
sed -i '/^\[type guest\]/,+1d' meetup/pack.ini && printf '[type guest]\nlabel.zh-Hans = 嘉宾\n' >>meetup/pack.ini
build_pack meetup
diff_of --roster meetup
grep -qx '{"pack":"meetup","old":1,"new":2,"by":"person","added":0,"removed":0,"changed":0,"same":4,"settings":0}' diff.jsonl || fail "$(cat diff.jsonl)"
[ "$(wc -l <diff.jsonl)" = 1 ] || fail "$(cat diff.jsonl)"

say "one added, one gone, one changed"
printf 'number,name,type,organization\n1,张三,嘉宾,新单位\n2,李四,观众,乙\n3,王五,嘉宾,丙\n5,钱七,观众,\n' >meetup/people.csv
sed -i 's/^title.en = .*/title.en = Sunday/; s/^admits = guest/admits = guest, visitor/' meetup/pack.ini
sed -i 's/^\[pack\]$/&\nprivacy.retain_until = 2099-12-31/' meetup/pack.ini
printf '[host kcc]\nname.en = KCC\n' >>meetup/pack.ini
build_pack meetup
diff_of --roster meetup
sort diff.jsonl >told
sort >expected <<-'JSON'
	{"change":"added","event":"meetup","number":"5","name":"钱七","fields":[]}
	{"change":"removed","event":"meetup","number":"4","name":"赵六","fields":[]}
	{"change":"changed","event":"meetup","number":"1","name":"张三","fields":["organization","type"]}
	{"change":"changed","part":"pack","id":"meetup","fields":["retain_until"]}
	{"change":"changed","part":"event","id":"meetup","fields":["title"]}
	{"change":"changed","part":"station","id":"meetup/vip","fields":["admits"]}
	{"change":"added","part":"host","id":"kcc","fields":[]}
	{"pack":"meetup","old":1,"new":3,"by":"person","added":1,"removed":1,"changed":1,"same":2,"settings":4}
JSON
expect_same "what differs, with names" expected told

say "one who had the roster's own code, which nobody keeps, is named beside the code"
make_event party 0
sed -i 's/^event = party$/&\ncolumns.code = qr/' party/pack.ini
printf 'number,name,qr\n1,张三,QR-FIRST-0001\n2,李四,QR-OTHER-0002\n' >party/people.csv
build_pack party
cp party.ybp party-old.ybp
sed -i '/李四/d' party/people.csv
build_pack party
yingbin pack diff party-old.ybp party.ybp --roster party >diff.jsonl 2>diff.log || fail "$(cat diff.log)"
grep -q '"added":0,"removed":1,"changed":0,"same":1' diff.jsonl || fail "$(cat diff.jsonl)"
expect_problem diff.log '移除的码里有 1 个是报名表自带的' "1 of the removed codes were the roster's own"
grep -qx '  2 李四 (meetup)' diff.log || fail "$(cat diff.log)"

say "looking issues nothing: who came after the pack was built has no code yet, and no file is written"
cp meetup/people.csv people.kept && echo '6,孙八,观众,' >>meetup/people.csv
(cd meetup && cat codes.csv secrets.ini && ls) >before
diff_of --roster meetup
(cd meetup && cat codes.csv secrets.ini && ls) >after
expect_same "a look changed the folder" before after
grep -q '"added":1,"removed":1,"changed":1' diff.jsonl || fail "$(cat diff.jsonl)"
printf '6,,观众,\n7,,观众,\n' >>meetup/people.csv
if yingbin pack diff old.ybp meetup.ybp --roster meetup >diff.jsonl 2>diff.log; then fail "a roster without names"; fi
expect_problem diff.log 'people.csv 第 7 行.*没有姓名' 'people.csv, line 7.*name is empty' # all of them, not the first alone
expect_problem diff.log '第 8 行.*没有姓名' 'line 8.*name is empty'
cp people.kept meetup/people.csv

say "the packs alone"
yingbin pack diff meetup.ybp meetup.ybp >diff.jsonl 2>diff.log || fail "$(cat diff.log)"
grep -qx '{"pack":"meetup","old":3,"new":3,"by":"code","added":0,"removed":0,"changed":0,"same":4,"settings":0}' diff.jsonl || fail "$(cat diff.jsonl)"
diff_of
grep -q '"by":"code","added":1,"removed":1,' diff.jsonl || fail "$(cat diff.jsonl)"
[ "$(grep -cE '^\{"change":"(added|removed)","event":"meetup","code":"[0-9a-f]{32}"\}$' diff.jsonl)" = 2 ] || fail "$(cat diff.jsonl)"
if grep -qE '张三|赵六|钱七|新单位' diff.jsonl; then fail "a pack alone told a name"; fi

say "lost salts are said: then no ticket that was sent is known any more"
rm meetup/secrets.ini
build_pack meetup
diff_of
expect_problem diff.log '盐不同' 'another salt'

say "what is wrong"
if yingbin pack diff old.ybp missing.ybp 2>diff.log; then fail "compared with nothing"; fi
expect_problem diff.log 'missing.ybp' 'missing.ybp'
code=0 && yingbin pack diff old.ybp 2>/dev/null || code=$?
[ "$code" = 2 ] || fail "exit code $code for one pack"
