/* SPDX-License-Identifier: Apache-2.0
 * CSV (RFC 4180) in any encoding, with commas, semicolons or tabs, or what a first line `sep=;` says.
 */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tools/yingbin/encoding.h"
#include "tools/yingbin/headings.h"
#include "tools/yingbin/pool.h"
#include "tools/yingbin/table.h"

enum { LOOK_LINES = 20, QUOTES_TOLD = 10 };
enum { BETWEEN_ROWS = 0, IN_CELL = 2 /* libcsv's pstate */ };

struct reading {
  const struct table_ask *ask;
  const struct table_facts *facts;
  const struct table_sink *sink;
  struct csv_parser csv;
  char delimiter;
  bool csv_open, stop, after_cr;
  bool skipping;      /* to the end of a line whose quotes are wrong */
  int wrong_quotes;   /* lines told */
  int line, row_line; /* being fed; where the row in hand began */
  char *text;         /* of the row in hand: its cells, each with a NUL */
  size_t len, room;
  size_t from[TABLE_COLUMNS], length[TABLE_COLUMNS];
  bool huge[TABLE_COLUMNS];
  int cells, rows; /* of the row in hand; given on */
};

static void on_field(void *bytes, size_t len, void *reading) {
  struct reading *r = reading;
  if (r->cells == TABLE_COLUMNS) return;
  bool huge = len > TABLE_CELL_MOST;
  if (huge) len = 64;
  if (r->len + len + 1 > r->room) {
    r->room = (r->len + len + 1) * 2;
    r->text = grow(r->text, r->room, 1);
  }
  if (len) memcpy(r->text + r->len, bytes, len);
  r->text[r->len + len] = 0;
  r->from[r->cells] = r->len;
  r->length[r->cells] = len;
  r->huge[r->cells++] = huge;
  r->len += len + 1;
}

static void on_row(int end, void *reading) {
  struct reading *r = reading;
  struct table_cell cell[TABLE_COLUMNS];
  (void)end;
  for (int i = 0; i < r->cells; i++)
    cell[i] = (struct table_cell){r->text + r->from[i], r->length[i], r->huge[i] ? CELL_HUGE : CELL_TEXT};
  r->rows++;
  if (!r->stop && r->cells)
    r->stop = !r->sink->row(r->sink->self, &(struct table_row){.line = r->row_line, .cells = r->cells, .cell = cell});
  r->cells = 0;
  r->len = 0;
}

/* --- the delimiter --- */

/* Cells of the line's beginning that are the heading of names, if `delimiter` parts them. */
static bool parts_names(const char *line, size_t len, char delimiter) {
  char cell[128];
  for (size_t i = 0, start = 0; i <= len; i++) {
    if (i < len && line[i] != delimiter) continue;
    const char *at = line + start;
    size_t n = i - start;
    start = i + 1;
    if (n >= 2 && at[0] == '"' && at[n - 1] == '"') at++, n -= 2;
    if (!n || n >= sizeof cell) continue;
    memcpy(cell, at, n);
    cell[n] = 0;
    if (heading_rank(ROSTER_NAME, cell) >= 0 || heading_rank(ROSTER_FAMILY, cell) >= 0) return true;
  }
  return false;
}

static char commonest(const char *line, size_t len) {
  size_t count[3] = {0};
  bool quoted = false;
  for (size_t i = 0; i < len; i++) {
    if (line[i] == '"') quoted = !quoted;
    const char *one = quoted ? NULL : strchr(",;\t", line[i]);
    if (one && *one) count[one - ",;\t"]++;
  }
  int best = count[1] > count[0] ? 1 : 0;
  if (count[2] > count[best]) best = 2;
  return count[best] ? ",;\t"[best] : 0;
}

/* What parts the line of headings; else the commonest in the first line that has any. `skip`: a line that says it. */
static char delimiter_of(const char *text, size_t len, size_t *skip) {
  char found = 0;
  if (len >= 6 && !strncasecmp(text, "sep=", 4) && (text[5] == '\n' || text[5] == '\r')) {
    *skip = text[5] == '\r' && len > 6 && text[6] == '\n' ? 7 : 6;
    return text[4];
  }
  for (int lines = 0; len && lines < LOOK_LINES; lines++) {
    size_t n = 0;
    while (n < len && text[n] != '\n' && text[n] != '\r') n++;
    for (const char *d = "\t;,"; *d; d++)
      if (memchr(text, *d, n) && parts_names(text, n, *d)) return *d;
    if (!found) found = commonest(text, n);
    text += n < len ? n + 1 : n;
    len -= n < len ? n + 1 : n;
  }
  return found ? found : ',';
}

/* --- feeding --- */

/* Anew: what was read of a row is dropped. */
static void start_parser(struct reading *r) {
  if (r->csv_open) csv_free(&r->csv);
  csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_blk_size(&r->csv, 4096);
  csv_set_delim(&r->csv, (unsigned char)r->delimiter);
  r->csv_open = true;
  r->cells = 0;
  r->len = 0;
}

/* At a quote that the parser refused, in the line being fed: in a cell without quotes (a formula, JSON), or behind a cell's
 * end. */
