/* SPDX-License-Identifier: Apache-2.0
 * Finding an attendee by the code, unsealed: in a pack of 100,000 against one of 100, in turn.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "pack/pack.h"
#include "tools/bench/bench.h"

enum { SMALL = 100, LARGE = 100000, RUNS = 4000 };

struct side {
  struct pack *pack;
  char **codes;
  int count;
  struct samples found, missing;
  int wrong;
};

static bool open_side(struct side *side, const char *scratch, int people, struct problem *problem) {
  char folder[PATH_MAX], pack[PATH_MAX + 16];
  snprintf(folder, sizeof folder, "%s/%d", scratch, people);
  snprintf(pack, sizeof pack, "%s/pack.ybp", folder);
  return bench_event(folder, people, problem) && bench_codes(folder, &side->codes, &side->count, problem) &&
         pack_open(pack, &side->pack, problem);
}

static void close_side(struct side *side) {
  pack_close(side->pack);
  bench_codes_free(side->codes, side->count);
  samples_free(&side->found);
  samples_free(&side->missing);
}

static void find(struct side *side, const char *code, enum lookup expected, struct samples *samples) {
  struct question q = {.catalog = pack_catalog(side->pack), .now = {.wall_ok = true}};
  char hash[33];
  ticket_parse((const uint8_t *)code, strlen(code), &q.ticket);
  double start = clock_wall_ms();
  pack_find(side->pack, (const uint8_t *)code, strlen(code), &q, hash);
  samples_add(samples, clock_wall_ms() - start);
  side->wrong += q.lookup != expected;
}

static bool measure(struct side *small, struct side *large, int runs, struct problem *problem) {
  uint32_t at = 1;
  for (int i = 0; i < runs; i++) {
    at = at * 1664525u + 1013904223u; /* Numerical Recipes' generator: people come in no order */
    char none[17];
    uint8_t random[10] = {0};
    memcpy(random, &at, sizeof at);
    ticket_code(random, none);
    find(small, small->codes[at % (uint32_t)small->count], LOOKUP_FOUND, &small->found);
    find(large, large->codes[at % (uint32_t)large->count], LOOKUP_FOUND, &large->found);
    find(small, none, LOOKUP_MISSING, &small->missing);
    find(large, none, LOOKUP_MISSING, &large->missing);
  }
  if (small->wrong || large->wrong)
    return problem_set(problem, "%d 次查找结果不对", "%d look-ups gave a wrong result", small->wrong + large->wrong);
  bench_tell("lookup", "found in 100000", "ms", &large->found, "found in 100", &small->found);
  bench_tell("lookup", "missing in 100000", "ms", &large->missing, "missing in 100", &small->missing);
  return true;
}

static bool run(const struct bench_options *options, struct problem *problem) {
  struct side small = {0}, large = {0};
  bool good = open_side(&small, options->scratch, SMALL, problem) && open_side(&large, options->scratch, LARGE, problem) &&
              measure(&small, &large, options->runs ? options->runs : RUNS, problem);
  close_side(&small);
  close_side(&large);
  return good;
}

const struct bench bench_lookup = {"lookup", "在 10 万人的活动包里按票码找人", "finding an attendee in a pack of 100,000", run};
