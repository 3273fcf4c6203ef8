# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Connections that send a byte now and then, for servers that hang up on them. Sourced behind lib.sh.
trap '' PIPE # one that was hung up on
drips=()
drip_open() { # PORT BEGINNING: as printf takes it
  local fd
  exec {fd}<>/dev/tcp/127.0.0.1/"$1"
  # shellcheck disable=SC2059
  printf "$2" >&"$fd"
  drips+=("$fd")
}
drip_open_tls() { # PORT BEGINNING: within TLS
  local fd pipe=drip-${#drips[@]}
  mkfifo "$pipe"
  exec {fd}<>"$pipe"
  # shellcheck disable=SC2059
  printf "$2" >&"$fd"
  openssl s_client -quiet -connect "127.0.0.1:$1" <"$pipe" >"$pipe.out" 2>"$pipe.err" &
  drips+=("$fd")
}
drip() {
  local fd
  for fd in "${drips[@]}"; do { printf x >&"$fd"; } 2>/dev/null || true; done
}
drip_close() {
  local fd
  for fd in "${drips[@]}"; do exec {fd}>&-; done
  drips=()
}
drip_dripping() { [ "$(drip_lines "$1")" = ${#drips[@]} ]; } # PORT: all of them, and nothing else, is there
drip_lines() { ss -Htn state established "( sport = :$1 )" | wc -l; } # PORT: how many connections it has
