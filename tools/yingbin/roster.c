/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/roster.h"

#include <csv.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/types.h"
#include "pack/pattern.h"
#include "tools/yingbin/forms.h"

enum { FIELDS_MAX = 256, ROWS_MAX = 2000000, HEADING_MAX = 128, BETWEEN_ROWS = 0 /* libcsv's pstate */ };

/* Usual headings, the better ones first; compared without case, blanks, and what stands in brackets. */
static const struct column {
  const char *name, *zh;
  size_t most; /* bytes of a cell */
  const char *const *headings;
} column[ROSTER_COLUMNS] = {
#define HEADINGS(...)                                                                                                          \
  (const char *const[]) { __VA_ARGS__, NULL }
    [ROSTER_NAME] = {"name", "姓名", NAME_MAX_BYTES - 1,
                     HEADINGS("姓名", "名字", "真实姓名", "参会人姓名", "嘉宾姓名", "name", "fullname", "昵称", "nickname")},
    [ROSTER_PHONE] = {"phone", "手机", 63,
                      HEADINGS("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "phone", "mobile", "phonenumber",
                               "tel")},
    [ROSTER_EMAIL] = {"email", "邮箱", 255, HEADINGS("邮箱", "电子邮箱", "电子邮件", "邮件", "email", "mail", "emailaddress")},
    [ROSTER_ORGANIZATION] = {"organization", "单位", TEXT_MAX - 1,
                             HEADINGS("公司", "单位", "组织", "机构", "公司/组织", "公司/单位", "公司名称", "单位名称",
                                      "工作单位", "学校", "organization", "organisation", "company", "affiliation")},
    [ROSTER_TITLE] = {"title", "职位", TEXT_MAX - 1, HEADINGS("职位", "职务", "岗位", "头衔", "title", "jobtitle", "position")},
    [ROSTER_TYPE] = {"type", "票种", TEXT_MAX - 1,
                     HEADINGS("票种", "票型", "票类型", "门票类型", "票名", "门票", "身份", "tickettype", "type", "ticket")},
    [ROSTER_NUMBER] = {"number", "票号", ID_MAX - 1,
                       HEADINGS("票号", "电子票号", "门票编号", "编号", "ticketnumber", "ticketno", "number", "ticketid")},
    [ROSTER_ORDER] = {"order", "订单号", ID_MAX - 1,
                      HEADINGS("订单号", "订单编号", "订单", "order", "ordernumber", "orderno", "orderid")},
    [ROSTER_CODE] = {"code", "签到码", PATTERN_TEXT_MAX,
                     HEADINGS("签到码", "二维码", "二维码内容", "票码", "核销码", "code", "qrcode", "qr", "checkincode")},
    [ROSTER_SEAT] = {"seat", "座位", TEXT_MAX - 1,
                     HEADINGS("座位", "座位号", "座次", "桌号", "分组", "seat", "table", "group")},
    [ROSTER_STATUS] = {"status", "状态", TEXT_MAX - 1,
                       HEADINGS("状态", "报名状态", "审核状态", "订单状态", "支付状态", "status")},
    [ROSTER_PARTY] = {"party", "人数", 15, HEADINGS("人数", "参加人数", "同行人数", "party", "partysize", "guests")},
    [ROSTER_ATTENTION] = {"attention", "关注", ID_MAX - 1,
                          HEADINGS("关注", "备注标记", "标记", "特别关注", "attention", "flag")},
#undef HEADINGS
};

struct reading {
  const char *file;
  const char *const *wanted; /* pack.ini's headings */
  struct pool *texts;
  struct roster_table *out;
  struct remarks *errors;
  int line;     /* being fed */
  int row_line; /* where the row in hand began */
  bool have_head, stop;
  const char *field[FIELDS_MAX];
  int fields, width;         /* of the row in hand; of the heading row */
  int column_of[FIELDS_MAX]; /* enum roster_column, -1: not used */
};

