/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/bench/hub.h"
#include "tools/yingbin/assets.h"

static bool tool(char path[PATH_MAX], struct problem *problem) { return assets_find("../tools/postgres", path, problem); }

/* Its output without the LF, or false. */
static bool say(const char *what, const char *argument, char *out, size_t size, struct problem *problem) {
  char path[PATH_MAX], command[PATH_MAX + 600];
  if (!tool(path, problem)) return false;
  snprintf(command, sizeof command, "'%s' %s '%s'", path, what, argument);
  FILE *f = popen(command, "re");
  const size_t len = f ? fread(out, 1, size - 1, f) : 0;
  out[len] = '\0';
  out[strcspn(out, "\n")] = '\0';
  return (f && pclose(f) == 0) || problem_set(problem, "tools/postgres %s 失败", "tools/postgres %s failed", what);
}

static bool start_server(struct world *w, struct problem *problem) {
  return say("start", "", w->server, sizeof w->server, problem) && say("url", w->server, w->db, sizeof w->db, problem);
}

static bool read_port(int from, int *port) {
  char text[256];
  size_t len = 0;
  ssize_t got;
  while (len < sizeof text - 1 && (got = read(from, text + len, sizeof text - 1 - len)) > 0) {
    len += (size_t)got;
    if (memchr(text, '\n', len)) break;
  }
  text[len] = '\0';
  const char *at = strstr(text, "\"port\":");
  *port = at ? atoi(at + 7) : 0;
  return *port > 0;
}

bool world_start_hub(struct world *w, int hub, struct problem *problem) {
  char program[PATH_MAX], db[600], kiosks[PATH_MAX + 16], threads[32];
  int out[2];
  if (!assets_program("yingbin-hub", program, problem)) return false;
  if (pipe2(out, O_CLOEXEC) != 0) return problem_system(problem, errno, "无法建立管道", "can't make a pipe", program);
  snprintf(db, sizeof db, "db=%s", w->db);
  snprintf(kiosks, sizeof kiosks, "kiosks=%s", w->csv);
  snprintf(threads, sizeof threads, "threads=%d", w->options->threads);
  w->hub[hub] = fork();
  if (w->hub[hub] == 0) {
    const int log = open(w->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0 && dup2(out[1], STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0)
      execl(program, program, "--set", db, "--set", kiosks, "--set", threads, "--set", "listen=127.0.0.1:0", "--set",
            "rate=1000", "--set", "log=warn", (char *)NULL);
    _exit(127);
  }
  close(out[1]);
  const bool good = read_port(out[0], &w->port[hub]);
  close(out[0]);
  return good || problem_set(problem, "汇总站没有启动（见 %s）", "the hub didn't start (see %s)", w->log);
}

static void end_hub(struct world *w, int hub, int sig) {
  if (w->hub[hub] <= 0) return;
  kill(w->hub[hub], sig);
  waitpid(w->hub[hub], NULL, 0);
  w->hub[hub] = 0;
}

bool world_start(struct world *w, const struct hub_options *o, const char *csv, struct problem *problem) {
  *w = (struct world){.options = o};
  snprintf(w->csv, sizeof w->csv, "%s", csv);
  snprintf(w->log, sizeof w->log, "%s/hub.log", o->scratch);
  bool good = true;
  if (!strcmp(o->db, "sqlite"))
    snprintf(w->db, sizeof w->db, "%.400s/hub.db", o->scratch);
  else if (!strcmp(o->db, "postgresql"))
    good = start_server(w, problem);
  else
    snprintf(w->db, sizeof w->db, "%s", o->db);
  for (int i = 0; good && i < o->hubs; i++) good = world_start_hub(w, i, problem);
  return good;
}

void world_memory(struct world *w) {
  char path[64], line[256];
  for (int i = 0; i < w->options->hubs; i++) {
    snprintf(path, sizeof path, "/proc/%d/status", (int)w->hub[i]);
    FILE *f = w->hub[i] > 0 ? fopen(path, "re") : NULL;
    while (f && fgets(line, sizeof line, f))
      if (!strncmp(line, "VmHWM:", 6) && strtod(line + 6, NULL) / 1024 > w->peak_mb) w->peak_mb = strtod(line + 6, NULL) / 1024;
    if (f) fclose(f);
  }
}

static bool kill_server(struct world *w, struct problem *problem) {
  char path[PATH_MAX], out[64];
  if (!tool(path, problem) || !say("kill", w->server, out, sizeof out, problem)) return false;
  w->killed_servers++;
  w->starting = fork();
  if (w->starting == 0) {
    execl(path, path, "up", w->server, (char *)NULL);
    _exit(127);
  }
  return true;
}

bool world_ready(struct world *w, struct problem *problem) {
  int status;
  if (w->starting <= 0) return true;
  const pid_t got = waitpid(w->starting, &status, WNOHANG);
  if (got == 0) return false;
  w->starting = 0;
  if (got > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  return problem_set(problem, "PostgreSQL 没有重新启动", "PostgreSQL didn't start again");
}

bool world_kill(struct world *w, uint64_t chance, struct problem *problem) {
  const int hub = (int)(chance % (uint64_t)w->options->hubs);
  if (w->server[0] && (w->killed_hubs + w->killed_servers) % 3 == 2) return kill_server(w, problem);
  world_memory(w);
  end_hub(w, hub, SIGKILL);
  w->killed_hubs++;
  return world_start_hub(w, hub, problem);
}

void world_stop(struct world *w) {
  struct problem problem;
  char out[64];
  for (int i = 0; i < HUBS_MOST; i++) end_hub(w, i, SIGTERM);
  if (w->starting > 0) waitpid(w->starting, NULL, 0);
  if (w->server[0]) say("remove", w->server, out, sizeof out, &problem);
}
