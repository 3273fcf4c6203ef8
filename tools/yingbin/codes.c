/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/codes.h"

#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "core/ticket.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/forms.h"

enum { FILE_MOST = 1 << 30, COLUMNS = 10 };
static const char head[] = "kind,number,code,event,roster,name,phone,email,ticket_number,order\n";
enum { KIND, NUMBER, CODE, EVENT, ROSTER, NAME, PHONE, EMAIL, TICKET_NUMBER, ORDER };

/* A multimap of keys' 64-bit digests to sets of keys; two keys of one digest are as good as impossible
 * in a folder, and would only make a person ambiguous. */
struct codes_index {
  size_t room; /* a power of two */
  int *first;  /* of a bucket, -1: none */
  struct link {
    uint64_t digest;
    int known, next;
  } * link;
  size_t links;
};

static bool digest_of(int level, const char *event, const struct known *k, uint64_t *out) {
  const char *part[KEY_LEVELS][3] = {{k->roster, k->ticket_number, ""},
                                     {k->roster, k->order, k->name},
                                     {"", k->phone, k->name},
                                     {"", k->email, k->name},
                                     {k->roster, "name", k->name}};
  static const uint8_t key[crypto_generichash_KEYBYTES] = "yingbin who is who";
  uint8_t which = (uint8_t)level;
  crypto_generichash_state h;
  if (!*part[level][1]) return false;
  crypto_generichash_init(&h, key, sizeof key, crypto_generichash_BYTES_MIN);
  crypto_generichash_update(&h, &which, 1);
  crypto_generichash_update(&h, (const uint8_t *)event, strlen(event) + 1);
  for (int i = 0; i < 3; i++) crypto_generichash_update(&h, (const uint8_t *)part[level][i], strlen(part[level][i]) + 1);
  uint8_t hash[crypto_generichash_BYTES_MIN];
  crypto_generichash_final(&h, hash, sizeof hash);
  memcpy(out, hash, sizeof *out);
  return true;
}

static void index_grow(struct codes_index *x) {
  x->room = x->room ? x->room * 2 : 1024;
  x->first = grow(x->first, x->room, sizeof *x->first);
  x->link = grow(x->link, x->room, sizeof *x->link);
  for (size_t i = 0; i < x->room; i++) x->first[i] = -1;
  for (size_t i = 0; i < x->links; i++) {
    int *bucket = &x->first[x->link[i].digest & (x->room - 1)];
    x->link[i].next = *bucket;
    *bucket = (int)i;
  }
}

static void index_add(struct codes *c, int known) {
  if (!c->index) *(c->index = grow(NULL, 1, sizeof *c->index)) = (struct codes_index){.room = 0};
  struct codes_index *x = c->index;
  const struct known *k = &c->known[known];
  for (int level = 0; level < KEY_LEVELS; level++) {
    uint64_t digest;
    if (!digest_of(level, c->record[k->record].event, k, &digest)) continue;
    if (x->links == x->room) index_grow(x);
    int *bucket = &x->first[digest & (x->room - 1)];
    x->link[x->links] = (struct link){digest, known, *bucket};
    *bucket = (int)x->links++;
  }
}

static bool differ(const char *a, const char *b) { return *a && *b && strcmp(a, b) != 0; }

static bool contradicts(const struct known *a, const struct known *b) {
  return differ(a->ticket_number, b->ticket_number) || differ(a->order, b->order) || differ(a->phone, b->phone) ||
         differ(a->email, b->email);
}

/* The name alone is enough only where nothing that was ever known of the record says that it is someone else. */
static bool someone_else(const struct codes_index *x, const struct codes *c, int first, uint64_t digest, int record,
                         const struct known *keys) {
  for (int i = first; i >= 0; i = x->link[i].next) {
    const struct known *k = &c->known[x->link[i].known];
    if (x->link[i].digest == digest && k->record == record && contradicts(k, keys)) return true;
  }
  return false;
}

bool codes_find(const struct codes *c, int level, const char *event, const struct known *keys,
                void (*each)(void *self, int record), void *self) {
  const struct codes_index *x = c->index;
  uint64_t digest;
  if (!digest_of(level, event, keys, &digest)) return false;
  int first = x && x->room ? x->first[digest & (x->room - 1)] : -1;
  for (int i = first; i >= 0; i = x->link[i].next) {
    int record = c->known[x->link[i].known].record;
    if (x->link[i].digest != digest) continue;
    if (level < KEY_LEVELS - 1 || !someone_else(x, c, first, digest, record, keys)) each(self, record);
  }
  return true;
}

