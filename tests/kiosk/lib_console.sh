# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The staff console of a real kiosk in a window, and before its camera, which is a FIFO. Sourced behind lib.sh. With --set pace=fast
# its time is the frames', one a second: where nobody shows anything, none passes.
# shellcheck source=tests/kiosk/lib_window.sh
. "$src/tests/kiosk/lib_window.sh"
width=320 height=240 # of the camera
mkfifo camera.fifo
exec 5<>camera.fifo

# frame NAME TEXT: what the camera sees while somebody shows that code.
frame() {
  mkdir -p codes
  "$bin/make_picture" codes "$2" || fail "no picture of $1"
  { convert codes/grey.png -resize "${height}x$height" -background white -gravity center -extent "${width}x$height" -depth 8 gray:- && head -c $((width * height / 2)) /dev/zero | tr '\0' '\200'; } >"$1.frame"
}
{ head -c $((width * height)) /dev/zero | tr '\0' '\252' && head -c $((width * height / 2)) /dev/zero | tr '\0' '\200'; } >nothing.frame

show() { cat "$1.frame" >&5; }
pass() { for ((n = 0; n < $1; n++)); do show nothing; done; } # SECONDS with nobody there

# operators DIR NAME ROLE...: cards and frames of the same names.
operators() {
  local dir=$1
  shift
  while [ $# -gt 0 ]; do
    yingbin card operator "$dir" --name "$1" --role "$2" -o "$1.png" >>cards.log 2>&1 || fail "no card: $(cat cards.log)"
    frame "$1" "$(yingbin scan "$1.png" | grep -oE 'YBOP1:[^"]+')"
    shift 2
  done
}

# guests DIR: a frame guest-NUMBER for each ticket.
guests() {
  local number name phone email code file
  yingbin tickets "$1" -o tickets --all >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
  while IFS=, read -r number name phone email code file; do
    frame "guest-$number" "$(yingbin scan "tickets/$file" | sed -E 's/.*"texts":\["([^"]*)".*/\1/')"
  done < <(tail -n +2 tickets/tickets.csv | tr -d '"\r')
  : "$name$phone$email$code"
}

start_console() { # [ARGUMENT...]: the kiosk, in the folder `shown`, at noon
  [ -n "${DISPLAY-}" ] || start_display
  : >window.log
  SDL_VIDEODRIVER=x11 exec_kiosk "i420:${width}x$height@1:camera.fifo" --set data=shown --set window="$window" --set theme=light --set motion=off \
    --set lang=zh-Hans --set reader=none --set log=debug --set kiosk=door --set pace=real "$@" >>shown.jsonl 2>>window.log 5>&- &
  kiosk=$!
  follow "$kiosk"
}

comes_to() { # KEY: what was just asked, as the console says it
  on "console *said=working*"
  on "console *said=$1 *"
}

opened_by() { # OPERATOR: their card before the camera; the day has begun
  show "$1"
  on "console *"
  case $screen in *sheet=opening*) begin_day ;; esac
}

begin_day() { # all green, or not: a reason
  pass 2 # the pack is read in pieces
  tap step 1 # the clock
  on "console *sheet=opening*"
  tap 'do'
  on "console *"
  case $screen in *sheet=pass*) tap reason 0 ;; esac
  on "console *sheet=none*"
}

end_kiosk() {
  end_well "$kiosk" window.log
  unfollow
}

# journal FILE: the export of what the kiosk has written, while it runs.
journal() { yingbin log export --data shown -o "$1" >/dev/null || fail "the journal can't be exported"; }

# records FILE WANTED...: a record for each, in this order among others: a pattern of grep -E.
records() {
  local file=$1 want from=1 found
  shift
  for want in "$@"; do
    found=$(grep -nE -m1 -- "$want" <(tail -n "+$from" "$file") | cut -d: -f1) || true
    [ -n "$found" ] || fail "no record like $want from line $from on in: $(cat "$file")"
    from=$((from + found))
  done
}
