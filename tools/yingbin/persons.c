/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/persons.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/ticket.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/merges.h"
#include "tools/yingbin/who.h"

/* --- values that pack.ini doesn't know --- */

enum { VALUES = 20 };

struct tally { /* the values of a column that are not known, each with its rows */
  const char *value[VALUES];
  struct lines lines[VALUES];
  int values, others;
};

static void tally_add(struct tally *t, const char *value, int line) {
  int i = 0;
  while (i < t->values && strcmp(t->value[i], value) != 0) i++;
  if (i == VALUES) {
    t->others++;
    return;
  }
  if (i == t->values) t->value[t->values++] = value;
  lines_add(&t->lines[i], line);
}

static void tally_tell(const struct tally *t, struct remarks *out, const struct roster_table *table, int column, const char *zh,
                       const char *en) {
  const char *label = table->facts.label;
  for (int i = 0; i < t->values; i++) {
    struct roster_cells c = roster_cells(table, &t->lines[i], column);
    remarks_say(out, "%1$s %2$s：“%4$s” %5$s%3$.0s%6$.0s", "%1$s, %3$s: “%4$s” %6$s%2$.0s%5$.0s", label, c.zh, c.en,
                t->value[i], zh, en);
  }
  if (t->others)
    remarks_say(out, "%1$s：还有 %2$d 行是别的值，%3$s%4$.0s", "%1$s: %2$d more lines with other values %4$s%3$.0s", label,
                t->others, zh, en);
}

/* --- from a row to a person --- */

struct taking { /* one roster's rows on their way to people */
  struct folder *f;
  struct roster *r;
  const struct roster_table *t;
  int roster;
  struct tally types, statuses;
  struct lines no_status;
  const char *last_type; /* and what it came to: most rows say what the one before said */
  int16_t last;
};

static bool is_type(const struct folder *f, int i, const char *text) {
  const struct ticket_type *t = &f->catalog.type[i];
  bool same = list_has(f->type_match[i], text) || !strcmp(f->type_match[i], text) || !strcmp(t->key, text);
  for (int l = 0; l < LANG_COUNT; l++) same = same || !strcmp(t->label.in[l], text);
  return same;
}

static int16_t type_of(struct taking *k, const char *text, int line) {
  const struct folder *f = k->f;
  if (!*text || !f->catalog.types) return -1;
  if (k->last_type && k->last >= 0 && !strcmp(k->last_type, text)) return k->last;
  k->last_type = text;
  for (k->last = 0; k->last < f->catalog.types; k->last++)
    if (is_type(f, k->last, text)) return k->last;
  k->last = -1;
  tally_add(&k->types, text, line);
  return -1;
}

static int32_t party_of(struct taking *k, const char *text, int line) {
  int64_t n = 1;
  if (*text && !form_number(text, 1, 99, &n)) {
    struct roster_place p = roster_place(k->t, line, k->t->place[ROSTER_PARTY]);
    remarks_say(&k->f->errors, "%1$s %2$s：人数应当是 1 到 99 的整数，这里是“%4$s”%3$.0s",
                "%1$s, %3$s: the party size should be a whole number from 1 to 99, not “%4$s”%2$.0s", k->r->label, p.zh, p.en,
                text);
    return 1;
  }
  return (int32_t)n;
}

static bool confirmed(struct taking *k, const char *text, int line) {
  if (!k->t->place[ROSTER_STATUS] || !strcmp(k->r->status_ok, "*") || list_has(k->r->status_ok, text)) return true;
  if (!*text)
    lines_add(&k->no_status, line);
  else if (!list_has(k->r->status_no, text))
    tally_add(&k->statuses, text, line);
  return false;
}

/* What people write for the few kinds that screens treat in their own way; all else is a note to staff. */
static const char *attention_of(const char *text) {
  static const struct {
    const char *is, *words;
  } kind[] = {{ATTENTION_VIP, "vip, VIP, Vip, 贵宾, 贵賓, 重要嘉宾"},
              {ATTENTION_MINOR, "minor, child, 未成年, 未成年人, 儿童, 兒童, 小孩, 学生（未成年）"},
              {ATTENTION_STAFF, "staff, 关注, 關注, 特别关注, 是, yes, y, 1, √, ✓, ★, 需协助, 请找工作人员"}};
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++)
    if (list_has(kind[i].words, text)) return kind[i].is;
  return text;
}

