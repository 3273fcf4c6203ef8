#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tickets: each picture reads back as its code, by our reader and by another one; the list for the mail
# merge is what a spreadsheet takes; made again, everything keeps its bytes.
. "$(dirname "$0")/lib.sh"

for tool in zbarimg convert xmllint sqlite3 unzip pdftoppm pdfinfo pdftotext rsvg-convert; do command -v $tool >/dev/null || skip "there is no $tool"; done

make_event meetup 0
sed -i 's/^event = meetup$/&\ncolumns.code = qr/' meetup/pack.ini
cat >meetup/people.csv <<'CSV'
number,name,phone,email,type,qr
1,张三,+8613800000001,one@example.org,,
2,"王𠅤, 欧阳""晓晴""",13800000002,,,
3,=HYPERLINK(1),+1-2,@x,,
4,一家三口👨‍👩‍👧来开源,,,,https://example.org/票?n=4
5,Maria-Fernanda Guadalupe Hernández-Villanueva de la Cruz Sol,,,,20231028000005
6,"<b>&amp;""x""</b>",,,,
CSV

fail_if_there() { if [ -e "$1" ]; then fail "there is a $1: $(cat "$1")"; fi; }

say "PNG"
yingbin tickets meetup -o png >made.jsonl 2>/dev/null || fail "no PNG tickets"
[ "$(field tickets <made.jsonl)" = 6 ] || fail "six were expected: $(cat made.jsonl)"
[ "$(find png -name '*.png' | wc -l)" = 6 ] || fail "six pictures were expected: $(ls png)"
[ "$(stat -c %a png png/tickets.csv png/1.png | sort -u | tr '\n' ' ')" = "600 700 " ] || fail "tickets are open to others"

[ "$(head -c 3 png/tickets.csv)" = $'\xef\xbb\xbf' ] || fail "no mark by which spreadsheets know UTF-8"
[ "$(head -n 1 png/tickets.csv | tail -c +4)" = $'number,name,phone,email,code,file\r' ] || fail "the heading: $(head -n 1 png/tickets.csv)"
tail -c +4 png/tickets.csv >list.csv
sqlite3 -csv :memory: '.import list.csv t' 'select name, phone, email from t order by file' | tr -d '\r' >listed
cat >expected <<'CSV'
"张三",+8613800000001,one@example.org
"王𠅤, 欧阳""晓晴""",13800000002,""
"'=HYPERLINK(1)","'+1-2","'@x"
"一家三口👨‍👩‍👧来开源","",""
"Maria-Fernanda Guadalupe Hernández-Villanueva de la Cruz Sol","",""
"<b>&amp;""x""</b>","",""
CSV
expect_same "who is on the list" expected listed

say "the same list for spreadsheets: every cell a text, so that zeros and + stay, and no formula"
mkdir book && unzip -q png/tickets.xlsx -d book
xmllint --xpath '//*[local-name()="si"]' book/xl/sharedStrings.xml | sed 's/<[^>]*>/\n/g' | grep . >texts
for text in +8613800000001 13800000002 '=HYPERLINK(1)' +1-2 20231028000005; do grep -qxF -- "$text" texts || fail "$text isn't a text in the workbook"; done
if grep -q '<f>' book/xl/worksheets/sheet1.xml; then fail "a formula in the workbook"; fi
[ "$(xmllint --xpath 'count(//*[local-name()="c"][@t="s"])' book/xl/worksheets/sheet1.xml)" = "$(xmllint --xpath 'count(//*[local-name()="c"][*])' book/xl/worksheets/sheet1.xml)" ] || fail "a cell that is no text"
[ "$(stat -c %a png/tickets.xlsx)" = 600 ] || fail "the workbook is open to others"

say "each reads back as its code"
sqlite3 :memory: '.mode csv' '.import list.csv t' '.mode tabs' 'select file, code from t' | tr -d '\r' >pairs
[ "$(wc -l <pairs)" = 6 ] || fail "six rows were expected: $(cat pairs)"
[ "$(grep -cE $'\t[0-9A-HJKMNP-TV-Z]{16}$' pairs)" = 4 ] || fail "four roster codes were expected: $(cat pairs)"
grep -qxF $'4.png\thttps://example.org/票?n=4' pairs || fail "the foreign code isn't as it was: $(cat pairs)"
while IFS=$'\t' read -r file code; do
  [ "$(zbarimg -q --raw -Sdisable -Sqrcode.enable -Sqrcode.binary "png/$file" 2>/dev/null)" = "$code" ] || fail "zbarimg reads another code in $file"
  grep -qF "\"texts\":[\"$code\"]" <(yingbin scan "png/$file") || fail "yingbin scan reads another code in $file: $(yingbin scan "png/$file")"
