# SPDX-License-Identifier: Apache-2.0
# Prints "FILE:LINE: what is wrong" for the files given, by the tables in the environment: INCLUDES,
# LIBRARIES, CALLS and EXCEPTIONS (test_layers.sh has them and says what they mean).

function table(text, rows,   n, i, line, rest) { # rows[first word] = "the others"
  n = split(text, line, "\n")
  for (i = 1; i <= n; i++)
    if (match(line[i], /^[^ ]+/)) {
      rest = substr(line[i], RLENGTH + 1)
      sub(/^ +/, "", rest)
      rows[substr(line[i], 1, RLENGTH)] = rest
    }
}

function row_of(path, rows,   best, key) { # the longest key that the path begins with
  best = ""
  for (key in rows)
    if (index(path, key) == 1 && length(key) > length(best)) best = key
  return best
}

function begins(path, words,   n, i, word) { # with one of the words
  n = split(words, word, " ")
  for (i = 1; i <= n; i++)
    if (word[i] == "*" || index(path, word[i]) == 1) return 1
  return 0
}

function code_of(line,   out, at) { # the line without strings and comments; `comment` goes on over lines
  gsub(/\\./, "", line)
  gsub(/'"'/, "''", line)
  gsub(/"[^"]*"/, "\"\"", line)
  for (out = ""; line != ""; comment = !comment) {
    at = comment ? index(line, "*/") : match(line, /\/[*\/]/)
    if (!comment) out = out (at ? substr(line, 1, at - 1) : line)
    if (!at || substr(line, at, 2) == "//") break
    line = substr(line, at + 2)
  }
  return out
}

function wrong(text) { printf "%s:%d: %s\n", FILENAME, FNR, text }

BEGIN {
  table(ENVIRON["INCLUDES"], may)
  table(ENVIRON["LIBRARIES"], owners)
  table(ENVIRON["CALLS"], forbidden)
  table(ENVIRON["EXCEPTIONS"], excused)
}

FNR == 1 {
  comment = 0
  licence = /^#!/ ? 2 : 1
  source = FILENAME ~ /\.[ch]$/
  row = row_of(FILENAME, may)
  calls = source ? split(forbidden[row_of(FILENAME, forbidden)], call, " ") : 0
  if (source && row == "") wrong("no row says what this folder may include")
}

FNR == licence && !/SPDX-License-Identifier: Apache-2\.0/ { wrong("no SPDX line on top") }

source && /^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, part, "\"")
  if (index(part[2], "/") && !begins(part[2], may[row])) wrong(part[2] " is not for " row)
}

source && /^[ \t]*#[ \t]*include[ \t]*</ && FILENAME !~ /^(tools|tests)\// {
  split($0, part, /[<>]/)
  owner = row_of(part[2], owners)
  if (owner != "" && !begins(FILENAME, owners[owner])) wrong("<" part[2] "> is for " owners[owner])
}

calls {
  code = code_of($0)
  for (i = 1; i <= calls; i++)
    if (code ~ ("(^|[^A-Za-z0-9_.>])" call[i] "[ \t]*\\(")) {
      if (begins(call[i], excused[FILENAME])) used[FILENAME] = 1
      else wrong(call[i] "() is not for " row)
    }
}

END {
  for (one in excused)
    if (excused[one] != "" && !(one in used)) printf "%s: needs no exception any more\n", one
}
