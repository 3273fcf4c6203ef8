#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tools/deps and tools/try before a package system that is a script: nothing is asked for where nothing
# is missing, only what is missing is installed, and what can't be done is said.
. "$(dirname "$0")/lib.sh"

mkdir path
cat >path/dpkg-query <<'SH'
#!/bin/sh
for last; do :; done
case " $MISSING " in *" $last "*) exit 1 ;; esac
echo installed
SH
cat >path/apt-get <<'SH'
#!/bin/sh
echo "apt-get $*" >>"$CALLS"
case $1 in update) touch "$CALLS.updated" ;; install) [ -z "$STALE" ] || [ -e "$CALLS.updated" ] ;; esac
SH
cat >path/sudo <<'SH'
#!/bin/sh
echo "sudo $1" >>"$CALLS"
exec "$@"
SH
cat >path/id <<'SH'
#!/bin/sh
echo "${USER_ID:-0}"
SH
chmod +x path/*
export CALLS=$PWD/calls MISSING='' STALE='' USER_ID=0
deps() { : >calls && rm -f calls.updated && PATH="$PWD/path:$PATH" "$src/tools/deps" "$@" 2>err; }

deps build test || fail "something is missing where nothing is: $(cat err)"
[ -s calls ] && fail "apt-get was asked where nothing is missing: $(cat calls)"
[ -s err ] && fail "something is said where nothing is missing: $(cat err)"

MISSING='libzbar-dev libcmocka-dev'
deps || fail "not installed: $(cat err)"
[ "$(cat calls)" = "apt-get install -y --no-install-recommends libzbar-dev" ] || fail "of the build group, one is missing: $(cat calls)"
deps build test || fail "not installed: $(cat err)"
grep -qx 'apt-get install .* libzbar-dev libcmocka-dev' calls || fail "of both groups, two are missing: $(cat calls)"

STALE=yes
deps build || fail "not installed after fetching the lists: $(cat err)"
[ "$(cut -d' ' -f1,2 calls | tr '\n' ',')" = "apt-get install,apt-get update,apt-get install," ] || fail "the lists weren't fetched: $(cat calls)"
STALE='' USER_ID=1000
deps build || fail "not installed by sudo: $(cat err)"
[ "$(head -n 1 calls)" = "sudo env" ] || fail "sudo wasn't asked: $(cat calls)"

rm path/sudo
mkdir bare && for tool in bash env dirname cat; do ln -s "$(command -v $tool)" bare/; done
code=0 && PATH="$PWD/path:$PWD/bare" "$src/tools/deps" build 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code without root and sudo"
expect_problem err '需要 root' 'root is needed.*libzbar-dev'
rm path/dpkg-query
code=0 && PATH="$PWD/path:$PWD/bare" "$src/tools/deps" build 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code where there is no Debian"
expect_problem err '需要 Debian' 'needs Debian'

for script in deps try; do
  code=0 && "$src/tools/$script" --nonsense 2>err || code=$?
  [ "$code" = 2 ] || fail "exit code $code for a wrong argument of tools/$script"
  grep -q "tools/$script" <("$src/tools/$script" --help) || fail "tools/$script --help says nothing"
done
