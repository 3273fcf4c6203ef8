/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/persons.h"

#include <ctype.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/ticket.h"
#include "tools/yingbin/forms.h"

struct who { /* one row on its way to a person */
  const struct roster_row *row;
  struct known keys;
  int record;           /* -1: not known yet */
  int level;            /* at which it was found */
  int candidate, other; /* of the level being asked: the first record, and one more that isn't it; -1: none */
  int doubt[2];         /* records between which no level could choose */
};

struct match {
  struct folder *f;
  const struct roster *roster;
  const char *event;
  struct who *who;
  int count;
  int *claimed; /* by record: which row has it, -1: none */
  int claims;
};

/* --- keys, as they are compared --- */

static const char *plain_phone(struct folder *f, const char *text) {
  char digits[64];
  size_t n = 0;
  for (; *text && n < sizeof digits - 1; text++)
    if (isdigit((unsigned char)*text)) digits[n++] = *text;
  size_t country = n == 13 && !memcmp(digits, "86", 2) ? 2 : n == 15 && !memcmp(digits, "0086", 4) ? 4 : 0;
  return pool_add(&f->texts, digits + country, n - country);
}

static const char *plain_email(struct folder *f, const char *text) {
  char *lower = (char *)pool_add(&f->texts, text, strlen(text));
  for (char *p = lower; *p; p++) *p = (char)tolower((unsigned char)*p);
  return lower;
}

static struct known keys_of(struct folder *f, const struct roster *r, const struct roster_row *row) {
  return (struct known){.roster = r->file,
                        .name = row->field[ROSTER_NAME],
                        .phone = plain_phone(f, row->field[ROSTER_PHONE]),
                        .email = plain_email(f, row->field[ROSTER_EMAIL]),
                        .ticket_number = row->field[ROSTER_NUMBER],
                        .order = row->field[ROSTER_ORDER]};
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
    int more = w->candidate + 1024;
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
    if (i != but && (m->who[i].record == record || m->who[i].doubt[0] == record)) return m->who[i].row->line;
  return 0;
}

static void in_doubt(struct match *m, int i, int record) {
  const struct who *w = &m->who[i];
  int line = row_of(m, record, i);
  if (line)
    remarks_say(
        &m->f->errors,
        "%1$s 第 %2$d 行与第 %3$d 行的“%4$s”分不清谁是谁。请给每人一个不同的票号，或写上各自的手机、邮箱；重复报名的删掉一行",
        "%1$s: the “%4$s” of lines %2$d and %3$d can't be told apart. Give each a ticket number, or their own phone or e-mail; "
        "delete the line of one who signed up twice",
        m->roster->file, w->row->line, line, w->keys.name);
  else
    remarks_say(&m->f->errors,
                "%1$s 第 %2$d 行的“%3$s”分不清是 codes.csv 里的哪一位（编号 %4$" PRIu64 " 等）。请写上票号、手机或邮箱",
                "%1$s, line %2$d: “%3$s” may be more than one person of codes.csv (number %4$" PRIu64
                " and others). Give the ticket number, phone or e-mail",
                m->roster->file, w->row->line, w->keys.name, m->f->codes->record[record].number);
}

static int by_ticket_number(const void *a, const void *b) {
  const struct who *x = *(const struct who *const *)a, *y = *(const struct who *const *)b;
  int order = strcmp(x->keys.ticket_number, y->keys.ticket_number);
  return order ? order : x->row->line - y->row->line;
}

static bool numbers_differ(struct match *m, int place) {
  bool good = true;
  const struct who **sorted = grow(NULL, (size_t)m->count + 1, sizeof *sorted);
  for (int i = 0; i < m->count; i++) sorted[i] = &m->who[i];
  qsort(sorted, (size_t)m->count, sizeof *sorted, by_ticket_number);
  for (int i = 1; i < m->count; i++) {
    if (!*sorted[i]->keys.ticket_number || strcmp(sorted[i]->keys.ticket_number, sorted[i - 1]->keys.ticket_number) != 0)
      continue;
    good = remarks_say(
        &m->f->errors,
        "%1$s 第 %2$d 行第 %3$d 列：票号 %4$s 与第 %5$d 行重复。若是几人同号的订单号，请在 pack.ini 写 columns.order",
        "%1$s, line %2$d, column %3$d: ticket number %4$s is on line %5$d, too. If several people share it, it is an order "
        "number: set columns.order in pack.ini",
        m->roster->file, sorted[i]->row->line, place, sorted[i]->keys.ticket_number, sorted[i - 1]->row->line);
  }
  free(sorted);
  return good;
}