done <pairs

# Through the upper finders: 21 modules of 32 dots, in the middle of 29 with the quiet zone.
found=$(convert png/1.png -crop 1000x100+0+420 +repage -threshold 50% -trim -format '%w %X' info:)
[ "$found" = "$((21 * 32)) +$(((1000 - 29 * 32) / 2 + 4 * 32))" ] || fail "not version 1 at 32 dots a module with 4 of quiet zone: $found"
[ "$(identify -units PixelsPerInch -format '%[fx:round(resolution.x)]' png/1.png)" = 600 ] || fail "not 600 dots to the inch"

say "SVG"
yingbin tickets meetup -o svg --as svg >/dev/null 2>&1 || fail "no SVG tickets"
while IFS=$'\t' read -r file code; do
  svg=svg/${file%.png}.svg
  xmllint --noout "$svg" || fail "$svg is no XML"
  rsvg-convert -d 600 -p 600 "$svg" -o flat.png
  [ "$(zbarimg -q --raw -Sdisable -Sqrcode.enable -Sqrcode.binary flat.png 2>/dev/null)" = "$code" ] || fail "another code in $svg"
done <pairs
[ "$(xmllint --xpath 'string(//*[local-name()="title"])' svg/6.svg)" = '周六聚会 – <b>&amp;"x"</b>' ] || fail "the name in svg/6.svg isn't as it was"
if grep -qE '<text|font-family' svg/2.svg; then fail "svg/2.svg needs fonts that another machine may lack"; fi

say "PDF and HTML"
yingbin tickets meetup -o pdf --as pdf >/dev/null 2>pdf.log || fail "no PDF tickets: $(cat pdf.log)"
yingbin tickets meetup -o html --as html >/dev/null 2>html.log || fail "no HTML tickets: $(cat html.log)"
while IFS=$'\t' read -r file code; do
  name=${file%.png}
  pdftoppm -r 150 -png "pdf/$name.pdf" flat 2>/dev/null
  [ "$(zbarimg -q --raw -Sdisable -Sqrcode.enable -Sqrcode.binary flat-1.png 2>/dev/null)" = "$code" ] || fail "another code in $name.pdf"
  grep -o '<svg.*</svg>' "html/$name.html" | convert -density 960 -background white svg:- flat.png
  [ "$(zbarimg -q --raw -Sdisable -Sqrcode.enable -Sqrcode.binary flat.png 2>/dev/null)" = "$code" ] || fail "another code in $name.html"
  if grep -qE '(src|href)=|url\(|@import' "html/$name.html"; then fail "$name.html needs something besides itself"; fi
done <pairs
grep -q '297.638 x 419.528 pts' <(pdfinfo pdf/2.pdf 2>/dev/null) || fail "not A6: $(pdfinfo pdf/2.pdf)"
grep -qF '王𠅤, 欧阳"晓晴"' <(pdftotext pdf/2.pdf - 2>/dev/null) || fail "the name isn't on its ticket"
grep -qF '&lt;b&gt;&amp;amp;&quot;x&quot;&lt;/b&gt;' html/6.html || fail "the name in html/6.html isn't as it was"

