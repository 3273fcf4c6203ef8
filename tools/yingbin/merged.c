/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/merged.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"
#include "journal/merge.h"
#include "pack/meetup.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/event_words.h"

static int by_number(const void *a, const void *b) {
  return strcmp((*(const struct person *const *)a)->number, (*(const struct person *const *)b)->number);
}

static int by_number_and_row(const void *a, const void *b) {
  const struct person *x = *(const struct person *const *)a, *y = *(const struct person *const *)b;
  const int order = by_number(a, b);
  return order ? order : (x > y) - (x < y);
}

static void index_people(struct merged *m) {
  const struct folder *f = m->folder;
  m->person = grow(NULL, (size_t)f->people_count + 1, sizeof(const struct person *));
  for (int i = 0; i < f->people_count; i++)
    if (strcmp(f->people[i].attention, ATTENTION_PRACTICE)) m->person[m->people++] = &f->people[i];
  m->seen = grow(NULL, (size_t)f->seen_count + 1, sizeof(const struct person *));
  for (int i = 0; i < f->seen_count; i++) m->seen[i] = &f->seen[i];
  if (f->seen_count) qsort(m->seen, (size_t)f->seen_count, sizeof(const struct person *), by_number_and_row);
  if (m->people) qsort(m->person, (size_t)m->people, sizeof(const struct person *), by_number);
}

void merged_init(struct merged *m, struct folder *folder, struct outputs *outputs) {
  *m = (struct merged){.rows = MERGED_ROWS_CLOSED, .folder = folder, .host = -1, .outputs = outputs};
  if (folder) index_people(m);
}

static const struct merged_meetup *find_meetup(const struct merged *m, const char *event) {
  for (int i = 0; i < m->meetups; i++)
    if (!strcmp(m->meetup[i].event.id, event)) return &m->meetup[i];
  return NULL;
}

/* Each kiosk of a meetup says the same of it, but when it began: the earliest counts. */
static void take_meetup(struct merged *m, const char *note, struct catalog *room) {
  struct meetup meetup;
  if (!meetup_of_note(note, &meetup) || find_meetup(m, meetup.id)) return;
  memset(room, 0, sizeof *room);
  meetup_catalog(&meetup, room);
  m->meetup = grow(m->meetup, (size_t)m->meetups + 1, sizeof *m->meetup);
  m->meetup[m->meetups++] = (struct merged_meetup){room->event[0], room->station[0]};
}

static bool read_meetups(struct merged *m, struct problem *problem) {
  sqlite3_stmt *s = NULL;
  struct catalog *room = grow(NULL, 1, sizeof *room);
  int step = SQLITE_DONE;
  bool good = merged_prepare(m,
                             "SELECT note FROM temp.rare CROSS JOIN record USING (n) WHERE kind = 'system' AND note GLOB "
                             "'meetup *' ORDER BY time_ms, n",
                             &s, problem);
  while (good && (step = sqlite3_step(s)) == SQLITE_ROW) take_meetup(m, merged_text(s, 0), room);
  good = good && merged_done(m, step, problem);
  sqlite3_finalize(s);
  free(room);
  return good;
}

/* Of who is on a roster, only kiosks that are enrolled say the name. */
static bool take_names(struct merged *m, struct problem *problem) {
  static const char sql[] =
      "CREATE TEMP TABLE named (about TEXT PRIMARY KEY, sealed TEXT, at_ms INTEGER) WITHOUT ROWID; "
      "INSERT INTO temp.named SELECT iif(coalesce(attendee, '') <> '' AND coalesce(enrolled, 1), '@' || attendee, ref) AS "
      "about, sealed, max(time_ms) FROM temp.rare CROSS JOIN record r USING (n) JOIN kiosk k ON k.id = from_kiosk WHERE kind = "
      "'correct' AND sealed IS NOT NULL AND ruling IS NULL AND about IS NOT NULL AND coalesce(r.id, '') NOT IN (SELECT ref "
      "FROM "
      "temp.rare CROSS JOIN record USING (n) WHERE kind = 'undo' AND ruling IS NULL AND ref IS NOT NULL) GROUP BY about";
  if (sqlite3_exec(m->db, sql, NULL, NULL, NULL)) return merged_done(m, SQLITE_ERROR, problem);
  return !merged_number(m, "SELECT count(*) FROM temp.named") ||
         (merged_prepare(m, "SELECT sealed FROM temp.named WHERE about = '@' || ?1", &m->named, problem) &&
          merged_prepare(m, "SELECT c.sealed FROM record r JOIN temp.named c ON c.about = r.id WHERE r.n = ?1", &m->told,
                         problem));
}

/* NULL: nobody gave one. An empty one was given. */
static const char *given(sqlite3_stmt *s) { return sqlite3_step(s) == SQLITE_ROW ? merged_text(s, 0) : NULL; }

static const char *given_to(struct merged *m, const char *number) {
  if (!m->named) return NULL;
  sqlite3_reset(m->named);
  sqlite3_bind_text(m->named, 1, number, -1, SQLITE_TRANSIENT);
  return given(m->named);
}

