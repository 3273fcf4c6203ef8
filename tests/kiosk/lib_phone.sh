# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A kiosk in a window with its page for phones, and the way to the code on its console. Sourced behind lib.sh.
# shellcheck source=tests/kiosk/lib_window.sh
. "$src/tests/kiosk/lib_window.sh"

start_kiosk() { # CAMERA [ARGUMENT...]: $url is where its page is
  : >window.log
  SDL_VIDEODRIVER=x11 exec_kiosk "$1" --set data=shown --set pace=real --set clock=trust --set window="$window" --set theme=light --set log=debug \
    --set monitor=127.0.0.1:0 "${@:2}" >>shown.jsonl 2>>window.log &
  kiosk=$!
  follow "$kiosk"
  wait_for "the page" grep -q "volunteers' phones: http" window.log
  url=$(sed -nE "s/.*phones: (https?:[^ ]+) .*/\1/p" window.log)
}
end_kiosk() {
  end_well "$kiosk" window.log
  unfollow
}

read_code() { # $token: of the code on the screen; false: there is none yet
  import -window root png:code.png
  token=$(yingbin scan code.png | grep -oE "$url/#[A-Za-z0-9_-]+" | cut -d'#' -f2) && [ -n "$token" ]
}
open_phone_sheet() {
  on "console *"
  tap tab 4
  on "console tab=settings sheet=none*"
  tap sheet 13
  on "console tab=settings sheet=phone*"
  wait_for "a code" read_code
}

# show_card PICTURE: into the folder `held`, for the camera; and a display for the window.
show_card() {
  mkdir code held
  "$bin/make_picture" code "$(yingbin scan "$1" | grep -oE 'YBOP1:[^"]+')" || fail "the card can't be read"
  cp code/bad-grey-alpha.png held/0.png
  start_display
}
