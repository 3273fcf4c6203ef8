/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/scan_scores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan/scan.h"
#include "tools/yingbin/pool.h"

enum { SETS_MAX = 64 };

struct tally { /* one reader on one set */
  int pictures, codes, read, wrong;
  struct samples ms, frames, frame_ms;
  int steps[STEPS_MAX], tried[STEPS_MAX];
};

struct set {
  char name[64]; /* "": all */
  struct tally tally[READERS];
};

struct scores {
  enum scores_kind kind;
  enum reader only;
  struct set set[SETS_MAX]; /* [0]: all */
  int sets;
};

void scan_put(json_t *line) {
  json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  putchar('\n');
  fflush(stdout);
  json_decref(line);
}

void scan_quantiles(json_t *line, const char *name, struct samples *samples) {
  static const struct {
    const char *name;
    double q;
  } kind[] = {{"median", 0.5}, {"p95", 0.95}, {"worst", 1}};
  for (int i = 0; i < 3 && samples->count; i++) {
    char key[64];
    snprintf(key, sizeof key, "%s_%s", name, kind[i].name);
    json_object_set_new(line, key, json_real(samples_quantile(samples, kind[i].q)));
  }
}

struct scores *scores_open(enum scores_kind kind, enum reader only) {
  struct scores *t = grow(NULL, 1, sizeof *t);
  *t = (struct scores){.kind = kind, .only = kind == SCORES_STILL ? only : READER_LIVE, .sets = 1};
  return t;
}

enum scores_kind scores_kind(const struct scores *t) { return t->kind; }

bool scores_compares(const struct scores *t, enum reader reader) { return t->only == READERS || t->only == reader; }

void scores_close(struct scores *t) {
  if (!t) return;
  for (int i = 0; i < t->sets; i++) {
    for (int reader = 0; reader < READERS; reader++) {
      samples_free(&t->set[i].tally[reader].ms);
      samples_free(&t->set[i].tally[reader].frames);
      samples_free(&t->set[i].tally[reader].frame_ms);
    }
  }
  free(t);
}

static struct set *set_of(struct scores *t, const char *name) {
  for (int i = 1; i < t->sets; i++)
    if (!strcmp(t->set[i].name, name)) return &t->set[i];
  if (t->sets == SETS_MAX) return NULL;
  struct set *set = &t->set[t->sets++];
  snprintf(set->name, sizeof set->name, "%s", name);
  return set;
}

static void note(struct tally *t, const struct outcome *o, bool live) {
  t->pictures++;
  t->codes += o->coded;
  t->read += o->read;
  t->wrong += o->wrong;
  if (!live || o->read) samples_add(&t->ms, o->ms);
  if (live && o->read) samples_add(&t->frames, o->frames);
  for (int i = 0; live && i < o->frame_ms.count; i++) samples_add(&t->frame_ms, o->frame_ms.at[i]);
  if (o->read && o->step >= 0) t->steps[o->step]++;
  for (int i = 0; i < STEPS_MAX; i++) t->tried[i] += o->tried >> i & 1;
}

bool scores_note(struct scores *t, const char *name, enum reader reader, struct outcome *o) {
  struct set *set = set_of(t, name);
  if (set) {
    note(&t->set[0].tally[reader], o, t->kind != SCORES_STILL);
    note(&set->tally[reader], o, t->kind != SCORES_STILL);
  }
  samples_free(&o->frame_ms);
  return set != NULL;
}

static json_t *steps_json(const int count[STEPS_MAX]) {
  json_t *steps = json_object();
  for (int i = 0; i < STEPS_MAX && scan_step_name(i); i++)
    if (count[i]) json_object_set_new(steps, scan_step_name(i), json_integer(count[i]));
  return steps;
}

static void row(const struct set *set, enum reader reader, struct tally *t) {
  struct samples *s = t->frame_ms.count ? &t->frame_ms : &t->ms; /* live: of each frame */
  fprintf(stderr, "%-12s %-6s %4d %5d %5.1f%% %5d %9.2f %9.2f %9.2f", *set->name ? set->name : "all", reader_name(reader),
          t->pictures, t->read, t->codes ? 100.0 * t->read / t->codes : 0, t->wrong, samples_quantile(s, 0.5),
          samples_quantile(s, 0.95), samples_quantile(s, 1));
  if (t->frames.count)
    fprintf(stderr, "  | %.0f %.0f frames, %.2f %.2f ms", samples_quantile(&t->frames, 0.5), samples_quantile(&t->frames, 0.95),
            samples_quantile(&t->ms, 0.5), samples_quantile(&t->ms, 0.95));
  for (int i = 0; i < STEPS_MAX && scan_step_name(i); i++)
    if (t->steps[i]) fprintf(stderr, " %s:%d", scan_step_name(i), t->steps[i]);
  putc('\n', stderr);
}

static void tell(const struct scores *scores, const struct set *set, enum reader reader, struct tally *t) {
  json_t *line = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i}", "bench", "scan", "set", *set->name ? set->name : "all",
                           "reader", reader_name(reader), scores->kind == SCORES_CLIPS ? "clips" : "pictures", t->pictures,
                           "codes", t->codes, "read", t->read, "wrong", t->wrong);
  if (scores->kind == SCORES_HELD) json_object_set_new(line, "held", json_integer(SCORES_HOLD));
  scan_quantiles(line, "ms", &t->ms);
  scan_quantiles(line, "frames", &t->frames);
  scan_quantiles(line, "frame_ms", &t->frame_ms);
  if (reader == READER_FULL || reader == READER_LIVE) {
    json_object_set_new(line, "steps", steps_json(t->steps));
    json_object_set_new(line, "tried", steps_json(t->tried));
  }
  scan_put(line);
  row(set, reader, t);
}

void scores_tell(struct scores *t) {
  bool named = t->sets > 2 || (t->sets == 2 && *t->set[1].name);
  fprintf(stderr, "%-12s %-6s %4s %5s %6s %5s %9s %9s %9s\n", "set", "reader", t->kind == SCORES_CLIPS ? "clip" : "pics",
          "read", "of cod", "wrong", "ms median", "p95", "worst");
  for (int i = named ? 1 : 0; i <= t->sets; i++) {
    struct set *set = &t->set[i % t->sets]; /* all: the last */
    if (!named && i) break;
    for (enum reader reader = 0; reader < READERS; reader++)
      if (set->tally[reader].pictures) tell(t, set, reader, &set->tally[reader]);
  }
}