int codes_add(struct codes *c, const char *event) {
  if ((c->records & (c->records - 1)) == 0)
    c->record = grow(c->record, c->records ? (size_t)c->records * 2 : 1, sizeof *c->record);
  c->record[c->records] = (struct record){.number = ++c->last_number, .event = event, .code = ""};
  c->changed = true;
  return c->records++;
}

static bool same_keys(const struct known *a, const struct known *b) {
  return !strcmp(a->roster, b->roster) && !strcmp(a->name, b->name) && !strcmp(a->phone, b->phone) &&
         !strcmp(a->email, b->email) && !strcmp(a->ticket_number, b->ticket_number) && !strcmp(a->order, b->order);
}

void codes_reindex(struct codes *c) {
  if (c->index) return;
  for (int i = 0; i < c->knowns; i++) index_add(c, i);
}

static void add_known(struct codes *c, const struct known *known) {
  if ((c->knowns & (c->knowns - 1)) == 0) c->known = grow(c->known, c->knowns ? (size_t)c->knowns * 2 : 1, sizeof *c->known);
  c->known[c->knowns] = *known;
  index_add(c, c->knowns++);
}

void codes_know(struct codes *c, const struct known *known) {
  uint64_t digest; /* every set of keys has the last level's, so that bucket holds all that could be the same */
  digest_of(KEY_LEVELS - 1, c->record[known->record].event, known, &digest);
  for (int i = c->index && c->index->room ? c->index->first[digest & (c->index->room - 1)] : -1; i >= 0;
       i = c->index->link[i].next) {
    const struct known *k = &c->known[c->index->link[i].known];
    if (k->record == known->record && same_keys(k, known)) return;
  }
  add_known(c, known);
  c->changed = true;
}

int codes_type(struct codes *c, const char *key) {
  int most = 0;
  for (int i = 0; i < c->types; i++) {
    if (!strcmp(c->type[i].key, key)) return c->type[i].id;
    if (c->type[i].id > most) most = c->type[i].id;
  }
  if (most >= 255 || c->types == 256) return -1;
  c->type[c->types++] = (struct type_id){key, most + 1};
  c->changed = true;
  return most + 1;
}

/* --- the file --- */

struct reading {
  struct codes *codes;
  struct pool *texts;
  const char *file;
  struct remarks *errors;
  int line, field;
  const char *cell[COLUMNS], *last[2];
  char short_cell[2][32]; /* kind and number */
  bool head_seen;
};

static void on_field(void *bytes, size_t len, void *reading) {
  struct reading *r = reading;
  int f = r->field++;
  if (f >= COLUMNS) return;
  const char **last = f == EVENT || f == ROSTER ? &r->last[f == ROSTER] : NULL; /* a million rows share a few of these */
  if ((f == KIND || f == NUMBER) && len < sizeof *r->short_cell) {
    if (len) memcpy(r->short_cell[f], bytes, len);
    r->short_cell[f][len] = 0;
    r->cell[f] = r->short_cell[f];
  } else if (last && *last && len && strlen(*last) == len && !memcmp(*last, bytes, len)) {
    r->cell[f] = cell_unguarded(*last);
  } else {
    const char *text = pool_add(r->texts, bytes ? bytes : "", len);
    if (last) *last = text;
    r->cell[f] = cell_unguarded(text);
  }
}

static bool broken(struct reading *r) {
  return remarks_say(
      r->errors, "%1$s 第 %2$d 行已损坏。这个文件记着已经发出的码，请从备份恢复，不要删掉它",
      "%1$s, line %2$d is damaged. The file holds the codes that were sent: restore it from a copy, don't delete it", r->file,
      r->line);
}

static bool is_code(const char *text) {
  struct ticket t;
  ticket_parse((const uint8_t *)text, strlen(text), &t);
  return t.kind == TICKET_CODE;
}

