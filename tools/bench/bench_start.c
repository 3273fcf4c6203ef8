/* SPDX-License-Identifier: Apache-2.0
 * The real kiosk: from exec to ready, as it tells systemd; and its memory over a queue of people. The
 * control is the same program, exec'd, linked and left at once (--version).
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/bench/bench.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/demo_people.h"

enum { PEOPLE = 200, STARTS = 15, GUESTS = 8, PATIENCE_MS = 20000 };

static bool write_conf(const char *scratch, const char *camera, char conf[PATH_MAX], struct problem *problem) {
  char text[1024];
  int len = snprintf(text, sizeof text,
                     "pack = event/pack.ybp\npub = event/org.pub\ndata = data\nstation = bench/door\ncamera = %s\npace = "
                     "fast\nclock = stream\n"
                     "clock_start = 1698454800000\nreader = none\nwindow = 1920x1080\nevents = -\n",
                     camera);
  snprintf(conf, PATH_MAX, "%s/kiosk.conf", scratch);
  return file_write(conf, text, (size_t)len, 0600, problem);
}

static bool prepare(const char *scratch, const char *camera, char conf[PATH_MAX], char log[PATH_MAX], struct problem *problem) {
  char event[PATH_MAX];
  snprintf(event, sizeof event, "%s/event", scratch);
  snprintf(log, PATH_MAX, "%s/kiosk.log", scratch);
  return bench_event(event, PEOPLE, problem) && write_conf(scratch, camera, conf, problem);
}

/* systemd's side of the notify socket, abstract: no file. */
static int notify_socket(char name[64]) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int len = snprintf(name, 64, "@yingbin-bench-%d", (int)getpid());
  memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && bind(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len)) == 0)
    return fd;
  if (fd >= 0) close(fd);
  return -1;
}

static bool told_ready(int fd) {
  char text[512];
  struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
  while (poll(&poll_fd, 1, PATIENCE_MS) > 0) {
    ssize_t len = recv(fd, text, sizeof text - 1, 0);
    if (len < 0) return false;
    text[len] = '\0';
    if (strstr(text, "READY=1")) return true;
  }
  return false;
}

static bool start_once(const char *conf, const char *log, int fd, struct samples *ready, struct problem *problem) {
  char program[PATH_MAX];
  if (!assets_program("yingbin-kiosk", program, problem)) return false;
  double start = clock_wall_ms();
  pid_t id = fork();
  if (id == 0) {
    if (!freopen(log, "ae", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0) _exit(127);
    execl(program, program, "--config", conf, (char *)NULL);
    _exit(127);
  }
  bool good = id > 0 && told_ready(fd);
  samples_add(ready, clock_wall_ms() - start);
  if (id > 0) kill(id, SIGTERM);
  while (id > 0 && waitpid(id, NULL, 0) < 0 && errno == EINTR) {
  }
  return good || problem_set(problem, "签到机没有就绪（见 %s）", "the kiosk was never ready (see %s)", log);
}

static bool run_start(const struct bench_options *options, struct problem *problem) {
  char conf[PATH_MAX], log[PATH_MAX], name[64];
  static const char *const version[] = {"yingbin-kiosk", "--version", NULL};
  struct samples ready = {0}, bare = {0};
  if (!prepare(options->scratch, "none", conf, log, problem)) return false;
  int fd = notify_socket(name);
  if (fd < 0) return problem_set(problem, "建不了套接字：%s", "can't make a socket: %s", strerror(errno));
  setenv("NOTIFY_SOCKET", name, 1);
  setenv("SDL_VIDEODRIVER", "dummy", 1);
  bool good = true;
  for (int i = 0, runs = options->runs ? options->runs : STARTS; good && i < runs; i++) {
    double start = clock_wall_ms();
    good = bench_program(version, log, NULL, problem) == 0;
    samples_add(&bare, clock_wall_ms() - start);
    good = good && start_once(conf, log, fd, &ready, problem);
  }
  unsetenv("NOTIFY_SOCKET");
  close(fd);
  if (good) bench_tell("start", "exec to ready", "ms", &ready, "yingbin-kiosk --version", &bare);
  samples_free(&ready);
  samples_free(&bare);
  return good;
}

/* Eight people of the roster, one after the other. */
static bool write_queue(const char *scratch, struct problem *problem) {
  char event[PATH_MAX], path[PATH_MAX + 16], **codes;
  int count;
  struct people_scene scene = {.w = 1280, .h = 720, .fps = 10, .seed = 1, .light = 0.5, .noise = 4, .guests = GUESTS};
  struct people *people = NULL;
  snprintf(event, sizeof event, "%s/event", scratch);
  snprintf(path, sizeof path, "%s/queue.y4m", scratch);
  bool good = bench_codes(event, &codes, &count, problem);
  for (int i = 0; good && i < GUESTS; i++)
    scene.guest[i] = (struct people_guest){
        .payload = codes[i], .len = strlen(codes[i]), .comes_s = i, .stays_s = 1.3, .x = 0.5, .y = 0.5, .size = 0.8, .glow = 1};
  good = good && people_open(&scene, &people, problem);
  FILE *out = good ? fopen(path, "we") : NULL;
  if (good && (!out || !people_write(people, people_frames(people), out)))
    good = problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, strerror(errno));
  if (out) fclose(out);
  people_close(people);
  bench_codes_free(codes, count);
  return good;
}

static bool run_memory(const struct bench_options *options, struct problem *problem) {
  static const char *const version[] = {"yingbin-kiosk", "--version", NULL};
  char conf[PATH_MAX], log[PATH_MAX];
  struct samples kiosk = {0}, bare = {0};
  if (!prepare(options->scratch, "y4m:queue.y4m once", conf, log, problem) || !write_queue(options->scratch, problem))
    return false;
  const char *const argv[] = {"yingbin-kiosk", "--config", conf, NULL};
  bool good = true;
  for (int i = 0, runs = options->runs ? options->runs : 3; good && i < runs; i++) {
    long peak = 0, none = 0;
    good = bench_program(version, log, &none, problem) == 0 && bench_program(argv, log, &peak, problem) == 0;
    samples_add(&kiosk, (double)peak / 1024);
    samples_add(&bare, (double)none / 1024);
  }
  if (good) bench_tell("memory", "peak over a queue, 1920x1080", "MB", &kiosk, "yingbin-kiosk --version", &bare);
  samples_free(&kiosk);
  samples_free(&bare);
  return good;
}

const struct bench bench_start = {"start", "签到机从启动到就绪", "the kiosk, from exec to ready", run_start};
const struct bench bench_memory = {"memory", "签到机接待一队人时的内存峰值", "the kiosk's peak memory over a queue of people",
                                   run_memory};