static const char *given_at(struct merged *m, uint32_t n) {
  if (!m->told) return NULL;
  sqlite3_reset(m->told);
  sqlite3_bind_int64(m->told, 1, n);
  return given(m->told);
}

const char *merged_sealed(struct merged *m, const char *number) {
  const char *name = given_to(m, number);
  return name ? name : "";
}

const char *merged_sealed_row(struct merged *m, const struct merged_row *row) {
  const char *who = merged_row_text(&m->rows, row->who);
  const char *name = *who && *who != '#' ? given_to(m, who) : given_at(m, row->n);
  return name ? name : merged_row_text(&m->rows, row->sealed);
}

bool merged_open(struct merged *m, const char *db, bool filled, struct problem *problem) {
  if (sqlite3_open_v2(db, &m->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL))
    return problem_set(problem, "打不开 %s：%s", "can't open %s: %s", db, sqlite3_errmsg(m->db));
  sqlite3_exec(m->db, "PRAGMA temp_store = FILE; PRAGMA cache_size = -16384", NULL, NULL, NULL);
  if (merged_number(m, "PRAGMA application_id") == MERGE_APPLICATION_ID &&
      merged_number(m, "PRAGMA user_version") <= MERGE_VERSION)
    return merged_rows_settle(&m->rows, m->db, filled, problem) && read_meetups(m, problem) && take_names(m, problem);
  return problem_set(problem, "%s 不是 yingbin log merge 的结果，或来自更新的版本",
                     "%s is not what yingbin log merge wrote, or of a newer version", db);
}

void merged_close(struct merged *m) {
  sqlite3_finalize(m->named), sqlite3_finalize(m->told);
  sqlite3_close(m->db);
  merged_rows_free(&m->rows);
  free(m->person), free(m->seen);
  free(m->meetup);
  sodium_memzero(m->key, sizeof m->key);
  m->named = m->told = NULL;
  m->db = NULL, m->person = m->seen = NULL, m->meetup = NULL, m->meetups = 0;
}

const struct person *merged_person(const struct merged *m, const char *number) {
  struct person wanted = {.number = number};
  const struct person *key = &wanted;
  if (!m->people) return NULL;
  const struct person **found = bsearch(&key, m->person, (size_t)m->people, sizeof(const struct person *), by_number);
  return found ? *found : NULL;
}

bool merged_ours(const struct merged *m, const struct person *p) { return m->host < 0 || (p && p->hosts >> m->host & 1); }

const struct person *merged_seen_by(const struct merged *m, int host, const struct person *p) {
  if (host < 0 || host >= HOSTS_MAX || !p || !p->shared) return p;
  int low = 0, high = m->folder->seen_count;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (strcmp(m->seen[middle]->number, p->number) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < m->folder->seen_count && !strcmp(m->seen[low]->number, p->number); low++)
    if (m->seen[low]->hosts >> host & 1) return m->seen[low];
  return p;
}

const struct person *merged_seen(const struct merged *m, const struct person *p) { return merged_seen_by(m, m->host, p); }

bool merged_prepare(struct merged *m, const char *sql, sqlite3_stmt **s, struct problem *problem) {
  if (!sqlite3_prepare_v2(m->db, sql, -1, s, NULL)) return true;
  return problem_set(problem, "读合并结果出错：%s", "the merged log can't be read: %s", sqlite3_errmsg(m->db));
}

bool merged_done(struct merged *m, int step, struct problem *problem) {
  return step == SQLITE_DONE ||
         problem_set(problem, "读合并结果出错：%s", "the merged log can't be read: %s", sqlite3_errmsg(m->db));
}

const char *merged_text(sqlite3_stmt *s, int column) {
  const char *text = (const char *)sqlite3_column_text(s, column);
  return text ? text : "";
}

int64_t merged_number(struct merged *m, const char *sql) {
  sqlite3_stmt *s = NULL;
  int64_t number = 0;
  if (!sqlite3_prepare_v2(m->db, sql, -1, &s, NULL) && sqlite3_step(s) == SQLITE_ROW) number = sqlite3_column_int64(s, 0);
  sqlite3_finalize(s);
  return number;
}

/* --- words --- */

static const struct event in_china = {.zone = {.spans = 1, .offset_s = {8 * 3600}}, .day_border_s = 4 * 3600};

const struct event *merged_event(const struct merged *m, const char *event) {
  const struct catalog *c = m->folder ? &m->folder->catalog : NULL;
  for (int i = 0; c && i < c->events; i++)
    if (!strcmp(c->event[i].id, event)) return &c->event[i];
  const struct merged_meetup *meetup = find_meetup(m, event);
  if (meetup) return &meetup->event;
  return c && c->events ? &c->event[0] : &in_china;
}

static char *put_digits(char *at, int count, int number, char behind) {
  for (int i = count; i--; number /= 10) at[i] = (char)('0' + number % 10);
  at[count] = behind;
  return at + count + 1;
}

