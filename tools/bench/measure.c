/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/bench/bench.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/folder.h"

void samples_add(struct samples *s, double value) {
  s->at = grow(s->at, (size_t)s->count + 1, sizeof *s->at);
  s->at[s->count++] = value;
}

static int order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double samples_quantile(struct samples *s, double q) {
  assert(s->count > 0);
  qsort(s->at, (size_t)s->count, sizeof *s->at, order);
  return s->at[(int)(q * (s->count - 1) + 0.5)];
}

void samples_free(struct samples *s) {
  free(s->at);
  *s = (struct samples){0};
}

static double clock_ms(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double clock_cpu_ms(void) { return clock_ms(CLOCK_PROCESS_CPUTIME_ID); }
double clock_wall_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

static void print_figure(const char *bench, const char *of, const char *unit, struct samples *figure, const char *control_name,
                         struct samples *control) {
  double median = samples_quantile(figure, 0.5), base = samples_quantile(control, 0.5);
  const double p99 = samples_quantile(figure, 0.99), base_p99 = samples_quantile(control, 0.99);
  printf("{\"bench\":\"%s\",\"case\":\"%s\",\"unit\":\"%s\",\"runs\":%d,\"min\":%.4g,\"median\":%.4g,\"p95\":%.4g,\"p99\":%.4g,"
         "\"worst\":%.4g,"
         "\"control\":\"%s\",\"control_median\":%.4g,\"control_p95\":%.4g,\"control_p99\":%.4g,\"control_worst\":%.4g,"
         "\"ratio\":%.3g,\"ratio_p99\":%.3g",
         bench, of, unit, figure->count, samples_quantile(figure, 0), median, samples_quantile(figure, 0.95), p99,
         samples_quantile(figure, 1), control_name, base, samples_quantile(control, 0.95), base_p99,
         samples_quantile(control, 1), base > 0 ? median / base : 0, base_p99 > 0 ? p99 / base_p99 : 0);
}

void bench_tell(const char *bench, const char *of, const char *unit, struct samples *figure, const char *control_name,
                struct samples *control) {
  print_figure(bench, of, unit, figure, control_name, control);
  puts("}");
  fflush(stdout);
}

void bench_tell_budget(const char *bench, const char *of, const char *unit, struct samples *figure, const char *control_name,
                       struct samples *control, double budget) {
  print_figure(bench, of, unit, figure, control_name, control);
  printf(",\"budget\":%.4g}\n", budget);
  fflush(stdout);
}

int bench_program(const char *const *argv, const char *log, long *peak_kb, struct problem *problem) {
  char program[PATH_MAX];
  struct rusage used;
  int status = -1;
  if (!assets_program(argv[0], program, problem)) return -1;
  pid_t id = fork();
  if (id == 0) {
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    bool good = out >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0 &&
                !setenv("SDL_VIDEODRIVER", "dummy", 1) && !setenv("SDL_AUDIODRIVER", "dummy", 1);
    if (good) execv(program, (char *const *)argv);
    _exit(127);
  }
  while (id > 0 && wait4(id, &status, 0, &used) < 0 && errno == EINTR) {
  }
  if (id > 0 && peak_kb) *peak_kb = used.ru_maxrss;
  if (id > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  problem_set(problem, "%s 没有正常结束（见 %s）", "%s did not end well (see %s)", argv[0], log);
  return id > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool write_roster(const char *path, int people, struct problem *problem) {
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fputs("number,name,phone,organization\n", out);
  for (int i = 1; i <= people; i++) fprintf(out, "%d,欧阳晓%06d,138%08d,示例科技\n", i, i, i);
  bool good = !fclose(out) && file_write(path, text, len, 0600, problem);
  free(text);
  return good;
}

bool bench_folder(const char *folder, int people, struct problem *problem) {
  static const char ini[] =
      "[pack]\nname = bench\n[event bench]\ntitle.zh-Hans = 开源年会\ncity.zh-Hans = 成都\nstarts = 2023-10-28 09:00\n"
      "ends = 2023-10-29 18:00\ntz = Asia/Shanghai\n[roster people.csv]\nevent = bench\n"
      "[station bench/door]\nkind = entry\ntimes = every\n";
  char path[PATH_MAX], key[PATH_MAX], log[PATH_MAX];
  snprintf(log, sizeof log, "%s/log", folder);
  snprintf(key, sizeof key, "%s/org", folder);
  if (!folder_make(folder, 0700, problem)) return false;
  snprintf(path, sizeof path, "%s/pack.ini", folder);
  if (!file_write(path, ini, sizeof ini - 1, 0600, problem)) return false;
  snprintf(path, sizeof path, "%s/people.csv", folder);
  const char *const make_key[] = {"yingbin", "key", "new", key, NULL};
  return write_roster(path, people, problem) && bench_program(make_key, log, NULL, problem) == 0;
}

bool bench_build(const char *folder, double *ms, long *peak_kb, struct problem *problem) {
  char secret[PATH_MAX], pack[PATH_MAX], log[PATH_MAX];
  snprintf(log, sizeof log, "%s/log", folder);
  snprintf(secret, sizeof secret, "%s/org.key", folder);
  snprintf(pack, sizeof pack, "%s/pack.ybp", folder);
  const char *const build[] = {"yingbin", "pack", "build", folder, "-o", pack, "--key", secret, NULL};
  double start = clock_wall_ms();
  bool good = bench_program(build, log, peak_kb, problem) == 0;
  if (ms) *ms = clock_wall_ms() - start;
  return good;
}

bool bench_event(const char *folder, int people, struct problem *problem) {
  return bench_folder(folder, people, problem) && bench_build(folder, NULL, NULL, problem);
}

bool bench_codes(const char *folder, char ***codes, int *count, struct problem *problem) {
  struct folder read;
  *codes = NULL;
  *count = 0;
  if (!folder_read(folder, &read, problem)) {
    folder_free(&read);
    return false;
  }
  *codes = grow(NULL, (size_t)read.people_count, sizeof **codes);
  for (int i = 0; i < read.people_count; i++) (*codes)[(*count)++] = strdup(read.people[i].code);
  folder_free(&read);
  return true;
}

void bench_codes_free(char **codes, int count) {
  for (int i = 0; i < count; i++) free(codes[i]);
  free(codes);
}
