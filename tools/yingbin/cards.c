/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/cards.h"

#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/forms.h"

enum { FILE_MOST = 4 << 20, COLUMNS = 6 };
enum { ID, NAME, ROLE, HOST, KEY, STATE };
static const char head[] = "id,name,role,host,public_key,state\n";

struct reading {
  struct cards *cards;
  struct pool *texts;
  const char *file;
  struct remarks *errors;
  int line, field;
  const char *cell[COLUMNS];
};

static void on_field(void *bytes, size_t len, void *reading) {
  struct reading *r = reading;
  if (r->field < COLUMNS) r->cell[r->field] = pool_add(r->texts, bytes ? bytes : "", len);
  r->field++;
}

static bool key_of(const char *hex, uint8_t key[32]) {
  size_t len;
  return sodium_hex2bin(key, 32, hex, strlen(hex), NULL, &len, NULL) == 0 && len == 32 && strlen(hex) == 64;
}

static bool take(struct reading *r) {
  struct operator_card card = {.name = r->cell[NAME], .host = r->cell[HOST]};
  struct cards *c = r->cards;
  card.lead = !strcmp(r->cell[ROLE], "lead");
  card.valid = !strcmp(r->cell[STATE], "valid");
  if (r->field != COLUMNS || c->count == CARDS_MAX || !form_number(r->cell[ID], 1, INT32_MAX, &card.id)) return false;
  if (c->count && card.id <= c->at[c->count - 1].id) return false;
  if (!card.lead && strcmp(r->cell[ROLE], "desk") != 0) return false;
  if (!card.valid && strcmp(r->cell[STATE], "withdrawn") != 0) return false;
  if (!*card.name || strlen(card.name) >= TEXT_MAX || strlen(card.host) >= ID_MAX || !key_of(r->cell[KEY], card.key))
    return false;
  c->at = grow(c->at, (size_t)c->count + 1, sizeof *c->at);
  c->at[c->count++] = card;
  return true;
}

static void on_row(int end, void *reading) {
  struct reading *r = reading;
  (void)end;
  bool good = r->line++ == 0 ? r->field == COLUMNS && !strcmp(r->cell[KEY], "public_key") : take(r);
  if (!good)
    remarks_say(r->errors, "%1$s 第 %2$d 行已损坏。这个文件记着已经发出的值班卡，请从备份恢复",
                "%1$s, line %2$d is damaged. The file holds the operator cards that were given out: restore it from a copy",
                r->file, r->line);
  r->field = 0;
}

bool cards_read(const char *file, struct pool *texts, struct cards *cards, struct remarks *errors) {
  struct reading r = {.cards = cards, .texts = texts, .file = file, .errors = errors};
  struct problem problem;
  struct csv_parser csv;
  char *text;
  size_t len;
  int before = remarks_total(errors);
  *cards = (struct cards){.count = 0};
  if (access(file, F_OK) != 0 && errno == ENOENT) return true;
  if (!file_read(file, FILE_MOST, &text, &len, &problem)) {
    remarks_add(errors, &problem);
    return false;
  }
  csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI);
  if (csv_parse(&csv, text, len, on_field, on_row, &r) != len || csv_fini(&csv, on_field, on_row, &r) != 0)
    remarks_say(errors, "%s 的引号不成对", "%s: its quotation marks don't match", file);
  csv_free(&csv);
  free(text);
  return remarks_total(errors) == before;
}

static void put_cell(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"') fputc('"', out);
    fputc(*text, out);
  }
  fputc('"', out);
}

bool cards_write(const char *file, const struct cards *cards, struct problem *problem) {
  char *text = NULL, hex[65];
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fputs(head, out);
  for (int i = 0; i < cards->count; i++) {
    const struct operator_card *c = &cards->at[i];
    fprintf(out, "%" PRId64 ",", c->id);
    put_cell(out, c->name);
    fprintf(out, ",%s,%s,%s,%s\n", c->lead ? "lead" : "desk", c->host, sodium_bin2hex(hex, sizeof hex, c->key, 32),
            c->valid ? "valid" : "withdrawn");
  }
  bool good = fclose(out) == 0 && file_write(file, text, len, 0600, problem);
  free(text);
  return good;
}

void cards_free(struct cards *cards) {
  free(cards->at);
  *cards = (struct cards){.count = 0};
}
