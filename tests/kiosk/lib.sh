# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the stories share. Sourced with the story's own arguments: BIN_DIR SOURCE_DIR SCRATCH_DIR.
# The stories happen at noon of 2023-10-28 in Chengdu, on a recording that is played as fast as it
# goes, so they need neither the right date nor time to pass.
set -euo pipefail
bin=$(realpath "$1") src=$(realpath "$2")
rm -rf "$3" && mkdir -p "$3" && cd "$3"

export LC_ALL=C.UTF-8 # what is sorted, and what \u202e is, is no machine's business
export SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy SDL_RENDER_DRIVER=software SDL_FRAMEBUFFER_ACCELERATION=0
export HOME=$PWD
echo 'leak:libdbus-1' >lsan.txt # what a window's SDL asks of it, it never gives back
export LSAN_OPTIONS=suppressions=$PWD/lsan.txt:print_suppressions=0
noon=1698465600000 # 2023-10-28 12:00 in Shanghai, UTC milliseconds
under=() # a command to run the kiosk under

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT # a story that fails leaves no kiosk behind
story=$(basename "$0" .sh)
trap 'exit 1' TERM
say() { echo "$story: $*" >&"${loud:-2}"; } # within a condition that is waited for, too
fail() {                                    # in a subshell, too, it is the story's end
  say "FAILED: $*"
  [ "$BASHPID" = $$ ] || kill -TERM $$
  exit 1
}
skip() {
  say "skipped: $*"
  exit 77
}

# Sanitizers need system calls that the decoder's filter forbids.
insecure=()
if grep -qaE '__(asan|tsan|ubsan)_' "$bin/yingbin-decoder"; then insecure=(--insecure-decoder); fi

yingbin() { "$bin/yingbin" "$@"; }

# make_event DIR PEOPLE: a meetup with one door and a roster of so many, numbered from 1, and its key.
make_event() {
  mkdir -p "$1"
  cat >"$1/pack.ini" <<-INI
	[pack]
	name = $(basename "$1")
	[event meetup]
	title.zh-Hans = 周六聚会
	title.en = Saturday meetup
	starts = 2023-10-28 09:00
	ends = 2023-10-28 18:00
	tz = Asia/Shanghai
	[roster people.csv]
	event = meetup
	[station meetup/door]
	kind = entry
	times = once
	again = stop
	INI
  { echo number,name && for ((i = 1; i <= $2; i++)); do echo "$i,参会者$i"; done; } >"$1/people.csv"
  [ -e org.key ] || yingbin key new org 2>key.log
}

build_pack() { # DIR [ARGUMENT...]: DIR.ybp with its signature
  local dir=$1
  shift
  yingbin pack build "$dir" -o "$dir.ybp" --key org.key "$@" >"$dir.built" 2>"$dir.log" || fail "the pack isn't built: $(cat "$dir.log")"
}

# kiosk_on CAMERA: a kiosk of event `meetup` on that recording. For one in the background, so that $! is its
# own number: exec_kiosk CAMERA &
kiosk_on() { (exec_kiosk "$@"); }
exec_kiosk() { # CAMERA [ARGUMENT...]
  local camera=$1
  shift
  exec "${under[@]}" "$bin/yingbin-kiosk" "${insecure[@]}" --set assets="$src/assets" --set window=640x480 --set pub=org.pub --set pack=meetup.ybp \
    --set data=data --set pace=fast --set clock=stream --set clock_start="$noon" --set events=- --set sensors=none --set camera="$camera" "$@"
}

# field KEY: of JSON lines on stdin, a value a line (texts without their quotes; none of ours is escaped).
field() { sed -nE "s/.*\"$1\":(\"([^\"]*)\"|([^,}\"]*)).*/\2\3/p"; }

# sql [-readonly] DB STATEMENT: its rows. Who writes the database, or puts it right after a kill, is waited for.
sql() { sqlite3 -cmd '.timeout 100000' "$@"; }

# expect_same WHAT EXPECTED_FILE FOUND_FILE
expect_same() { diff -u "$2" "$3" >&2 || fail "$1"; }

# expect_problem FILE CHINESE ENGLISH: both languages are there, as patterns.
expect_problem() {
  grep -qE -- "$2" "$1" || fail "no Chinese message like '$2' in: $(cat "$1")"
  grep -qE -- "$3" "$1" || fail "no English message like '$3' in: $(cat "$1")"
}

# verify_journal DATA [OUT]: the export of the journal verifies; OUT keeps it.
verify_journal() {
  local out=${2:-export.jsonl}
  yingbin log export --data "$1" -o "$out" >/dev/null || fail "the journal of $1 can't be exported"
  yingbin log verify "$out" >verified.jsonl || fail "the journal of $1 doesn't verify"
}

# wait_for WHAT COMMAND...: until it succeeds: asked again when a file here has changed, or a second later. Longer than any
# back-off, and than a slow machine takes: only what never comes is at its end.
wait_for() {
  local what=$1 since=$SECONDS said
  shift
  exec {said}>&"${loud:-2}"
  local loud=$said
  command -v inotifywait >/dev/null || skip "inotify-tools is missing"
  while ((SECONDS - since < 180)); do
    if "$@" 2>/dev/null; then
      exec {said}>&-
      return
    fi
    inotifywait -qq -r -t 1 -e modify,create,moved_to . || true
  done
  fail "in vain waited for: $what. $(grep -hv ': debug:' ./*.log | tail -n 30)"
}

# A program in the background can be told to end once it listens for that: while a shell begins it, or it is loaded, a signal just
# kills it. One that is gone has nothing to wait for.
hears() { # PID
  local exe
  exe=$(readlink "/proc/$1/exe") || return 0
  [[ $exe = "$bin"/* ]] && grep -qE '^Sig(Blk|Cgt):.*[4-7c-f][0-9a-f]{3}$' "/proc/$1"/task/*/status # who waits for it just now doesn't block it; the others do
}
end_well() { # PID LOG...: told to end, it does, with 0
  local code=0
  wait_for "a program that hears us" hears "$1"
  kill -TERM "$1" 2>/dev/null || true
  wait "$1" || code=$?
  [ $code = 0 ] || fail "it ended with $code: $(grep -hv ': debug:' "${@:2}" /dev/null)"
}
said_or_gone() { [ -s "$2" ] || [ ! -e "/proc/$1/exe" ]; } # PID OUT
first_line() { # PID OUT LOG: until it has said something on OUT
  wait_for "a line in $2" said_or_gone "$1" "$2"
  [ -s "$2" ] || fail "it ended: $(cat "$3")"
}
