/* SPDX-License-Identifier: Apache-2.0
 * Merging 100 exports of 10,000 records, as `yingbin log merge` does it: seconds, seconds of CPU (on a machine that others use,
 * too, these say more) and memory. The control is what
 * finds repeats and puts lines in order without looking at what they say: `sort -u` of the same files.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/bench/bench.h"
#include "tools/bench/exports.h"

enum { EXPORTS = 100, RECORDS = 10000, FEW = 10, RUNS = 3 };

struct merging {
  char files[EXPORTS][PATH_MAX], out[PATH_MAX], log[PATH_MAX];
  const char *argv[EXPORTS + 8];
};

static bool write_exports(struct merging *g, const char *scratch, int records, struct problem *problem) {
  const struct exports spec = {"bench", "bench/door", 300000, records, INT64_C(1698454800000)};
  snprintf(g->out, sizeof g->out, "%s/merged", scratch);
  snprintf(g->log, sizeof g->log, "%s/log", scratch);
  for (int i = 0; i < EXPORTS; i++) {
    snprintf(g->files[i], sizeof g->files[i], "%s/%d.jsonl", scratch, i);
    FILE *out = fopen(g->files[i], "we");
    if (!out) return problem_system(problem, errno, "无法写入", "can't write", g->files[i]);
    bool good = exports_write(&spec, i, out, problem);
    if (fclose(out) || !good) return problem_system(problem, errno, "无法写入", "can't write", g->files[i]);
  }
  return true;
}

static double children_cpu_s(void) {
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static bool merge(struct merging *g, int files, double *ms, double *mb, struct problem *problem) {
  long peak_kb = 0;
  int n = 0;
  g->argv[n++] = "yingbin", g->argv[n++] = "log", g->argv[n++] = "merge";
  for (int i = 0; i < files; i++) g->argv[n++] = g->files[i];
  g->argv[n++] = "-o", g->argv[n++] = g->out, g->argv[n] = NULL;
  double start = clock_wall_ms();
  bool good = bench_program(g->argv, g->log, &peak_kb, problem) == 0;
  *ms = clock_wall_ms() - start;
  *mb = (double)peak_kb / 1024;
  return good;
}

static bool sort(struct merging *g, const char *scratch, double *ms, double *mb, struct problem *problem) {
  struct rusage used = {.ru_maxrss = 0};
  char sorted[PATH_MAX];
  int n = 0, status = -1;
  snprintf(sorted, sizeof sorted, "%s/sorted", scratch);
  g->argv[n++] = "sort", g->argv[n++] = "-u", g->argv[n++] = "-T", g->argv[n++] = scratch, g->argv[n++] = "-o",
  g->argv[n++] = sorted;
  for (int i = 0; i < EXPORTS; i++) g->argv[n++] = g->files[i];
  g->argv[n] = NULL;
  double start = clock_wall_ms();
  pid_t id = fork();
  if (id == 0) {
    if (!setenv("LC_ALL", "C", 1)) execvp("sort", (char *const *)g->argv);
    _exit(127);
  }
  while (id > 0 && wait4(id, &status, 0, &used) < 0 && errno == EINTR) {
  }
  *ms = clock_wall_ms() - start;
  *mb = (double)used.ru_maxrss / 1024;
  return (id > 0 && status == 0) || problem_set(problem, "sort -u 没有正常结束", "sort -u did not end well");
}

static bool run(const struct bench_options *options, struct problem *problem) {
  struct merging *g = calloc(1, sizeof *g);
  struct samples time = {0}, sort_time = {0}, memory = {0}, sort_memory = {0}, few_memory = {0}, cpu = {0}, sort_cpu = {0};
  int runs = options->runs ? options->runs : RUNS, records = options->people ? options->people : RECORDS;
  char name[4][64];
  double ms, mb, before;
  if (!g) abort();
  bool good = write_exports(g, options->scratch, records, problem);
  for (int i = 0; good && i < runs; i++) {
    before = children_cpu_s();
    good = merge(g, EXPORTS, &ms, &mb, problem);
    samples_add(&cpu, children_cpu_s() - before);
    samples_add(&time, ms / 1e3), samples_add(&memory, mb);
    before = children_cpu_s();
    good = good && sort(g, options->scratch, &ms, &mb, problem);
    samples_add(&sort_cpu, children_cpu_s() - before);
    samples_add(&sort_time, ms / 1e3), samples_add(&sort_memory, mb);
    good = good && merge(g, FEW, &ms, &mb, problem);
    samples_add(&few_memory, mb);
  }
  if (good) {
    snprintf(name[0], sizeof name[0], "%d exports of %d", EXPORTS, records);
    snprintf(name[1], sizeof name[1], "memory, %d exports of %d", EXPORTS, records);
    snprintf(name[2], sizeof name[2], "%d exports of %d", FEW, records);
    snprintf(name[3], sizeof name[3], "CPU, %d exports of %d", EXPORTS, records);
    bench_tell("merge", name[0], "s", &time, "sort -u", &sort_time);
    bench_tell("merge", name[3], "s", &cpu, "sort -u", &sort_cpu);
    bench_tell("merge", name[1], "MB", &memory, "sort -u", &sort_memory);
    bench_tell("merge", name[1], "MB", &memory, name[2], &few_memory);
  }
  samples_free(&time), samples_free(&sort_time), samples_free(&memory), samples_free(&sort_memory), samples_free(&few_memory),
      samples_free(&cpu), samples_free(&sort_cpu);
  free(g);
  return good;
}

const struct bench bench_merge = {"merge", "合并 100 份各 1 万条的签到日志，与 sort -u 对比",
                                  "merging 100 exports of 10,000 records each, beside sort -u", run};