const char *roster_column_name(enum roster_column c) { return column[c].name; }

/* "手机号 (必填)*" is 手机号; "Ticket Number" is ticketnumber. */
static void plain_heading(const char *text, char out[HEADING_MAX]) {
  size_t n = 0;
  for (; *text && n < HEADING_MAX - 1; text++) {
    if (*text == '(' || !strncmp(text, "（", 3) || *text == '[' || !strncmp(text, "【", 3)) break;
    if (strchr(" *_-\t:.", *text)) continue;
    if (!strncmp(text, "：", 3) || !strncmp(text, "　", 3)) {
      text += 2;
      continue;
    }
    out[n++] = (char)tolower((unsigned char)*text);
  }
  out[n] = 0;
}

/* How good a heading is for a column: 0 the best, -1 none. */
static int rank_of(enum roster_column c, const char *text) {
  char plain[HEADING_MAX];
  plain_heading(text, plain);
  for (int i = 0; column[c].headings[i]; i++)
    if (!strcmp(column[c].headings[i], plain)) return i;
  return -1;
}

static void use_column(struct reading *r, enum roster_column c, int at) {
  r->column_of[at] = (int)c;
  r->out->heading[c] = r->field[at];
  r->out->place[c] = at + 1;
}

static void find_wanted(struct reading *r, enum roster_column c) {
  int at = -1, count = 0;
  for (int i = 0; i < r->fields; i++)
    if (!strcmp(r->field[i], r->wanted[c])) at = i, count++;
  if (count == 1)
    use_column(r, c, at);
  else
    remarks_say(r->errors, "%1$s 第 %2$d 行：标题“%3$s”（%4$s）%5$s，请核对 pack.ini 里的 columns.%4$s%6$.0s",
                "%1$s, line %2$d: the heading “%3$s” (%4$s) %6$s; check columns.%4$s in pack.ini%5$.0s", r->file, r->row_line,
                r->wanted[c], column[c].name, count ? "出现不止一次" : "不在文件里",
                count ? "is there more than once" : "is not in the file");
}

static void find_usual(struct reading *r, enum roster_column c) {
  int best = -1, best_rank = -1;
  for (int i = 0; i < r->fields; i++) {
    int rank = r->column_of[i] < 0 ? rank_of(c, r->field[i]) : -1;
    if (rank >= 0 && (best < 0 || rank < best_rank)) best = i, best_rank = rank;
  }
  if (best >= 0) use_column(r, c, best);
}

static void take_head(struct reading *r) {
  r->have_head = true;
  for (int i = 0; i < FIELDS_MAX; i++) r->column_of[i] = -1;
  for (int i = 0; i < r->fields; i++)
    if (*r->field[i]) r->width = i + 1;
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (r->wanted[c]) find_wanted(r, c);
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (!r->wanted[c]) find_usual(r, c);
  if (r->out->place[ROSTER_NAME] || r->wanted[ROSTER_NAME]) return;
  r->stop = true;
  remarks_say(r->errors,
              "%1$s 第 %2$d 行：没有姓名列。第一行应当是标题，如 姓名,手机,单位；或在 pack.ini 写 columns.name = 标题",
              "%1$s, line %2$d: no column of names. The first line should hold headings, such as name,phone,organization; or "
              "set columns.name in pack.ini",
              r->file, r->row_line);
}

static bool check_width(struct reading *r) {
  int used = 0;
  for (int i = 0; i < r->fields; i++)
    if (*r->field[i]) used = i + 1;
  if (r->fields >= r->width && used <= r->width) return true;
  return remarks_say(
      r->errors, "%1$s 第 %2$d 行：有 %3$d 列，标题有 %4$d 列。是不是少了一格，或内容里有逗号却没有加引号？",
      "%1$s, line %2$d: %3$d columns, the headings have %4$d. Is a cell missing, or a comma without quotes round the cell?",
      r->file, r->row_line, r->fields >= r->width ? used : r->fields, r->width);
}