static struct person person_of(struct taking *k, const struct roster_row *row, const struct record *record, bool is_new) {
  const char *cell[ROSTER_COLUMNS];
  roster_fields(k->t, row, cell);
  bool foreign = *cell[ROSTER_CODE] && strcmp(cell[ROSTER_CODE], record->code) != 0;
  return (struct person){.roster = k->roster,
                         .line = row->line,
                         .event = k->r->event,
                         .hosts = k->r->hosts,
                         .type = type_of(k, cell[ROSTER_TYPE], row->line),
                         .number = pool_format(&k->f->texts, "%" PRIu64, record->number),
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
                         .attention = attention_of(cell[ROSTER_ATTENTION]),
                         .ticket_number = cell[ROSTER_NUMBER],
                         .order = cell[ROSTER_ORDER],
                         .party = party_of(k, cell[ROSTER_PARTY], row->line),
                         .foreign = foreign,
                         .confirmed = confirmed(k, cell[ROSTER_STATUS], row->line),
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
                f->roster[other->roster].label, other->line, other->name);
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

static void keep_seen(struct folder *f, const struct person *row) {
  f->seen = grow(f->seen, (size_t)f->seen_count + 1, sizeof *f->seen);
  f->seen[f->seen_count++] = *row;
}

static void meet_again(struct folder *f, struct person *p, const struct person *other) {
  if (!p->shared) keep_seen(f, p);
  p->shared = true;
  keep_seen(f, other);
  merges_add(f, p, other);
  merge(f, p, other);
}

static bool status_known(struct folder *f, const struct roster *r, const struct roster_table *t) {
  if (!*r->status_ok && t->place[ROSTER_STATUS]) {
    struct roster_place p = roster_place(t, t->head_line, t->place[ROSTER_STATUS]);
    return remarks_say(
        &f->errors,
        "%1$s %2$s：有状态列“%4$s”，pack.ini 里却没有 status.ok，未付款、已取消的人也会放行。请写 status.ok = 已通过, "
        "已付款 和 status.no = 已取消；全部放行则写 status.ok = *%3$.0s",
        "%1$s, %3$s: there is a status column “%4$s”, but no status.ok in pack.ini: who hasn't paid or has cancelled would be "
        "let in, too. Set status.ok = VALUE, VALUE and status.no = VALUE; to let everyone in, status.ok = *%2$.0s",
        r->label, p.zh, p.en, t->heading[ROSTER_STATUS]);
  }
  if (!*r->status_ok || !strcmp(r->status_ok, "*") || t->place[ROSTER_STATUS]) return true;
  return remarks_say(&f->errors,
                     "%s：pack.ini 写了 status.ok，名单里却没有状态列。请写 status.column = 标题；名单上的人都可入场的，请从 "
                     "pack.ini 删去 status.ok 和 status.no",
                     "%s: pack.ini has status.ok, but the roster has no status column. Set status.column = HEADING, or, where "
                     "everybody on it may come, take "
                     "status.ok and status.no out of pack.ini",
                     r->label);
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

static void tell_types(const struct taking *k) {
  char zh[300], en[300], known[160] = "";
  size_t n = 0;
  for (int i = 0; i < k->f->catalog.types && n + ID_MAX + 4 < sizeof known; i++)
    n = (size_t)(stpcpy(stpcpy(known + n, n ? ", " : ""), k->f->catalog.type[i].key) - known);
  snprintf(zh, sizeof zh, "没有 [type] 小节与这个票种对应。请在其中一个的 match 里加上它：%s", known);
  snprintf(en, sizeof en, "is a ticket type that no [type] section matches. Add it to match of one of them: %s", known);
  tally_tell(&k->types, &k->f->errors, k->t, k->t->place[ROSTER_TYPE], zh, en);
}

static void tell_values(const struct taking *k) {
  char zh[LINES_TEXT], en[LINES_TEXT];
  tell_types(k);
  tally_tell(&k->statuses, &k->f->errors, k->t, k->t->place[ROSTER_STATUS],
             "这个状态 pack.ini 里没有。请把它写进 status.ok（放行）或 status.no（不放行）",
             "is a status that pack.ini doesn't know. Add it to status.ok (let in) or status.no (not let in)");
  if (!k->no_status.count) return;
  lines_tell(&k->no_status, zh, en);
  remarks_say(&k->f->warnings, "%1$s %2$s：没有状态，当作报名待确认，不放行%3$.0s",
              "%1$s, %3$s: no status; taken for not confirmed, and not let in%2$.0s", k->r->label, zh, en);
}

/* Types, statuses and party sizes are looked at in any case: all that is wrong is told in one run. */
static void check_values(struct taking *k) {
  static const struct record nobody = {.code = ""};
  for (int i = 0; i < k->t->rows; i++) person_of(k, &k->t->row[i], &nobody, false);
  tell_values(k);
}

void persons_check(struct folder *f, int roster, const struct roster_table *t) {
  struct taking k = {.f = f, .r = &f->roster[roster], .t = t, .roster = roster};
  if (!t->rows) return;
  who_check(f, k.r, t);
  if (status_known(f, k.r, t)) check_values(&k);
}

void persons_take(struct folder *f, int roster, const struct roster_table *t) {
  struct taking k = {.f = f, .r = &f->roster[roster], .t = t, .roster = roster};
  int old = f->codes->records;
  k.r->rows = t->rows;
  if (!status_known(f, k.r, t)) return;
  int *record = who_records(f, k.r, t), *known = record ? people_by_record(f) : NULL;
  if (!record) {
    check_values(&k);
    return;
  }
  f->people = grow(f->people, (size_t)f->people_count + (size_t)t->rows + 1, sizeof *f->people);
  for (int i = 0; i < t->rows; i++) {
    struct person p = person_of(&k, &t->row[i], &f->codes->record[record[i]], record[i] >= old);
    if (known[record[i]] >= 0)
      meet_again(f, &f->people[known[record[i]]], &p);
    else
      f->people[f->people_count++] = p;
  }
  tell_values(&k);
  free(known);
  free(record);
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
    assert(p);
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
                "%1$s, line %2$d: the code is that of %3$s, line %4$d, too; a code is one person's", f->roster[p->roster].label,
                p->line, f->roster[q->roster].label, q->line);
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