say "made again: the same bytes, and what is there is left alone"
find png svg pdf html -type f ! -name 'tickets.*' -printf '%p %i %T@\n' | sort >before
sha256sum png/* svg/* pdf/* html/* >sums
echo '7,新来的,,,,' >>meetup/people.csv
yingbin tickets meetup -o png >/dev/null 2>&1 || fail "not made again"
for form in svg pdf html; do yingbin tickets meetup -o $form --as $form >/dev/null 2>&1 || fail "not made again as $form"; done
grep -v 'tickets\.' sums | sha256sum --quiet -c || fail "a ticket that was sent has changed"
find png svg pdf html -type f ! -name 'tickets.*' ! -name '7.*' -printf '%p %i %T@\n' | sort >after
expect_same "files that are the same were written anew" before after
for file in png/7.png svg/7.svg; do [ -e $file ] || fail "no ticket for who came later: $file"; done

for form in png svg pdf; do
  yingbin tickets meetup -o alone --as $form --number 4 >/dev/null 2>&1 || fail "no ticket alone as $form"
  cmp $form/4.$form alone/4.$form || fail "a ticket is another one where it is made alone"
done

say "the second batch is only who is new"
[ "$(grep -c . meetup/sent.csv)" = 8 ] || fail "seven tickets were made: $(cat meetup/sent.csv)"
[ "$(stat -c %a meetup/sent.csv)" = 600 ] || fail "sent.csv is open to others"
yingbin tickets meetup -o second --only-new >made.jsonl 2>/dev/null || fail "no second batch"
[ "$(field tickets <made.jsonl)" = 0 ] || fail "nobody is new: $(cat made.jsonl)"
fail_if_there second/tickets.csv
printf '8,第八位,,,,\n9,第九位,,,,\n' >>meetup/people.csv
yingbin tickets meetup -o second --only-new >made.jsonl 2>/dev/null || fail "no second batch"
[ "$(field tickets <made.jsonl)" = 2 ] || fail "two were expected: $(cat made.jsonl)"
[ "$(cut -d, -f2 second/tickets.csv | tail -n +2 | tr '\n' ' ')" = "第八位 第九位 " ] || fail "not these two: $(cat second/tickets.csv)"
mv second/tickets.csv second.csv
yingbin tickets meetup -o second --only-new >/dev/null 2>&1 || fail "nobody new is no failure"
fail_if_there second/tickets.csv
yingbin tickets meetup -o second --batch "$(tail -n 1 meetup/sent.csv | cut -d, -f3)" >/dev/null 2>&1 || fail "the batch isn't made again"
mv second/tickets.xlsx second.xlsx
yingbin tickets meetup -o second --batch "$(tail -n 1 meetup/sent.csv | cut -d, -f3)" >/dev/null 2>&1
cmp second/tickets.xlsx second.xlsx || fail "the same list gives another workbook"
cmp second/tickets.csv second.csv || fail "the batch made again is another one"
sed -i 's/^8,第八位,,,,/8,第八位,,,,NEWCODE-8/' meetup/people.csv
yingbin tickets meetup -o third --only-new >made.jsonl 2>/dev/null || fail "no third batch"
[ "$(field tickets <made.jsonl)" = 1 ] || fail "whoever gets another code is new again: $(cat made.jsonl)"

say "who isn't confirmed gets a ticket once they are, or where it is asked for"
make_event paid 0
sed -i 's/^event = meetup$/&\nstatus.ok = paid\nstatus.no = open/' paid/pack.ini
printf 'number,name,status\n1,One,paid\n2,Two,open\n3,Three,\n' >paid/people.csv
yingbin tickets paid -o paid-t --as svg >made.jsonl 2>made.log || fail "$(cat made.log)"
[ "$(cd paid-t && echo ./*.svg)" = ./1.svg ] || fail "not the one who paid alone: $(ls paid-t)"
expect_problem made.log '2 人报名未确认，没有做票' "2 people whose sign-up isn't confirmed got none"
sed 's/One,paid/One,open/' paid/people.csv >unpaid && cp -r paid none-paid && mv unpaid none-paid/people.csv
yingbin tickets none-paid -o nobody --as svg >made.jsonl 2>made.log || fail "$(cat made.log)"
expect_problem made.log '没有要做的票' 'There is no ticket to make; nothing was written'
fail_if_there nobody/tickets.csv
sed -i 's/Two,open/Two,paid/' paid/people.csv
yingbin tickets paid -o paid-2 --as svg --only-new >made.jsonl 2>made.log || fail "$(cat made.log)"
[ "$(cd paid-2 && echo ./*.svg)" = ./2.svg ] || fail "not the one who paid later: $(ls paid-2)"
yingbin tickets paid -o paid-3 --as svg --number 3 >made.jsonl 2>made.log || fail "$(cat made.log)"
[ "$(cd paid-3 && echo ./*.svg)" = ./3.svg ] || fail "no ticket where it was asked for: $(ls paid-3)"
yingbin tickets paid -o paid-all --as svg --all >made.jsonl 2>made.log || fail "$(cat made.log)"
[ "$(field tickets <made.jsonl)" = 3 ] || fail "not all: $(cat made.jsonl)"

say "a party says how many, in each form and language; nothing is in another language"
make_event party 0
cat >party/people.csv <<'CSV'
number,name,party
1,Wolfeschlegelsteinhausenbergerdorffwelch,6
2,Alex,1
CSV
said() { # FORM NUMBER: the words on that ticket
  case $1 in
  html) sed -E '/<style>/,/<\/style>/d; s/<svg.*<\/svg>//; s/<[^>]*>/ /g' "papers/$2.html" ;;
  pdf) pdftotext "papers/$2.pdf" - 2>/dev/null ;;
  esac
}
for lang in 'zh-Hans 共 6 人' 'zh-Hant 共 6 人' 'en party of 6'; do
  for form in html pdf; do
    yingbin tickets party -o papers --as $form --lang "${lang%% *}" >/dev/null 2>&1 || fail "no $form in ${lang%% *}"
    said $form 1 >words
    tr -d ' ' <words >tight # what is written in two fonts may come out with or without blanks
    party=${lang#* }
    grep -qF "${party// /}" tight || fail "${lang#* } isn't on the ticket: $(cat words)"
    grep -qx ' *Wolfeschlegelsteinhausenbergerdorffwelch *' words || fail "a word is broken: $(cat words)"
    grep -qF "${party// /}" <(said $form 2 | tr -d ' ') && fail "a party of one"
    case $lang in en*) if grep -qP '\p{Han}' words; then fail "Chinese on an English $form: $(cat words)"; fi ;; esac
  done
  grep -qF "<html lang=\"${lang%% *}\">" papers/1.html || fail "another language in its HTML: $(head -n 2 papers/1.html)"
done
sed -i '/title.zh-Hans/d' party/pack.ini
yingbin tickets party -o papers --as html >/dev/null 2>&1
if ! grep -qF '<html lang="en">' papers/1.html || ! grep -qF 'party of 6' papers/1.html; then fail "not in the language of the event's title"; fi
wrong_lang=0 && yingbin tickets party -o papers --lang fr >/dev/null 2>err || wrong_lang=$?
[ "$wrong_lang" = 2 ] || fail "exit code $wrong_lang for a language that there isn't"
expect_problem err 应当是 'takes one of'

say "on a phone a word of sixty capitals stays whole, and a longer one large enough to read"
printf '3,%s,1\n4,%s,1\n' "$(printf 'DONAU%.0s' {1..12})" "$(printf 'x%.0s' {1..110})" >>party/people.csv
yingbin tickets party -o papers --as html --number 3 --number 4 >/dev/null 2>&1 || fail "no tickets of long names"
share() { sed -n 's/.*class="name".*24rem)\*\([0-9.]*\)).*/\1/p' "papers/$1.html"; } # the letters' size, of the page's width
awk -v share="$(share 3)" 'BEGIN { exit !(share > 0 && share * 60 * 0.72 <= 1) }' || fail "sixty capitals of 0.72 em don't fit: $(share 3)"
awk -v share="$(share 4)" 'BEGIN { exit !(share * 328 >= 6) }' || fail "too small to read on a small phone: $(share 4)"