static void take_row(struct reading *r) {
  bool empty = true;
  for (int i = 0; i < r->fields; i++) empty = empty && !*r->field[i];
  if (empty || !check_width(r)) return;
  struct roster_row row = {.line = r->row_line};
  for (int c = 0; c < ROSTER_COLUMNS; c++) row.field[c] = "";
  for (int i = 0; i < r->width; i++) {
    int c = r->column_of[i];
    if (c < 0) continue;
    row.field[c] = r->field[i];
    if (strlen(r->field[i]) > column[c].most)
      remarks_say(r->errors, "%1$s 第 %2$d 行第 %3$d 列：%4$s 太长，最多 %5$zu 字节",
                  "%1$s, line %2$d, column %3$d: %4$s is too long; at most %5$zu bytes", r->file, r->row_line, i + 1,
                  column[c].name, column[c].most);
  }
  if (!*row.field[ROSTER_NAME]) {
    remarks_say(r->errors, "%1$s 第 %2$d 行第 %3$d 列：没有姓名", "%1$s, line %2$d, column %3$d: the name is empty", r->file,
                r->row_line, r->out->place[ROSTER_NAME]);
    return;
  }
  if ((r->out->rows & (r->out->rows - 1)) == 0)
    r->out->row = grow(r->out->row, r->out->rows ? (size_t)r->out->rows * 2 : 1, sizeof row);
  r->out->row[r->out->rows++] = row;
  if (r->out->rows == ROWS_MAX) r->stop = !remarks_say(r->errors, "%s：行数太多", "%s: too many rows", r->file);
}

static void on_field(void *bytes, size_t len, void *reading) {
  struct reading *r = reading;
  const char *at = bytes ? bytes : "";
  trim_text(&at, &len);
  if (r->fields == FIELDS_MAX) return;
  char *copy = (char *)pool_add(r->texts, at, len);
  /* A line break in a cell is a blank on the screen; but a code is what it is, a business card's of many lines, too. */
  bool code = r->have_head && r->column_of[r->fields] == ROSTER_CODE;
  for (size_t i = 0; i < len && !code; i++)
    if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7F) copy[i] = ' ';
  r->fields++;
  r->field[r->fields - 1] = copy;
}

static void on_row(int end, void *reading) {
  struct reading *r = reading;
  (void)end;
  if (r->stop) return;
  if (r->have_head)
    take_row(r);
  else if (r->fields)
    take_head(r);
  r->fields = 0;
}

/* --- before the rows: is it text of the right kind? --- */

static bool wrong_kind(const char *file, struct remarks *errors, const char *zh, const char *en) {
  return remarks_say(errors, "%1$s：%2$s。请在 Excel 或 WPS 里“另存为”→“CSV UTF-8（逗号分隔）”%3$.0s",
                     "%1$s: %3$s. In Excel or WPS choose “Save as” → “CSV UTF-8 (comma delimited)”%2$.0s", file, zh, en);
}

static bool check_encoding(const char *file, const char *text, size_t len, struct remarks *errors) {
  if (len >= 4 && !memcmp(text, "PK\3\4", 4))
    return wrong_kind(file, errors, "这是 Excel 文件（.xlsx），这个版本只读 CSV",
                      "an Excel file (.xlsx); this version reads CSV only");
  if (len >= 4 && !memcmp(text, "\xD0\xCF\x11\xE0", 4))
    return wrong_kind(file, errors, "这是旧版 Excel 文件（.xls），这个版本只读 CSV",
                      "an old Excel file (.xls); this version reads CSV only");
  if (len >= 2 && (!memcmp(text, "\xFF\xFE", 2) || !memcmp(text, "\xFE\xFF", 2)))
    return wrong_kind(file, errors, "第 1 行：编码是 UTF-16，应当是 UTF-8",
                      "line 1: the encoding is UTF-16; UTF-8 was expected");
  int line = 1;
  size_t start = 0;
  for (size_t i = 0, n; i < len; i += n) {
    n = utf8_char((const unsigned char *)text + i, len - i);
    if (!n || !text[i])
      return remarks_say(errors,
                         "%1$s 第 %2$d 行第 %3$zu 字节：编码不是 UTF-8（可能是 GBK/GB18030）。请在 Excel 或 WPS "
                         "里“另存为”→“CSV UTF-8（逗号分隔）”，或用 iconv -f GB18030 -t UTF-8",
                         "%1$s, line %2$d, byte %3$zu: not UTF-8 (perhaps GBK/GB18030). In Excel or WPS choose “Save as” → "
                         "“CSV UTF-8 (comma delimited)”, or run iconv -f GB18030 -t UTF-8",
                         file, line, i - start + 1);
    if (text[i] == '\n') line++, start = i + 1;
  }
  return true;
}

