/* SPDX-License-Identifier: Apache-2.0
 * Who used the processors: on a machine that others use, too, CPU time says what seconds don't.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include "tools/bench/hub.h"

struct stat_line { /* proc(5), /proc/PID/stat */
  int parent;
  double own, ended; /* s; ended: of children that it waited for */
};

static bool read_stat(long pid, struct stat_line *out) {
  char path[64], line[1024];
  unsigned long user, system;
  long ended_user, ended_system;
  snprintf(path, sizeof path, "/proc/%ld/stat", pid);
  FILE *f = fopen(path, "re");
  const size_t len = f ? fread(line, 1, sizeof line - 1, f) : 0;
  if (f) fclose(f);
  line[len] = '\0';
  const char *at = strrchr(line, ')'); /* its name may hold anything */
  if (!at || sscanf(at + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &out->parent, &user, &system,
                    &ended_user, &ended_system) != 5)
    return false;
  const double tick = (double)sysconf(_SC_CLK_TCK);
  out->own = (double)(user + system) / tick;
  out->ended = (double)(ended_user + ended_system) / tick;
  return true;
}

/* The server, those of its processes that ended, and those that run. */
static double server_cpu(const char *folder) {
  char path[SERVER_MOST + 32];
  long pid = 0;
  struct stat_line one;
  snprintf(path, sizeof path, "%s/data/postmaster.pid", folder);
  FILE *f = folder[0] ? fopen(path, "re") : NULL;
  const bool known = f && fscanf(f, "%ld", &pid) == 1 && read_stat(pid, &one);
  if (f) fclose(f);
  double all = known ? one.own + one.ended : 0;
  DIR *proc = known ? opendir("/proc") : NULL;
  for (const struct dirent *e; proc && (e = readdir(proc));)
    if (read_stat(strtol(e->d_name, NULL, 10), &one) && one.parent == pid) all += one.own;
  if (proc) closedir(proc);
  return all;
}

struct hub_cpu hub_cpu(const struct world *world) {
  struct hub_cpu cpu = {.server = server_cpu(world->server)};
  struct stat_line one;
  struct rusage own;
  for (int i = 0; i < world->options->hubs; i++)
    if (world->hub[i] > 0 && read_stat(world->hub[i], &one)) cpu.hub += one.own;
  if (getrusage(RUSAGE_SELF, &own) == 0)
    cpu.clients =
        (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) + (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
  return cpu;
}

void hub_phase_begin(struct hub_phase *phase, const struct world *world) {
  phase->began_ms = clock_wall_ms();
  phase->before = hub_cpu(world);
}

void hub_phase_end(struct hub_phase *phase, const struct world *world, int64_t records) {
  const struct hub_cpu now = hub_cpu(world);
  phase->seconds += (clock_wall_ms() - phase->began_ms) / 1e3;
  phase->records += records;
  phase->cpu.hub += now.hub - phase->before.hub;
  phase->cpu.server += now.server - phase->before.server;
  phase->cpu.clients += now.clients - phase->before.clients;
}
