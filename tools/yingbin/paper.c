/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/paper.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "journal/export.h"
#include "journal/journal.h"
#include "journal/line.h"
#include "tools/yingbin/paper_rows.h"

enum { TIMED_ERROR_MS = 15 * 60 * 1000 }; /* who ticks a box looks at the clock now and then */

struct adding {
  struct folder *folder;
  const struct paper_request *ask;
  struct paper_rows rows;
  struct kiosk_identity identity;
  const char *data; /* DIR/paper */
  struct paper_added *added;
  struct problem *problem;
};

bool paper_key(struct folder *folder, uint8_t key[32]) {
  struct kiosk_identity identity;
  struct problem none;
  bool missing, good = identity_read(folder_path(folder, "paper"), &identity, &missing, &none);
  if (good) memcpy(key, identity.public_key, 32);
  sodium_memzero(&identity, sizeof identity);
  return good;
}

/* The same row has the same id whenever it is added; rows that say the same are told apart by their turn. */
static void id_of(const struct paper_row *row, uint8_t id[JOURNAL_ID]) {
  static const char title[] = "yingbin paper v1";
  char text[4096];
  int n =
      snprintf(text, sizeof text, "%s\n%s\n%s\n%s\n%lld\n%d", title, row->station->id, row->person ? row->person->number : "",
               row->person ? "" : row->name, (long long)(row->timed ? row->wall_ms : 0), row->turn);
  crypto_generichash(id, JOURNAL_ID, (const uint8_t *)text, n < (int)sizeof text ? (size_t)n : sizeof text - 1, NULL, 0);
}

/* As kiosks do it. */
static bool seal(const struct adding *g, const char *name, char sealed[1024]) {
  uint8_t box[760];
  struct line *line = grow(NULL, 1, sizeof *line);
  line_begin(line);
  line_text(line, "name", name);
  bool good = *name && g->folder->has_seal && line_end(line) && line->len + crypto_box_SEALBYTES <= sizeof box;
  if (good) {
    crypto_box_seal(box, (const uint8_t *)line->bytes, line->len, g->folder->seal);
    sodium_bin2base64(sealed, 1024, box, line->len + crypto_box_SEALBYTES, sodium_base64_VARIANT_ORIGINAL);
  }
  free(line);
  return good;
}

static bool put(struct adding *g, struct journal *journal, struct checkin *c) {
  int64_t seq;
  return journal_append(journal, c, &seq, g->problem);
}

static bool put_row(struct adding *g, struct journal *journal, const struct paper_row *row) {
  struct checkin c = {.kind = RECORD_SCAN,
                      .verdict = VERDICT_ADMIT,
                      .by = BY_PAPER,
                      .count = row->count,
                      .unconfirmed = true, /* nobody asked the rules */
                      .view_age_s = -1,
                      .at = {.mono_ms = row->wall_ms, .wall_ms = row->wall_ms, .wall_ok = true}};
  id_of(row, c.id);
  strcpy(c.event, g->folder->catalog.event[row->station->event].id);
  strcpy(c.station, row->station->id);
  snprintf(c.note, sizeof c.note, "%s", row->note);
  if (row->person) strcpy(c.attendee, row->person->number);
  if (!row->person) seal(g, row->name, c.sealed), g->added->walkins++;
  g->added->added++;
  return put(g, journal, &c);
}

static bool is_there(sqlite3_stmt *find, const struct paper_row *row) {
  uint8_t id[JOURNAL_ID];
  char hex[2 * JOURNAL_ID + 1];
  id_of(row, id);
  sodium_bin2hex(hex, sizeof hex, id, sizeof id);
  sqlite3_bind_text(find, 1, hex, -1, SQLITE_STATIC);
  bool there = sqlite3_step(find) == SQLITE_ROW;
  sqlite3_reset(find);
  return there;
}

/* What is new of those with, or without, a time: a boot of their own, and the evidence that says how sure it is. */
static bool add_some(struct adding *g, struct journal *journal, sqlite3_stmt *find, bool timed) {
  bool said = false;
  for (int i = 0; i < g->rows.count; i++) {
    const struct paper_row *row = &g->rows.row[i];
    if (row->timed != timed) continue;
    if (is_there(find, row)) {
      g->added->there++;
      continue;
    }
    const struct event *e = &g->folder->catalog.event[row->station->event];
    struct checkin clock = {.kind = RECORD_CLOCK, .view_age_s = -1, .at = {g->rows.first_ms, g->rows.first_ms, true}};
    snprintf(clock.note, sizeof clock.note, "source=paper error_ms=%lld",
             (long long)(timed ? TIMED_ERROR_MS : e->ends_ms - e->starts_ms));
    if (!said && !put(g, journal, &clock)) return false;
    said = true;
    if (!put_row(g, journal, row)) return false;
  }
  return true;
}

static bool write_boot(struct adding *g, bool timed) {
  static const char *const boots[] = {"paper-untimed", "paper-timed"};
  struct journal *journal = NULL;
  sqlite3 *db = NULL;
  sqlite3_stmt *find = NULL;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/journal.db", g->data);
  if (!journal_open(g->data, &g->identity, boots[timed], &journal, g->problem)) return false;
  bool good = (!sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) &&
               !sqlite3_prepare_v2(db, "SELECT 1 FROM record WHERE admission AND id = ?1", -1, &find, NULL)) ||
              problem_set(g->problem, "打不开 %s：%s", "can't open %s: %s", path, sqlite3_errmsg(db));
  good = good && add_some(g, journal, find, timed);
  sqlite3_finalize(find);
  sqlite3_close(db);
  journal_close(journal);
  return good;
}

static bool write_export(struct adding *g) {
  char beside[PATH_MAX];
  int64_t records;
  const char *out = g->ask->out;
  if (!file_begin(out, beside, g->problem)) return false;
  FILE *file = fopen(beside, "we");
  bool good = file || problem_system(g->problem, errno, "无法写入导出文件", "can't write the export", out);
  good = good && journal_export(g->data, 1, file, &records, g->problem);
  if (file && fclose(file) && good) good = problem_system(g->problem, errno, "无法写入导出文件", "can't write the export", out);
  if (good) return file_commit(beside, out, 0600, g->problem);
  file_abandon(beside);
  return false;
}

bool paper_add(struct folder *folder, const struct paper_request *ask, struct paper_added *added, struct problem *problem) {
  struct adding g = {.folder = folder, .ask = ask, .added = added, .problem = problem, .data = folder_path(folder, "paper")};
  *added = (struct paper_added){0};
  bool good = paper_rows_read(folder, ask->file, ask->encoding, ask->station, &g.rows, problem);
  added->rows = g.rows.count;
  good = good && folder_make(g.data, 0700, problem) && journal_identity(g.data, "paper", &g.identity, problem) &&
         write_boot(&g, true) && write_boot(&g, false) && write_export(&g);
  sodium_memzero(&g.identity, sizeof g.identity);
  paper_rows_free(&g.rows);
  return good;
}