void merged_time(const struct merged *m, const char *event, int64_t ms, char out[MERGED_TIME]) {
  const struct civil c = civil_of(&merged_event(m, event)->zone, ms);
  if (c.year < 0) { /* nobody's clock; all the same, no number is cut */
    snprintf(out, MERGED_TIME, "%04d-%02d-%02d %02d:%02d:%02d", c.year % 10000, c.month, c.day, c.hour, c.minute, c.second);
    return;
  }
  out = put_digits(out, 4, c.year, '-');
  out = put_digits(out, 2, c.month, '-');
  out = put_digits(out, 2, c.day, ' ');
  out = put_digits(out, 2, c.hour, ':');
  out = put_digits(out, 2, c.minute, ':');
  put_digits(out, 2, c.second, '\0');
}

const struct station *merged_station(const struct merged *m, const char *station) {
  const struct catalog *c = m->folder ? &m->folder->catalog : NULL;
  for (int i = 0; c && i < c->stations; i++)
    if (!strcmp(c->station[i].id, station)) return &c->station[i];
  for (int i = 0; i < m->meetups; i++)
    if (!strcmp(m->meetup[i].door.id, station)) return &m->meetup[i].door;
  return NULL;
}

const char *merged_label(const struct merged *m, const char *station) {
  const struct station *s = merged_station(m, station);
  const char *label = s ? words_in(&s->label, LANG_ZH_HANS) : "", *slash = strchr(station, '/');
  if (*label) return label;
  if (s && slash && !strcmp(slash + 1, "door")) return "签到";
  return station;
}

static const char *word(const char *const words[][2], size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (!strcmp(words[i][0], name)) return words[i][1];
  return name;
}

const char *merged_type(const struct merged *m, int type) {
  const struct catalog *c = m->folder ? &m->folder->catalog : NULL;
  if (!c || type < 0 || type >= c->types) return "";
  const char *label = words_in(&c->type[type].label, LANG_ZH_HANS);
  return *label ? label : c->type[type].key;
}

const char *merged_host(const struct merged *m, int host) {
  const struct host *h = &m->folder->catalog.host[host];
  const char *name = words_in(&h->name, LANG_ZH_HANS);
  return *name ? name : h->id;
}

void merged_hosts(const struct merged *m, uint32_t hosts, char *out, size_t size) {
  size_t used = 0;
  out[0] = 0;
  for (int i = 0; m->folder && i < m->folder->catalog.hosts && used < size; i++)
    if (hosts >> i & 1) used += (size_t)snprintf(out + used, size - used, "%s%s", used ? "、" : "", merged_host(m, i));
}

const char *merged_by(const char *by) {
  static const char *const words[][2] = {{"camera", "扫码"}, {"reader", "扫码枪"}, {"tap", "点按"},
                                         {"hand", "手动"},   {"phone", "手机"},    {"paper", "纸质名单"}};
  return word(words, sizeof words / sizeof *words, by);
}

const char *merged_verdict(const char *verdict) {
  static const char *const words[][2] = {
      {"admit", "签到"},           {"again", "再次到来"},      {"early", "尚未开始"},        {"closed", "已结束"},
      {"elsewhere", "别处的票"},   {"wrong_type", "票种不符"}, {"missing_step", "缺前一步"}, {"full", "名额已满"},
      {"not_confirmed", "待确认"}, {"revoked", "已作废"},      {"expired", "已过期"},        {"forged", "伪造"},
      {"unknown", "未报名"},       {"not_a_ticket", "不是票"}, {"fault", "签到机故障"}};
  return word(words, sizeof words / sizeof *words, verdict);
}

/* --- sealed names --- */

/* A name as it is, or an object with one. */
static void take_name(const char *plain, size_t len, char out[MERGED_NAME]) {
  json_t *o = *plain == '{' ? json_loadb(plain, len, 0, NULL) : NULL;
  const char *name = json_string_value(json_object_get(o, "name"));
  if (!name) name = plain;
  size_t n = strlen(name);
  if (n >= MERGED_NAME || !utf8_valid(name, n)) n = 0;
  memcpy(out, name, n);
  out[n] = 0;
  json_decref(o);
  cell_clean(ROSTER_NAME, out, &n);
  out[n] = 0;
}

void merged_unseal(const struct merged *m, const char *who, const char *sealed, char out[MERGED_NAME]) {
  uint8_t box[1024], plain[1024] = {0};
  size_t n;
  out[0] = 0;
  if (!*sealed || !m->has_key) return;
  if (m->folder && *who && *who != '#' && !merged_person(m, who)) return;
  if (sodium_base642bin(box, sizeof box, sealed, strlen(sealed), NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) ||
      n <= crypto_box_SEALBYTES || crypto_box_seal_open(plain, box, n, m->public_key, m->key))
    return;
  take_name((const char *)plain, n - crypto_box_SEALBYTES, out);
  sodium_memzero(plain, sizeof plain);
}