/* The commonest of , ; and tab outside of quotes in the first line. */
static unsigned char delimiter_of(const char *text, size_t len) {
  size_t count[3] = {0};
  bool quoted = false;
  for (size_t i = 0; i < len && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted) continue;
    count[0] += text[i] == ',';
    count[1] += text[i] == ';';
    count[2] += text[i] == '\t';
  }
  int best = count[1] > count[0] ? 1 : 0;
  if (count[2] > count[best]) best = 2;
  return (unsigned char)",;\t"[best];
}

static size_t line_len(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n'))) return i + 1;
  return len;
}

static bool bad_quotes(struct reading *r) {
  return remarks_say(r->errors,
                     "%1$s 第 %2$d 行：引号不成对。内容里有引号时，整格要加引号，里面的引号写两次：\"他说\"\"好\"\"\"",
                     "%1$s, line %2$d: quotes don't pair. A cell that holds quotes must be quoted as a whole, with each inner "
                     "quote doubled: \"say \"\"yes\"\"\"",
                     r->file, r->row_line);
}

static bool feed(struct reading *r, struct csv_parser *csv, const char *text, size_t len) {
  while (len && !r->stop) {
    size_t n = line_len(text, len);
    r->line++;
    if (csv->pstate == BETWEEN_ROWS) r->row_line = r->line;
    if (csv_parse(csv, text, n, on_field, on_row, r) != n) return bad_quotes(r);
    text += n;
    len -= n;
  }
  return csv_fini(csv, on_field, on_row, r) == 0 || bad_quotes(r);
}

bool roster_parse(const char *file, const char *text, size_t len, const char *const columns[ROSTER_COLUMNS],
                  struct pool *texts, struct roster_table *out, struct remarks *errors) {
  struct csv_parser csv;
  struct reading *r = grow(NULL, 1, sizeof *r);
  int before = errors->count + errors->more;
  *out = (struct roster_table){.rows = 0};
  *r = (struct reading){.file = file, .wanted = columns, .texts = texts, .out = out, .errors = errors};
  if (check_encoding(file, text, len, errors)) {
    if (len >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) text += 3, len -= 3;
    csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&csv, delimiter_of(text, len));
    feed(r, &csv, text, len);
    csv_free(&csv);
    if (!r->have_head && errors->count + errors->more == before)
      remarks_say(errors, "%s：文件是空的，第一行应当是标题，如 姓名,手机,单位",
                  "%s: the file is empty; its first line should hold headings, such as name,phone,organization", file);
  }
  free(r);
  return errors->count + errors->more == before;
}

void roster_free(struct roster_table *table) {
  free(table->row);
  *table = (struct roster_table){.rows = 0};
}

void roster_tell(const char *file, const struct roster_table *table) {
  fprintf(stderr, "yingbin: %s: %d 人 / people;", file, table->rows);
  for (enum roster_column c = 0; c < ROSTER_COLUMNS; c++)
    if (table->heading[c]) fprintf(stderr, " %s %s=「%s」", column[c].zh, column[c].name, table->heading[c]);
  fputc('\n', stderr);
}
