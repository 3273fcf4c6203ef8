/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/log_merge.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/build.h"
#include "tools/yingbin/kiosks.h"
#include "tools/yingbin/merged.h"
#include "tools/yingbin/paper.h"
#include "tools/yingbin/password.h"

struct merging {
  const struct merge_request *ask;
  struct merge *merge;
  struct merged merged;
  struct folder *folder; /* owned; NULL: without rosters */
  struct pool texts;
  struct kiosks kiosks;
  struct outputs outputs;
  struct ticket_row *code; /* owned; NULL: nobody has asked yet */
  int codes;
  bool has_paper; /* the organizer's own key, of the lists on paper: */
  uint8_t paper[32];
};

static const char prefix[] = "yingbin log merge";

static void tell(void *self, const struct problem *said) {
  (void)self;
  problem_print(said, prefix);
}

/* --- what the organizer knows --- */

static bool attendee_of(void *self, const char *number, struct attendee *out) {
  const struct merging *g = self;
  const struct person *p = merged_person(&g->merged, number);
  if (p) build_attendee(p, out);
  return p;
}

static bool is_enrolled(void *self, const uint8_t key[32]) {
  const struct merging *g = self;
  char hex[65];
  sodium_bin2hex(hex, sizeof hex, key, 32);
  for (int i = 0; i < g->kiosks.count; i++)
    if (!strcmp(g->kiosks.at[i].key, hex)) return true;
  return g->has_paper && !memcmp(g->paper, key, sizeof g->paper);
}

/* The first question brings all codes: most events have none to ask about. */
static bool holder_of(void *self, const char *event, const char *code, char number[ID_MAX]) {
  struct merging *g = self;
  const struct catalog *c = &g->folder->catalog;
  uint8_t hash[PACK_HASH];
  size_t len;
  int e = 0;
  while (e < c->events && strcmp(c->event[e].id, event) != 0) e++;
  if (e == c->events || sodium_hex2bin(hash, sizeof hash, code, strlen(code), NULL, &len, NULL) || len != sizeof hash)
    return false;
  if (!g->code) g->code = build_rows(g->folder, &g->codes);
  const struct person *p = build_holder(g->folder, g->code, g->codes, e, hash);
  if (!p || merged_person(&g->merged, p->number) != p) return false; /* a practice ticket is nobody's */
  snprintf(number, ID_MAX, "%s", p->number);
  return true;
}

static bool find_host(struct merging *g, struct problem *problem) {
  const struct catalog *c = &g->folder->catalog;
  char known[1024] = "";
  if (!g->ask->host) return true;
  for (int i = 0; i < c->hosts; i++) {
    size_t used = strlen(known);
    if (!strcmp(c->host[i].id, g->ask->host)) g->merged.host = i;
    snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", c->host[i].id);
  }
  return g->merged.host >= 0 || problem_set(problem, "pack.ini 里没有主办方“%s”；有：%s",
                                            "pack.ini has no host “%s”; it has: %s", g->ask->host, *known ? known : "—");
}

static bool read_folder(struct merging *g, struct problem *problem) {
  const char *dir = g->ask->roster;
  if (!dir) {
    merged_init(&g->merged, NULL, &g->outputs);
    return true;
  }
  g->folder = grow(NULL, 1, sizeof *g->folder);
  *g->folder = (struct folder){.rosters = 0};
  if (!folder_look(dir, g->ask->encoding, g->folder, problem)) return false;
  merged_init(&g->merged, g->folder, &g->outputs);
  g->has_paper = paper_key(g->folder, g->paper);
  return find_host(g, problem) && kiosks_read(folder_path(g->folder, "kiosks.csv"), &g->texts, &g->kiosks, problem);
}

static bool read_key(struct merging *g, struct problem *problem) {
  struct minisign_key key;
  uint8_t public_key[32];
  if (!g->ask->key) return true;
  if (!password_read_key(g->ask->key, &key, problem)) return false;
  bool good = !crypto_sign_ed25519_sk_to_pk(public_key, key.key) &&
              !crypto_sign_ed25519_sk_to_curve25519(g->merged.key, key.key) &&
              !crypto_sign_ed25519_pk_to_curve25519(g->merged.public_key, public_key);
  sodium_memzero(&key, sizeof key);
  if (!good) return problem_set(problem, "%s 不是可用的密钥", "%s is not a usable key", g->ask->key);
  if (g->folder && g->folder->has_seal && memcmp(g->folder->seal, g->merged.public_key, 32))
    return problem_set(problem, "%s 与 pack.ini 里 seal 的公钥不是一对，打不开封存的姓名",
                       "%s is no pair with the public key that pack.ini names in seal; it opens no sealed names", g->ask->key);
  return g->merged.has_key = true;
}

/* --- the work --- */

FILE *log_open(const char *file, struct problem *problem) {
  struct stat facts;
  FILE *in = fopen(file, "re");
  if (!in) return problem_system(problem, errno, "无法读取导出文件", "can't read the export", file), NULL;
  if (fstat(fileno(in), &facts) || !S_ISDIR(facts.st_mode)) return in;
  fclose(in);
  problem_set(problem, "%1$s 是文件夹：请写出里面的导出文件，例如 %1$s/*.jsonl",
              "%1$s is a folder: name the exports in it, as %1$s/*.jsonl", file);
  return NULL;
}