static bool take_person(struct reading *r) {
  struct codes *c = r->codes;
  int64_t number;
  if (!form_number(r->cell[NUMBER], 1, INT64_MAX, &number) || (*r->cell[CODE] && !is_code(r->cell[CODE])) || !*r->cell[EVENT])
    return broken(r);
  int record = c->records - 1; /* a person's rows stand together, numbers ascend */
  if (record < 0 || c->record[record].number != (uint64_t)number) {
    if ((uint64_t)number <= c->last_number) return broken(r);
    c->last_number = (uint64_t)number - 1;
    record = codes_add(c, r->cell[EVENT]);
    c->record[record].code = r->cell[CODE];
  } else if (strcmp(c->record[record].code, r->cell[CODE]) != 0 || strcmp(c->record[record].event, r->cell[EVENT]) != 0) {
    return broken(r);
  }
  add_known(c, &(struct known){record, r->cell[ROSTER], r->cell[NAME], r->cell[PHONE], r->cell[EMAIL], r->cell[TICKET_NUMBER],
                               r->cell[ORDER]});
  return true;
}

static void on_row(int end, void *reading) {
  struct reading *r = reading;
  int64_t id;
  (void)end;
  r->line++;
  if (r->field != COLUMNS)
    broken(r);
  else if (!r->head_seen)
    r->head_seen = true;
  else if (!strcmp(r->cell[KIND], "person"))
    take_person(r);
  else if (!strcmp(r->cell[KIND], "type") && form_number(r->cell[NUMBER], 1, 255, &id) && r->codes->types < 256)
    r->codes->type[r->codes->types++] = (struct type_id){r->cell[NAME], (int)id};
  else
    broken(r);
  r->field = 0;
}

bool codes_read(const char *file, struct pool *texts, struct codes *codes, struct remarks *errors) {
  struct problem problem;
  char *text = NULL;
  size_t len = 0;
  int before = errors->count;
  *codes = (struct codes){.records = 0};
  if (access(file, F_OK) != 0 && errno == ENOENT) return true;
  if (!file_read(file, FILE_MOST, &text, &len, &problem)) {
    remarks_add(errors, &problem);
    return false;
  }
  struct reading r = {.codes = codes, .texts = texts, .file = file, .errors = errors};
  struct csv_parser csv;
  csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI);
  size_t skip = len >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3) ? 3 : 0;
  if (csv_parse(&csv, text + skip, len - skip, on_field, on_row, &r) != len - skip || csv_fini(&csv, on_field, on_row, &r) != 0)
    broken(&r);
  csv_free(&csv);
  free(text);
  codes->changed = false;
  return errors->count == before;
}

static void put_known(FILE *out, const struct codes *c, const struct known *k) {
  const struct record *r = &c->record[k->record];
  fprintf(out, "person,%" PRIu64 ",%s,", r->number, r->code);
  const char *const cell[] = {r->event, k->roster, k->name, k->phone, k->email, k->ticket_number, k->order};
  for (int i = 0; i < 7; i++) cell_put(out, cell[i], i < 6 ? "," : "\n");
}

/* Sets of keys in the order of their records: added ones go behind their person's others. */
static void put_all(FILE *out, const struct codes *c) {
  int *first = grow(NULL, (size_t)c->records + 1, sizeof *first), *next = grow(NULL, (size_t)c->knowns + 1, sizeof *next);
  fputs(head, out);
  for (int i = 0; i < c->types; i++) {
    fprintf(out, "type,%d,,,,", c->type[i].id);
    cell_put(out, c->type[i].key, ",");
    fputs(",,,\n", out);
  }
  for (int i = 0; i < c->records; i++) first[i] = -1;
  for (int i = c->knowns - 1; i >= 0; i--) next[i] = first[c->known[i].record], first[c->known[i].record] = i;
  for (int i = 0; i < c->records; i++)
    for (int k = first[i]; k >= 0; k = next[k]) put_known(out, c, &c->known[k]);
  free(first);
  free(next);
}

bool codes_write(const char *file, const struct codes *c, struct problem *problem) {
  char beside[PATH_MAX];
  if (!file_begin(file, beside, problem)) return false;
  FILE *out = fopen(beside, "we");
  if (out) put_all(out, c);
  bool good = out && !ferror(out);
  if (out && fclose(out) != 0) good = false;
  if (!good) problem_system(problem, errno, "无法写入", "can't write", file);
  if (good && file_commit(beside, file, 0600, problem)) return true;
  file_abandon(beside);
  return false;
}

void codes_unindex(struct codes *c) {
  if (!c->index) return;
  free(c->index->first);
  free(c->index->link);
  free(c->index);
  c->index = NULL;
}

void codes_free(struct codes *c) {
  free(c->record);
  free(c->known);
  codes_unindex(c);
  *c = (struct codes){.records = 0};
}
