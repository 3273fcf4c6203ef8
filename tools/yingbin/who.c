/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/who.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/yingbin/codes.h"

enum { DOUBTS_TOLD = 2000, MANY = 100000 };

struct who { /* one row on its way to a person */
  int line;
  struct known keys;
  int record;           /* -1: not known yet */
  int level;            /* at which it was found */
  int candidate, other; /* of the level being asked: the first record, and one more that isn't it; -1: none */
  int doubt[2];         /* records between which no level could choose */
};

struct match {
  struct folder *f;
  const char *label, *event;
  struct who *who;
  int count;
  int *claimed; /* by record: which row has it, -1: none */
  int claims, doubts;
  int old; /* records that codes.csv had */
};

/* --- keys, as they are compared --- */

static const char *kept(struct folder *f, const char *text, const char *plain, size_t len) { /* mostly it is plain already */
  return strlen(text) == len && !memcmp(text, plain, len) ? text : pool_add(&f->texts, plain, len);
}

static const char *plain_phone(struct folder *f, const char *text) {
  const char *all = text;
  char digits[64];
  size_t n = 0;
  for (; *text && n < sizeof digits - 1; text++)
    if (isdigit((unsigned char)*text)) digits[n++] = *text;
  size_t country = n == 13 && !memcmp(digits, "86", 2) ? 2 : n == 15 && !memcmp(digits, "0086", 4) ? 4 : 0;
  return kept(f, all, digits + country, n - country);
}

static const char *plain_email(struct folder *f, const char *text) {
  char lower[256];
  size_t n = 0;
  for (; n < sizeof lower && text[n]; n++) lower[n] = (char)tolower((unsigned char)text[n]);
  return kept(f, text, lower, n);
}

static struct known keys_of(struct folder *f, const struct roster *r, const char *const *field) {
  return (struct known){.roster = r->id,
                        .name = field[ROSTER_NAME],
                        .phone = plain_phone(f, field[ROSTER_PHONE]),
                        .email = plain_email(f, field[ROSTER_EMAIL]),
                        .ticket_number = field[ROSTER_NUMBER],
                        .order = field[ROSTER_ORDER]};
}

/* --- finding --- */

struct asking {
  struct match *m;
  struct who *who;
  int level;
};

static bool is_taken(const struct asking *a, int record) {
  int by = record < a->m->claims ? a->m->claimed[record] : -1;
  return by >= 0 && a->m->who[by].level < a->level;
}

static void on_candidate(void *asking, int record) {
  struct asking *a = asking;
  if (is_taken(a, record)) return; /* another row has it by a more specific key */
  if (a->who->candidate < 0)
    a->who->candidate = record;
  else if (record != a->who->candidate)
    a->who->other = record;
}

static void claim(struct match *m, int i, int level) {
  struct who *w = &m->who[i];
  if (w->candidate >= m->claims) {
    int more = w->candidate * 2 + 1024;
    m->claimed = grow(m->claimed, (size_t)more, sizeof *m->claimed);
    while (m->claims < more) m->claimed[m->claims++] = -1;
  }
  int *by = &m->claimed[w->candidate];
  w->level = level;
  if (*by < 0) {
    *by = i;
  } else if (*w->keys.ticket_number && *m->who[*by].keys.ticket_number) {
    w->candidate = -1; /* two tickets of one person: the first line goes on, the other is a new one */
  } else {
    m->who[*by].other = w->other = w->candidate; /* two rows, one record: neither has it for sure */
  }
}

static void find_level(struct match *m, int level) {
  for (int i = 0; i < m->count; i++) {
    struct who *w = &m->who[i];
    if (w->record >= 0) continue;
    w->candidate = w->other = -1;
    codes_find(m->f->codes, level, m->event, &w->keys, on_candidate, &(struct asking){m, w, level});
    if (w->other >= 0 && w->doubt[0] < 0) w->doubt[0] = w->candidate, w->doubt[1] = w->other;
    if (w->other >= 0) w->candidate = -1;
  }
  for (int i = 0; i < m->count; i++)
    if (m->who[i].record < 0 && m->who[i].candidate >= 0) claim(m, i, level);
  for (int i = 0; i < m->count; i++) {
    struct who *w = &m->who[i];
    if (w->record >= 0 || w->candidate < 0) continue;
    if (w->other >= 0)
      w->doubt[0] = w->doubt[1] = w->candidate;
    else
      w->record = w->candidate;
  }
}

