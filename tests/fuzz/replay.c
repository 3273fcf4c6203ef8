/* SPDX-License-Identifier: Apache-2.0
 * A fuzzer without a fuzzing engine: gives LLVMFuzzerTestOneInput every file of a folder, then a few
 * thousand mutations of them. They come from a fixed seed, so a run that fails fails again.
 *
 *   fuzz_NAME FOLDER [MUTATIONS]
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20, MUTATIONS = 4000, STEPS_MAX = 6 };

struct input {
  char *bytes; /* owned */
  size_t len;
};

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static size_t below(size_t n) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return n ? (size_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % n : 0;
}

/* A copy of exactly the right size, so that a sanitizer sees a read behind its end. */
static void give(const uint8_t *bytes, size_t len) {
  uint8_t *exact = malloc(len ? len : 1);
  if (!exact) abort();
  memcpy(exact, bytes, len);
  LLVMFuzzerTestOneInput(exact, len);
  free(exact);
}

static size_t mutate(uint8_t *bytes, size_t len, size_t room, const struct input *other) {
  static const uint8_t edges[] = {0x00, 0x01, 0x7F, 0x80, 0xFF, '\n', '\r', ' ', '"', ',', '=', ':', '[', ']', '%', '#'};
  size_t at = below(len), n = 1 + below(16);
  switch (below(6)) {
  case 0: /* one bit */
    if (len) bytes[at] ^= (uint8_t)(1u << below(8));
    return len;
  case 1: /* one byte that often stands at an edge */
    if (len) bytes[at] = edges[below(sizeof(edges))];
    return len;
  case 2: /* an end cut off */ return at;
  case 3: /* a piece taken out */
    if (at + n > len) n = len - at;
    memmove(bytes + at, bytes + at + n, len - at - n);
    return len - n;
  case 4: /* a piece twice */
    if (at + n > len) n = len - at;
    if (len + n > room) return len;
    memmove(bytes + at + n, bytes + at, len - at);
    return len + n;
  default: /* a piece of another file put over it */
    n = below(other->len + 1);
    size_t from = below(other->len - n + 1);
    if (at + n > room) n = room - at;
    memcpy(bytes + at, other->bytes + from, n);
    return at + n > len ? at + n : len;
  }
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static size_t load(const char *folder, struct input **inputs) {
  struct dirent **names;
  int found = scandir(folder, &names, NULL, by_name);
  size_t count = 0;
  *inputs = calloc(found > 0 ? (size_t)found : 1, sizeof(**inputs));
  for (int i = 0; i < found; i++) {
    char path[PATH_MAX];
    struct problem problem;
    struct input *in = &(*inputs)[count];
    snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
    if (names[i]->d_name[0] == '.')
      ;
    else if (file_read(path, INPUT_MAX, &in->bytes, &in->len, &problem))
      count++;
    else
      problem_print(&problem, "replay");
    free(names[i]);
  }
  if (found >= 0) free(names);
  return count;
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: %s FOLDER [MUTATIONS]\n", argv[0]);
    return 2;
  }
  long mutations = argc > 2 ? atol(argv[2]) : MUTATIONS;
  struct input *inputs;
  size_t count = load(argv[1], &inputs);
  if (count == 0) {
    fprintf(stderr, "replay: no inputs in %s: a fuzzer without a corpus tests nothing\n", argv[1]);
    free(inputs);
    return 1;
  }
  give((const uint8_t *)"", 0);
  for (size_t i = 0; i < count; i++) give((const uint8_t *)inputs[i].bytes, inputs[i].len);
  size_t room = INPUT_MAX;
  uint8_t *scratch = malloc(room);
  if (!scratch) abort();
  for (long i = 0; i < mutations; i++) {
    const struct input *seed = &inputs[below(count)];
    size_t len = seed->len;
    memcpy(scratch, seed->bytes, len);
    for (size_t steps = 1 + below(STEPS_MAX); steps > 0; steps--) len = mutate(scratch, len, room, &inputs[below(count)]);
    give(scratch, len);
  }
  printf("%zu files, %ld mutations\n", count, mutations);
  free(scratch);
  for (size_t i = 0; i < count; i++) free(inputs[i].bytes);
  free(inputs);
  return 0;
}