static bool add_all(struct merging *g, struct problem *problem) {
  for (int i = 0; i < g->ask->files; i++) {
    const char *file = g->ask->file[i];
    FILE *in = log_open(file, problem);
    if (!in) return false;
    bool good = merge_add(g->merge, in, file, problem);
    fclose(in);
    if (!good) return false;
  }
  return true;
}

static bool settle(struct merging *g, struct merge_counts *counts, struct problem *problem) {
  bool bound = false; /* where no kiosk is bound to a key, nobody is a stranger */
  for (int i = 0; i < g->kiosks.count; i++) bound = bound || *g->kiosks.at[i].key;
  struct merge_rules rules = {.self = g, .enrolled = bound ? is_enrolled : NULL};
  if (g->folder) rules.catalog = &g->folder->catalog, rules.attendee = attendee_of, rules.holder = holder_of;
  return merge_settle(g->merge, &rules, counts, problem);
}

/* What is sent to a partner must not lie among what is about everyone. */
static bool is_apart(const struct merging *g, struct problem *problem) {
  char db[PATH_MAX];
  snprintf(db, sizeof db, "%.*s/merged.db", PATH_MAX - 16, g->ask->out);
  return g->merged.host < 0 || access(db, F_OK) ||
         problem_set(problem, "%s 里已有所有人的合并结果：给主办方“%s”的请另用一个文件夹",
                     "%s holds what is about everyone: use another folder for what host “%s” gets", g->ask->out, g->ask->host);
}

/* What the merge worked with isn't needed any more: room for what is read from its log. */
static bool open_written(struct merging *g, const char *db, struct problem *problem) {
  merge_close(g->merge);
  g->merge = NULL;
  return merged_open(&g->merged, db, true, problem);
}

/* A partner gets no log: it is about everyone. */
static bool write_log(struct merging *g, struct problem *problem) {
  const struct merge_reader reader = {&g->merged.rows, merged_rows_take};
  bool all = g->merged.host < 0;
  struct outputs *o = &g->outputs;
  const char *receipt =
      all ? outputs_path(o, "receipt.jsonl", problem) : NULL; /* the first one asked for is put in place last */
  const char *db = all ? outputs_path(o, "merged.db", problem) : outputs_scratch(o, "merged.db", problem);
  const char *lines = !db ? NULL : all ? outputs_path(o, "merged.jsonl", problem) : outputs_scratch(o, "merged.jsonl", problem);
  return lines && (!all || (receipt && merge_receipt(g->merge, receipt, problem))) &&
         merged_rows_open(&g->merged.rows, g->ask->out, problem) && merge_write(g->merge, db, lines, &reader, problem) &&
         open_written(g, db, problem);
}

static bool write_about(struct merged *m, struct problem *problem) {
  bool good = merged_lists(m, problem) && merged_report(m, problem);
  if (m->folder) good = good && merged_rosters(m, problem) && merged_book(m, problem);
  if (m->host >= 0) good = good && outputs_alone(m->outputs, "rosters", problem);
  return good && outputs_settle(m->outputs, problem);
}

bool log_remake(struct folder *folder, const char *out, struct problem *problem) {
  struct outputs outputs = {.dir = out};
  struct merged m;
  char db[PATH_MAX];
  snprintf(db, sizeof db, "%.*s/merged.db", PATH_MAX - 16, out);
  merged_init(&m, folder, &outputs);
  bool good =
      !access(db, F_OK) || problem_set(problem, "%s 里没有 merged.db：请用 yingbin log merge 重新合并到那里，或删掉它",
                                       "%s has no merged.db: merge into it again with yingbin log merge, or delete it", out);
  good = good && !setenv("SQLITE_TMPDIR", out, 1) && merged_rows_open(&m.rows, out, problem) &&
         merged_open(&m, db, false, problem) && write_about(&m, problem);
  merged_close(&m);
  outputs_abandon(&outputs);
  return good;
}

bool log_merge(const struct merge_request *r, struct merge_counts *counts, struct problem *problem) {
  struct merging g = {.ask = r, .outputs = {.dir = r->out}};
  if (!folder_make(r->out, 0700, problem) || setenv("SQLITE_TMPDIR", r->out, 1)) return false;
  bool good = read_folder(&g, problem) && is_apart(&g, problem) && read_key(&g, problem) &&
              merge_open(r->out, (struct merge_listener){.tell = tell}, &g.merge, problem) && add_all(&g, problem) &&
              settle(&g, counts, problem) && write_log(&g, problem) && write_about(&g.merged, problem) &&
              merged_tell(&g.merged, prefix, problem);
  if (!good && g.folder && g.folder->errors.count > 1) folder_tell(g.folder, problem, prefix, NULL);
  merge_close(g.merge);
  merged_close(&g.merged);
  outputs_abandon(&g.outputs);
  if (g.folder) folder_free(g.folder);
  free(g.folder);
  free(g.code);
  kiosks_free(&g.kiosks);
  pool_free(&g.texts);
  return good;
}