/* Rows that nobody was found for become records; then every row must be found again, as the next build will have to. */
static bool make_records(struct match *m) {
  bool good = true;
  int old = m->f->codes->records;
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

/* --- from a row to a person --- */

static int16_t type_of(struct folder *f, const struct roster *r, const struct roster_row *row, int place) {
  const char *text = row->field[ROSTER_TYPE];
  if (!*text || !f->catalog.types) return -1;
  for (int i = 0; i < f->catalog.types; i++) {
    const struct ticket_type *t = &f->catalog.type[i];
    bool same = list_has(f->type_match[i], text) || !strcmp(f->type_match[i], text) || !strcmp(t->key, text);
    for (int l = 0; l < LANG_COUNT; l++) same = same || !strcmp(t->label.in[l], text);
    if (same) return (int16_t)i;
  }
  char known[200] = "";
  size_t n = 0;
  for (int i = 0; i < f->catalog.types && n + ID_MAX + 4 < sizeof known; i++)
    n = (size_t)(stpcpy(stpcpy(known + n, n ? ", " : ""), f->catalog.type[i].key) - known);
  remarks_say(&f->errors, "%1$s 第 %2$d 行第 %3$d 列：票种“%4$s”没有 [type] 小节与它对应。请在其中一个的 match 里加上它：%5$s",
              "%1$s, line %2$d, column %3$d: no [type] section matches “%4$s”. Add it to match of one of them: %5$s", r->file,
              row->line, place, text, known);
  return -1;
}

static int32_t party_of(struct folder *f, const struct roster *r, const struct roster_row *row, int place) {
  const char *text = row->field[ROSTER_PARTY];
  int64_t n = 1;
  if (*text && !form_number(text, 1, 99, &n)) {
    remarks_say(&f->errors, "%1$s 第 %2$d 行第 %3$d 列：人数应当是 1 到 99 的整数，这里是“%4$s”",
                "%1$s, line %2$d, column %3$d: the party size should be a whole number from 1 to 99, not “%4$s”", r->file,
                row->line, place, text);
    return 1;
  }
  return (int32_t)n;
}

static struct person person_of(struct folder *f, int roster, const struct roster_table *t, const struct who *w, bool is_new) {
  const struct roster *r = &f->roster[roster];
  const struct record *record = &f->codes->record[w->record];
  const char *const *cell = w->row->field;
  bool foreign = *cell[ROSTER_CODE] && strcmp(cell[ROSTER_CODE], record->code) != 0;
  return (struct person){.roster = roster,
                         .line = w->row->line,
                         .event = r->event,
                         .hosts = r->hosts,
                         .type = type_of(f, r, w->row, t->place[ROSTER_TYPE]),
                         .number = pool_format(&f->texts, "%" PRIu64, record->number),
                         .code = foreign ? cell[ROSTER_CODE] : record->code,
                         .second = "",
                         .issued = record->code,
                         .name = cell[ROSTER_NAME],
                         .phone = cell[ROSTER_PHONE],
                         .email = cell[ROSTER_EMAIL],
                         .organization = cell[ROSTER_ORGANIZATION],
                         .title = cell[ROSTER_TITLE],
                         .seat = cell[ROSTER_SEAT],
                         .status = cell[ROSTER_STATUS],
                         .attention = cell[ROSTER_ATTENTION],
                         .ticket_number = cell[ROSTER_NUMBER],
                         .order = cell[ROSTER_ORDER],
                         .party = party_of(f, r, w->row, t->place[ROSTER_PARTY]),
                         .foreign = foreign,
                         .confirmed = !*r->status_ok || list_has(r->status_ok, cell[ROSTER_STATUS]),
                         .is_new = is_new};
}

static void fill(const char **text, const char *other) {
  if (!**text) *text = other;
}

/* The same person on another roster of the event: what the first one left empty, both hosts, the better status. */
static void merge(struct folder *f, struct person *p, const struct person *other) {
  if (!p->foreign && other->foreign)
    p->code = other->code, p->foreign = true;
  else if (other->foreign && strcmp(p->code, other->code) != 0 && !*p->second)
    p->second = other->code;
  else if (other->foreign && strcmp(p->code, other->code) != 0 && strcmp(p->second, other->code) != 0)
    remarks_say(&f->errors, "%1$s 第 %2$d 行：“%3$s”在几份名单里有三个不同的码，最多两个",
                "%1$s, line %2$d: “%3$s” has three codes in several rosters; at most two are possible",
                f->roster[other->roster].file, other->line, other->name);
  fill(&p->phone, other->phone);
  fill(&p->email, other->email);
  fill(&p->organization, other->organization);
  fill(&p->title, other->title);
  fill(&p->seat, other->seat);
  fill(&p->attention, other->attention);
  p->hosts |= other->hosts;
  p->confirmed = p->confirmed || other->confirmed;
  if (p->type < 0) p->type = other->type;
  if (p->party < other->party) p->party = other->party;
}

static void add_person(struct folder *f, const struct person *p) {
  if ((f->people_count & (f->people_count - 1)) == 0)
    f->people = grow(f->people, f->people_count ? (size_t)f->people_count * 2 : 1, sizeof *f->people);
  f->people[f->people_count++] = *p;
}

static bool status_known(struct folder *f, const struct roster *r, const struct roster_table *t) {
  if (!*r->status_ok || t->place[ROSTER_STATUS]) return true;
  return remarks_say(&f->errors, "%s：pack.ini 写了 status.ok，名单里却没有状态列。请写 status.column = 标题",
                     "%s: pack.ini has status.ok, but the roster has no status column. Set status.column = HEADING", r->file);
}

/* By record, the person that it is already (from an earlier roster); -1: none. */
static int *people_by_record(const struct folder *f) {
  int *index = grow(NULL, (size_t)f->codes->records + 1, sizeof *index);
  for (int i = 0; i < f->codes->records; i++) index[i] = -1;
  for (int i = 0, record = 0; i < f->people_count; i++) {
    uint64_t number = strtoull(f->people[i].number, NULL, 10);
    int low = 0, high = f->codes->records - 1; /* numbers ascend */
    while (low < high) {
      int middle = low + (high - low) / 2;
      if (f->codes->record[middle].number < number)
        low = middle + 1;
      else
        high = middle;
    }
    record = low;
    index[record] = i;
  }
  return index;
}

void persons_take(struct folder *f, int roster, const struct roster_table *t) {
  struct roster *r = &f->roster[roster];
  struct match m = {.f = f, .roster = r, .event = f->catalog.event[r->event].id, .count = t->rows};
  int old = f->codes->records;
  r->rows = t->rows;
  if (!status_known(f, r, t)) return;
  m.who = grow(NULL, (size_t)t->rows + 1, sizeof *m.who);
  for (int i = 0; i < t->rows; i++) m.who[i] = (struct who){.row = &t->row[i], .keys = keys_of(f, r, &t->row[i]), .record = -1};
  bool good = numbers_differ(&m, t->place[ROSTER_NUMBER]);
  if (good) {
    find_all(&m);
    good = make_records(&m);
  }
  int *known = good ? people_by_record(f) : NULL;
  for (int i = 0; good && i < t->rows; i++) {
    int record = m.who[i].record;
    struct person p = person_of(f, roster, t, &m.who[i], record >= old);
    if (known[record] >= 0)
      merge(f, &f->people[known[record]], &p);
    else
      add_person(f, &p);
  }
  free(known);
  free(m.claimed);
  free(m.who);
}

/* --- codes --- */

struct used_code {
  int16_t event;
  const char *code;
  int person;
};

static int by_code(const void *a, const void *b) {
  const struct used_code *x = a, *y = b;
  if (x->event != y->event) return x->event - y->event;
  int order = strcmp(x->code, y->code);
  return order ? order : x->person - y->person;
}

static void check_codes(struct folder *f) {
  struct used_code *used = grow(NULL, (size_t)f->people_count * 3 + 1, sizeof *used);
  int n = 0;
  for (int i = 0; i < f->people_count; i++) {
    const struct person *p = &f->people[i];
    used[n++] = (struct used_code){p->event, p->code, i};
    if (*p->second) used[n++] = (struct used_code){p->event, p->second, i};
    if (*p->issued && strcmp(p->issued, p->code) != 0) used[n++] = (struct used_code){p->event, p->issued, i};
  }
  qsort(used, (size_t)n, sizeof *used, by_code);
  for (int i = 1; i < n; i++) {
    if (used[i].event != used[i - 1].event || strcmp(used[i].code, used[i - 1].code) != 0 ||
        used[i].person == used[i - 1].person)
      continue;
    const struct person *p = &f->people[used[i].person], *q = &f->people[used[i - 1].person];
    remarks_say(&f->errors, "%1$s 第 %2$d 行：签到码与 %3$s 第 %4$d 行重复，一个码只能给一个人",
                "%1$s, line %2$d: the code is that of %3$s, line %4$d, too; a code is one person's", f->roster[p->roster].file,
                p->line, f->roster[q->roster].file, q->line);
  }
  free(used);
}

void persons_finish(struct folder *f) {
  int *known = people_by_record(f);
  for (int i = 0; i < f->codes->records; i++) {
    struct record *r = &f->codes->record[i];
    struct person *p = known[i] >= 0 ? &f->people[known[i]] : NULL;
    if (!p || *r->code || p->foreign) continue;
    uint8_t random[10];
    char code[CODE_LEN + 1];
    randombytes_buf(random, sizeof random);
    ticket_code(random, code);
    p->code = p->issued = r->code = pool_add(&f->texts, code, CODE_LEN);
    f->codes->changed = true;
  }
  free(known);
  check_codes(f);
}