say "the page: for phones, in dark mode as well, and a code that a reader reads aloud"
for word in 'name="viewport" content="width=device-width' 'prefers-color-scheme:dark' '@media print' 'color-scheme:light dark' \
  'role="img" aria-label="check-in QR code"' 'dir="auto"' '<rect width="29" height="29" fill="#fff"/>'; do
  grep -qF "$word" papers/1.html || fail "$word isn't in the page"
done

say "one alone; and what is wrong"
yingbin tickets meetup -o one --number 2 --number 5 >/dev/null 2>&1 || fail "no tickets by number"
[ "$(find one -name '*.png' | sort | tr '\n' ' ')" = "one/2.png one/5.png " ] || fail "not these two: $(ls one)"
wrong() { # CODE CHINESE ENGLISH ARGUMENT...
  local code=0 expected=$1 zh=$2 en=$3
  shift 3
  yingbin tickets "$@" >out 2>err || code=$?
  [ "$code" = "$expected" ] || fail "exit code $code for: $*"
  [ -s out ] && fail "something on stdout for: $*"
  expect_problem err "$zh" "$en"
}
wrong 1 没有这个编号 'no attendee of such a number' meetup -o none --number 99
wrong 2 '--as 应当是 png.*gif' '--as takes one of png.*gif' meetup -o none --as gif
wrong 2 '缺少 -o OUT' '-o OUT is missing' meetup
wrong 2 活动文件夹 "event's folder" -o none
wrong 1 . . nowhere -o none
[ ! -e none/tickets.csv ] || fail "a list of tickets that were not made"