/* Fills each row's record where the keys tell it for sure; doubt where they fit more than one. */
static void find_all(struct match *m) {
  free(m->claimed);
  m->claimed = NULL;
  m->claims = 0;
  for (int i = 0; i < m->count; i++) m->who[i].record = m->who[i].doubt[0] = m->who[i].doubt[1] = -1;
  for (int level = 0; level < KEY_LEVELS; level++) find_level(m, level);
}

/* --- what is wrong --- */

static int row_of(const struct match *m, int record, int but) {
  for (int i = 0; i < m->count; i++)
    if (i != but && (m->who[i].record == record || m->who[i].doubt[0] == record)) return m->who[i].line;
  return 0;
}

static void in_doubt(struct match *m, int i, int record) {
  const struct who *w = &m->who[i];
  if (m->doubts++ >= DOUBTS_TOLD) return; /* each looks through all rows */
  int line = row_of(m, record, i);
  if (!line && record >= m->old) return; /* only known since the row that was told of before */
  if (line)
    remarks_say(
        &m->f->errors,
        "%1$s 第 %2$d 行与第 %3$d 行的“%4$s”分不清谁是谁。请给每人一个不同的票号，或写上各自的手机、邮箱；重复报名的删掉一行",
        "%1$s: the “%4$s” of lines %2$d and %3$d can't be told apart. Give each a ticket number, or their own phone or e-mail; "
        "delete the line of one who signed up twice",
        m->label, w->line, line, w->keys.name);
  else
    remarks_say(&m->f->errors,
                "%1$s 第 %2$d 行的“%3$s”分不清是 codes.csv 里的哪一位（编号 %4$" PRIu64 " 等）。请写上票号、手机或邮箱",
                "%1$s, line %2$d: “%3$s” may be more than one person of codes.csv (number %4$" PRIu64
                " and others). Give the ticket number, phone or e-mail",
                m->label, w->line, w->keys.name, m->f->codes->record[record].number);
}

static int by_ticket_number(const void *a, const void *b) {
  const struct who *x = *(const struct who *const *)a, *y = *(const struct who *const *)b;
  int order = strcmp(x->keys.ticket_number, y->keys.ticket_number);
  return order ? order : x->line - y->line;
}

static bool numbers_differ(struct match *m, const struct roster_table *t) {
  bool good = true;
  const struct who **sorted = grow(NULL, (size_t)m->count + 1, sizeof *sorted);
  for (int i = 0; i < m->count; i++) sorted[i] = &m->who[i];
  qsort(sorted, (size_t)m->count, sizeof *sorted, by_ticket_number);
  for (int i = 1; i < m->count; i++) {
    if (!*sorted[i]->keys.ticket_number || strcmp(sorted[i]->keys.ticket_number, sorted[i - 1]->keys.ticket_number) != 0)
      continue;
    struct roster_place p = roster_place(t, sorted[i]->line, t->place[ROSTER_NUMBER]);
    good = remarks_say(&m->f->errors,
                       "%1$s %2$s：票号 %4$s 与第 %5$d 行重复。若是几人同号的订单号，请在 pack.ini 写 columns.order%3$.0s",
                       "%1$s, %3$s: ticket number %4$s is on line %5$d, too. If several people share it, it is an order "
                       "number: set columns.order in pack.ini%2$.0s",
                       m->label, p.zh, p.en, sorted[i]->keys.ticket_number, sorted[i - 1]->line);
  }
  free(sorted);
  return good;
}

