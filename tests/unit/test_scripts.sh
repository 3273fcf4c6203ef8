#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What makes a script fail once in a thousand runs, as far as a line of it shows that. Then breaks each rule in a copy and
# expects to be told.
set -euo pipefail
source_dir=$(realpath "$2") scratch=$3

# A pattern, TAB, what to do instead. A line that ends in "|| true" has thought of it.
rules='(^|[^|])\|[[:space:]]*([A-Z_]+=[^ ]* )?(grep( -[A-Za-z]+)* -[A-Za-z]*[qm]|head )	a reader that stops early kills who still writes to it, and pipefail tells: grep -q WHAT <(COMMAND)
sqlite3 .*(hub|journal|others)\.db	who writes it locks it now and then: sql, of tests/kiosk/lib.sh
(^|[;&|{(]|do |then |else )[[:space:]]*sleep [0-9$"]	no time is long enough on every machine: wait_for, of tests/kiosk/lib.sh'

complaints() ( # TREE
  cd "$1"
  find tests tools .ci -type f -print0 | sort -z | while IFS= read -r -d '' file; do
    case $file in
      tests/unit/test_scripts.sh) continue ;; # its examples
      *.sh | *.bash) ;;
      *) grep -aqE '^#!.*[/ ](ba)?sh$' <(head -n 1 "$file") || continue ;;
    esac
    while IFS=$'\t' read -r pattern instead; do
      grep -nE -- "$pattern" "$file" | grep -vE '^[0-9]+:[[:space:]]*#|<\(.*\||\|\| true$' | while IFS= read -r line; do echo "$file:$line: $instead"; done || true
    done <<<"$rules"
  done
)

found=$(complaints "$source_dir")
if [ -n "$found" ]; then
  echo "$found"
  exit 1
fi

rm -rf "$scratch"
mkdir -p "$scratch/tree/tests/kiosk" "$scratch/tree/tools" "$scratch/tree/.ci"
breaks() { # LINE
  printf '#!/usr/bin/env bash\n%s\n' "$1" >"$scratch/tree/tests/kiosk/test_fresh.sh"
  [ -n "$(complaints "$scratch/tree")" ] || { echo "not caught: $1" && exit 1; }
}
keeps() { # LINE
  printf '#!/usr/bin/env bash\n%s\n' "$1" >"$scratch/tree/tests/kiosk/test_fresh.sh"
  [ -z "$(complaints "$scratch/tree")" ] || { echo "wrongly caught: $1" && exit 1; }
}
# shellcheck disable=SC2016 # lines of scripts
{
  breaks 'strings pack | grep -q name || fail "no name"'
  breaks 'strings pack | LC_ALL=C grep -aF -m 1 name'
  breaks 'line=$(grep -n admit log | head -n 1)'
  breaks 'until [ -s out ]; do sleep 0.1; done'
  breaks 'sqlite3 -readonly one/journal.db "SELECT 1"'
  keeps 'sql -readonly one/journal.db "SELECT 1"'
  keeps 'grep -q name <(strings pack)'
  keeps 'grep -q one log || grep -q two log'
  keeps 'count=$(strings pack | grep -c name)'
  keeps 'first=$(tail -n +7 log | grep -m1 name) || true'
  keeps '# strings pack | grep -q name'
}
echo "no script fails by itself"