static bool wrong_quote(struct reading *r) {
  const char *cell = (const char *)r->csv.entry_buf;
  size_t len = r->csv.entry_pos - (r->csv.quoted && r->csv.entry_pos); /* without the quote that may have been the end */
  bool unquoted = r->csv.pstate == IN_CELL && !r->csv.quoted;
  size_t cut = utf8_cut(cell, len, 40);
  return remarks_say(
      r->ask->errors,
      "%1$s 第 %2$d 行第 %3$d 列，“%4$.*5$s”之后：%6$s。整格要加引号，里面的引号写两次：\"{\"\"id\"\":7}\"。"
      "用 Excel 或 WPS 另存为 xlsx 或 CSV，它会自己加上%7$.0s",
      "%1$s, line %2$d, column %3$d, behind “%4$.*5$s”: %7$s. Quote the cell as a whole, with each quote in it doubled: "
      "\"{\"\"id\"\":7}\". Excel and WPS do so by themselves when they save as xlsx or CSV%6$.0s",
      r->facts->label, r->line, r->cells + 1, cell ? cell : "", (int)cut,
      unquoted ? "没有加引号的一格里有引号（例如公式或 JSON）" : "这一格在引号之后还有内容，或里面的引号只写了一次",
      unquoted ? "there is a quote in a cell that isn't quoted (a formula or JSON?)"
               : "the cell goes on behind its closing quote, or a quote in it isn't doubled");
}

static bool open_quote(struct reading *r) {
  return remarks_say(
      r->ask->errors, "%1$s 第 %2$d 行第 %3$d 列：这一格以引号开始，到文件结束也没有另一个引号。请补上，或去掉这个引号",
      "%1$s, line %2$d, column %3$d: the cell begins with a quote whose pair is nowhere up to the end of the file. "
      "Add it, or take this quote away",
      r->facts->label, r->row_line, r->cells + 1);
}

static bool endless_cell(struct reading *r) {
  return remarks_say(r->ask->errors,
                     "%1$s 第 %2$d 行第 %3$d 列：这一格超过 %4$d 字节。是不是前面的引号没有成对？后面的行没有读",
                     "%1$s, line %2$d, column %3$d: the cell is longer than %4$d bytes. Is there a quote before it without its "
                     "pair? The lines behind it were not read",
                     r->facts->label, r->row_line, r->cells + 1, TABLE_CELL_MOST);
}

/* Up to the end of a line, or all: rows are to know their lines. */
static size_t line_len(struct reading *r, const char *text, size_t len, bool *ends) {
  if (r->after_cr && *text == '\n') return *ends = false, r->after_cr = false, 1; /* CR LF, parted by a piece's border */
  r->after_cr = false;
  for (size_t i = 0; i < len; i++) {
    if (text[i] != '\n' && text[i] != '\r') continue;
    bool pair = text[i] == '\r' && i + 1 < len && text[i + 1] == '\n';
    r->after_cr = text[i] == '\r' && !pair;
    return *ends = true, i + 1 + pair;
  }
  return *ends = false, len;
}

static bool feed(struct reading *r, const char *text, size_t len) {
  while (len && !r->stop) {
    bool ends;
    size_t n = line_len(r, text, len, &ends);
    if (r->csv.pstate == BETWEEN_ROWS) r->row_line = r->line;
    if (!r->skipping && csv_parse(&r->csv, text, n, on_field, on_row, r) != n) {
      wrong_quote(r);
      if (++r->wrong_quotes == QUOTES_TOLD || !r->rows) return false; /* without headings the rest means nothing */
      start_parser(r);
      r->skipping = true;
    }
    r->skipping = r->skipping && !ends;
    if (r->csv.entry_pos > 4 * TABLE_CELL_MOST) return endless_cell(r);
    r->line += ends;
    text += n;
    len -= n;
  }
  return true;
}

static void begin(struct reading *r, struct table_facts *facts, const char *encoding, const char **text, size_t *len) {
  size_t skip = 0;
  char delimiter = r->delimiter = delimiter_of(*text, *len, &skip);
  *text += skip;
  *len -= skip;
  r->line = skip ? 2 : 1;
  start_parser(r);
  char other[2] = {delimiter, 0};
  const char *shown = delimiter == ',' ? "comma" : delimiter == ';' ? "semicolon" : delimiter == '\t' ? "tab" : other;
  snprintf(facts->encoding, sizeof facts->encoding, "%s", encoding);
  facts->delimiter = delimiter;
  snprintf(facts->form, sizeof facts->form, "CSV, %s, %s", encoding, shown);
}

static bool read_all(struct reading *r, struct decoder *d, struct table_facts *facts) {
  const char *text;
  size_t len;
  for (;;) {
    enum decoded got = decoder_next(d, &text, &len);
    if (got == DECODED_BAD) return false;
    if (got == DECODED_END) break;
    if (!r->csv_open) begin(r, facts, decoder_name(d), &text, &len);
    if (!feed(r, text, len)) return false;
    if (r->stop) return true;
  }
  if (r->wrong_quotes) return false;
  return !r->csv_open || csv_fini(&r->csv, on_field, on_row, r) == 0 || open_quote(r);
}

bool table_read_csv(const struct table_ask *ask, struct table_facts *facts, const struct table_sink *sink) {
  struct decoder *decoder = NULL;
  FILE *in = table_open(ask);
  if (!in || !decoder_open(ask, in, &decoder)) return false;
  struct reading *r = grow(NULL, 1, sizeof *r);
  *r = (struct reading){.ask = ask, .facts = facts, .sink = sink, .line = 1};
  bool good = read_all(r, decoder, facts);
  decoder_close(decoder);
  if (r->csv_open) csv_free(&r->csv);
  free(r->text);
  free(r);
  return good;
}