/* Rows that nobody was found for become records; then every row must be found again, as the next build will have to. */
static bool make_records(struct match *m) {
  bool good = true;
  int old = m->old = m->f->codes->records;
  int *own = grow(NULL, (size_t)m->count + 1, sizeof *own);
  for (int i = 0; i < m->count; i++) {
    if (m->who[i].record < 0 && m->who[i].doubt[0] >= 0)
      in_doubt(m, i, m->who[i].doubt[m->who[i].doubt[0] == m->who[i].doubt[1]]), good = false;
  }
  for (int i = 0; good && i < m->count; i++) {
    if (m->who[i].record < 0) m->who[i].record = codes_add(m->f->codes, m->event);
    own[i] = m->who[i].keys.record = m->who[i].record;
    codes_know(m->f->codes, &m->who[i].keys);
  }
  if (good && m->f->codes->records > old) {
    find_all(m);
    for (int i = 0; i < m->count; i++) {
      if (m->who[i].record == own[i]) continue;
      in_doubt(m, i, m->who[i].doubt[0] == own[i] ? m->who[i].doubt[1] : m->who[i].doubt[0]);
      good = false;
    }
  }
  free(own);
  return good;
}

struct coded {
  const char *code;
  int line;
};

static int by_code(const void *a, const void *b) {
  const struct coded *x = a, *y = b;
  int order = strcmp(x->code, y->code);
  return order ? order : x->line - y->line;
}

/* Within the roster, beside what else is wrong with it; persons.c looks across rosters. */
static bool codes_differ(struct match *m, const struct roster_table *t) {
  const char *field[ROSTER_COLUMNS];
  struct coded *all = t->place[ROSTER_CODE] ? grow(NULL, (size_t)t->rows + 1, sizeof *all) : NULL;
  int n = 0;
  bool good = true;
  for (int i = 0; all && i < t->rows; i++) {
    roster_fields(t, &t->row[i], field);
    if (*field[ROSTER_CODE]) all[n++] = (struct coded){field[ROSTER_CODE], t->row[i].line};
  }
  if (n) qsort(all, (size_t)n, sizeof *all, by_code);
  for (int i = 1; i < n; i++) {
    if (strcmp(all[i].code, all[i - 1].code) != 0) continue;
    struct roster_place p = roster_place(t, all[i].line, t->place[ROSTER_CODE]);
    good = remarks_say(&m->f->errors, "%1$s %2$s：签到码与 %1$s 第 %4$d 行重复，一个码只能给一个人%3$.0s",
                       "%1$s, %3$s: the code is that of %1$s, line %4$d, too; a code is one person's%2$.0s", m->label, p.zh,
                       p.en, all[i - 1].line);
  }
  free(all);
  return good;
}

static void begin(struct match *m, struct folder *f, const struct roster *r, const struct roster_table *t) {
  const char *field[ROSTER_COLUMNS];
  *m = (struct match){.f = f, .label = t->facts.label, .event = f->catalog.event[r->event].id, .count = t->rows};
  m->who = grow(NULL, (size_t)t->rows + 1, sizeof *m->who);
  for (int i = 0; i < t->rows; i++) {
    roster_fields(t, &t->row[i], field);
    m->who[i] = (struct who){.line = t->row[i].line, .keys = keys_of(f, r, field), .record = -1};
  }
}

void who_check(struct folder *f, const struct roster *r, const struct roster_table *t) {
  struct match m;
  begin(&m, f, r, t);
  numbers_differ(&m, t);
  codes_differ(&m, t);
  free(m.who);
}

int *who_records(struct folder *f, const struct roster *r, const struct roster_table *t) {
  struct match m;
  codes_reindex(f->codes);
  begin(&m, f, r, t);
  bool good = numbers_differ(&m, t), codes = codes_differ(&m, t);
  if (good) {
    find_all(&m);
    good = make_records(&m) && codes;
  }
  if (m.doubts > DOUBTS_TOLD)
    remarks_say(&f->errors, "%1$s：还有 %2$d 行分不清谁是谁", "%1$s: %2$d more lines can't be told apart", m.label,
                m.doubts - DOUBTS_TOLD);
  int *record = good ? grow(NULL, (size_t)t->rows + 1, sizeof *record) : NULL;
  for (int i = 0; good && i < t->rows; i++) record[i] = m.who[i].record;
  free(m.claimed);
  free(m.who);
  if (t->rows > MANY) codes_unindex(f->codes);
  return record;
}
