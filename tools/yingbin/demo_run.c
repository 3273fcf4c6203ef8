/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_run.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uniwidth.h>

#include "base/file.h"
#include "journal/export.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/demo_folder.h"

enum { SILENT_MS = 120 * 1000, LINE_MOST = 8192 };

bool demo_path(const struct demo *demo, const struct story *story, const char *name, char path[PATH_MAX],
               struct problem *problem) {
  if (snprintf(path, PATH_MAX, "%s/%s/%s", demo->out, story->event, name) < PATH_MAX) return true;
  return problem_set(problem, "路径太长：%s", "the path is too long: %s", demo->out);
}

static bool write_queue(const struct people *people, const char *path, struct problem *problem) {
  char beside[PATH_MAX];
  if (!file_begin(path, beside, problem)) return false;
  FILE *out = fopen(beside, "wbe");
  bool good = out && people_write(people, people_frames(people), out);
  int why = errno;
  if (out && fclose(out) && good) good = false, why = errno;
  if (good) return file_commit(beside, path, 0600, problem);
  file_abandon(beside);
  return problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, strerror(why));
}

int64_t demo_begins_ms(const struct demo *demo, const struct story *story) {
  int64_t local_s = (int64_t)demo->today * 86400 + story->hour * 3600 + story->minute * 60 + story->second;
  return (local_s - DEMO_EAST_S) * 1000;
}

static bool write_conf(const struct demo *demo, const struct story *story, const char *path, struct problem *problem) {
  char text[2048];
  int len = snprintf(text, sizeof text,
                     "# 示例活动的签到机设置。演示自己的签到日志在 data/；再次运行这个文件，日志写进 data-again/。\n"
                     "# The kiosk of this sample event. The demo's own journal is in data/; run again with this file,\n"
                     "# it writes one to data-again/.\n"
                     "kiosk = %s-1\npack = pack.ybp\npub = ../demo.pub\ndata = data-again\nstation = %s\n"
                     "camera = y4m:queue.y4m once\npace = %s\nclock = stream\nclock_start = %lld\n"
                     "reader = none\nlang = zh-Hans en\nwindow = %s\ntheme = %s\nevents = -\nshots = .\n",
                     story->event, story->station, demo->headless ? "fast" : "real", (long long)demo_begins_ms(demo, story),
                     demo->headless ? "1920x1080" : "1280x720", story->light < 0.3 ? "dark" : "light");
  return file_write(path, text, (size_t)len, 0600, problem);
}

bool demo_prepare(const struct demo *demo, const struct story *story, const struct folder *folder, struct problem *problem) {
  struct pool texts = {0};
  struct people_scene scene;
  struct people *people = NULL;
  char queue[PATH_MAX], conf[PATH_MAX];
  bool good = demo_path(demo, story, "queue.y4m", queue, problem) && demo_path(demo, story, "kiosk.conf", conf, problem) &&
              story_scene(story, folder, &texts, &scene, problem) && people_open(&scene, &people, problem) &&
              write_queue(people, queue, problem) && write_conf(demo, story, conf, problem);
  people_close(people);
  pool_free(&texts);
  return good;
}

/* --- the kiosk's process --- */

struct child {
  pid_t id;
  int lines; /* its stdout */
  char log[PATH_MAX];
};

static void become_kiosk(const struct demo *demo, const char *kiosk, const char *const *argv, int out, int log) {
  if (dup2(out, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) _exit(127);
  if (demo->headless && (setenv("SDL_VIDEODRIVER", "dummy", 1) || setenv("SDL_AUDIODRIVER", "dummy", 1))) _exit(127);
  execv(kiosk, (char *const *)argv);
  dprintf(STDERR_FILENO, "%s: %s\n", kiosk, strerror(errno));
  _exit(127);
}

static bool start(const struct demo *demo, const struct story *story, const struct demo_turn *turn, struct child *child,
                  struct problem *problem) {
  char kiosk[PATH_MAX], conf[PATH_MAX], data[PATH_MAX], set[PATH_MAX + 8];
  const char *argv[2 * DEMO_SETTINGS + 8] = {kiosk, "--config", conf, "--set", set};
  int words = 5;
  if (!assets_program("yingbin-kiosk", kiosk, problem) || !demo_path(demo, story, turn->conf, conf, problem) ||
      !demo_path(demo, story, turn->data, data, problem) || !demo_path(demo, story, turn->log, child->log, problem))
    return false;
  snprintf(set, sizeof set, "data=%s", data);
  for (int i = 0; i < DEMO_SETTINGS && turn->set[i]; i++) argv[words++] = "--set", argv[words++] = turn->set[i];
  if (demo->insecure_decoder) argv[words++] = "--insecure-decoder";
  int log = open(child->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), ends[2] = {-1, -1};
  bool good = log >= 0 && !pipe2(ends, O_CLOEXEC);
  child->id = good ? fork() : -1;
  if (child->id == 0) become_kiosk(demo, kiosk, argv, ends[1], log);
  if (child->id < 0) problem_set(problem, "启动不了 %s：%s", "can't start %s: %s", kiosk, strerror(errno));
  if (log >= 0) close(log);
  if (ends[1] >= 0) close(ends[1]);
  if (child->id < 0 && ends[0] >= 0) close(ends[0]);
  child->lines = ends[0];
  return child->id > 0;
}

static void show_log(const char *path) {
  char *text;
  size_t len;
  struct problem none;
  if (!file_read(path, 1 << 22, &text, &len, &none)) return;
  fputs(len > 3000 ? text + len - 3000 : text, stderr);
  free(text);
}

static bool finish(struct child *child, bool silent, struct problem *problem) {
  int status = 0;
  if (silent) kill(child->id, SIGKILL);
  while (waitpid(child->id, &status, 0) < 0 && errno == EINTR) {
  }
  close(child->lines);
  if (!silent && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  show_log(child->log);
  if (silent)
    return problem_set(problem, "签到机两分钟没有动静，已停止；见 %s",
                       "the kiosk said nothing for two minutes and was stopped; see %s", child->log);
  if (WIFSIGNALED(status))
    return problem_set(problem, "签到机被信号 %d 终止；见 %s", "the kiosk was ended by signal %d; see %s", WTERMSIG(status),
                       child->log);
  return problem_set(problem, "签到机没有正常结束（退出码 %d）；见 %s", "the kiosk did not end well (exit code %d); see %s",
                     WEXITSTATUS(status), child->log);
}

/* --- its lines, against the script --- */

static const struct {
  const char *zh, *en;
} saying[VERDICT_COUNT] = {
    [VERDICT_ADMIT] = {"欢迎", "admitted"},
    [VERDICT_AGAIN] = {"已签到", "again"},
    [VERDICT_EARLY] = {"尚未开始", "too early"},
    [VERDICT_CLOSED] = {"已结束", "closed"},
    [VERDICT_ELSEWHERE] = {"别处的票", "elsewhere"},
    [VERDICT_WRONG_TYPE] = {"票种不符", "wrong type"},
    [VERDICT_MISSING_STEP] = {"缺一步", "missing step"},
    [VERDICT_FULL] = {"名额已满", "full"},
    [VERDICT_NOT_CONFIRMED] = {"报名待确认", "not confirmed"},
    [VERDICT_REVOKED] = {"已作废", "revoked"},
    [VERDICT_EXPIRED] = {"已过期", "expired"},
    [VERDICT_FORGED] = {"伪造", "forged"},
    [VERDICT_UNKNOWN] = {"未报名", "unknown"},
    [VERDICT_NOT_A_TICKET] = {"不是票", "not a ticket"},
    [VERDICT_FAULT] = {"故障", "fault"},
};

struct audience {
  const struct demo *demo;
  const struct story *story;
  const struct folder *folder;
  struct demo_count *count;
  bool met[PEOPLE_GUESTS_MAX];
};

static void column(const char *text, int width) {
  int used = u8_strwidth((const uint8_t *)text, "UTF-8");
  fprintf(stderr, "%s%*s", text, used < width ? width - used : 1, "");
}

static void row(const char *time, enum verdict_kind kind, const char *name, const char *zh, const char *en) {
  fprintf(stderr, "  %s  ", time);
  column(saying[kind].zh, 12);
  column(saying[kind].en, 15);
  column(name, 34);
  fprintf(stderr, "%s%s%s\n", zh ? zh : "", zh && en ? " / " : "", en ? en : "");
}

/* The first guest of the script whom the kiosk has not named yet and who fits. */
static int guest_of(const struct audience *a, enum verdict_kind kind, const char *attendee) {
  for (int i = 0; i < a->story->guests; i++) {
    const struct story_guest *g = &a->story->guest[i];
    const struct person *p = story_person(g, a->folder);
    bool named = kind == VERDICT_ADMIT || kind == VERDICT_AGAIN || *attendee;
    if (!a->met[i] && g->expect == kind && (!named || !strcmp(p ? p->number : "", attendee))) return i;
  }
  return -1;
}

static const char *text_of(const json_t *line, const char *key) {
  const char *text = json_string_value(json_object_get(line, key));
  return text ? text : "";
}

/* HH:MM:SS at the event, of "2023-10-28T00:31:07.123Z". */
static void local_time(const char *at, char out[16]) {
  int h = 0, m = 0, s = 0;
  snprintf(out, 16, "--:--:--");
  if (strlen(at) >= 19 && sscanf(at + 11, "%2d:%2d:%2d", &h, &m, &s) == 3)
    snprintf(out, 16, "%02d:%02d:%02d", (h + DEMO_EAST_S / 3600) % 24 & 31, m & 63, s & 63);
}

static void hear(struct audience *a, const char *text) {
  char time[16];
  enum verdict_kind kind;
  json_t *line = json_loads(text, 0, NULL);
  if (!line || !verdict_of_name(text_of(line, "verdict"), &kind)) {
    fprintf(stderr, "  签到机输出了不认识的一行 / a line of the kiosk that is none: %s\n", text);
    a->count->differences++;
    json_decref(line);
    return;
  }
  local_time(text_of(line, "at"), time);
  int guest = guest_of(a, kind, text_of(line, "attendee"));
  const struct story_guest *g = guest < 0 ? NULL : &a->story->guest[guest];
  const char *name = text_of(line, "name");
  row(time, kind, *name || !g || !g->who ? name : g->who, g ? g->zh : "✗ 剧本里没有", g ? g->en : "not in the script");
  if (g)
    a->met[guest] = true;
  else
    a->count->differences++;
  if (kind == VERDICT_ADMIT)
    a->count->admitted++;
  else if (kind == VERDICT_AGAIN)
    a->count->again++;
  else
    a->count->refused++;
  json_decref(line);
}

/* Until the kiosk closes its end. False: it was silent for too long. */
static bool listen_to(struct audience *a, int fd) {
  char buffer[LINE_MOST];
  size_t used = 0;
  for (;;) {
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    int ready = poll(&poll_fd, 1, SILENT_MS);
    if (ready == 0) return false;
    ssize_t got = ready < 0 ? -1 : read(fd, buffer + used, sizeof buffer - 1 - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    used += (size_t)got;
    buffer[used] = '\0';
    char *from = buffer;
    for (char *end; (end = strchr(from, '\n')); from = end + 1) {
      *end = '\0';
      hear(a, from);
    }
    used -= (size_t)(from - buffer);
    memmove(buffer, from, used);
    if (used == sizeof buffer - 1) used = 0; /* no line of ours is so long; the rest is told as one that is none */
  }
}

static void name_missing(struct audience *a) {
  for (int i = 0; i < a->story->guests; i++) {
    const struct story_guest *g = &a->story->guest[i];
    if (a->met[i]) continue;
    a->count->differences++;
    row("✗       ", g->expect, g->who ? g->who : g->text, "签到机没有这样说", "the kiosk did not say so");
  }
}

bool demo_run(const struct demo *demo, const struct story *story, const struct demo_turn *turn, const struct folder *folder,
              struct demo_count *count, struct problem *problem) {
  struct audience a = {.demo = demo, .story = story, .folder = folder, .count = count};
  struct child child;
  if (!start(demo, story, turn, &child, problem)) return false;
  if (story->guests) {
    fprintf(stderr, "  时间 time ");
    column("结果", 12);
    column("verdict", 15);
    column("姓名 name", 34);
    fputs("说明 note\n", stderr);
  }
  bool silent = !listen_to(&a, child.lines);
  if (!finish(&child, silent, problem)) return false;
  name_missing(&a);
  return true;
}

/* --- afterwards --- */

static bool verify(const char *path, struct problem *problem) {
  struct journal_report report;
  FILE *in = fopen(path, "re");
  if (!in) return problem_set(problem, "打不开 %s：%s", "can't open %s: %s", path, strerror(errno));
  bool good = journal_verify(in, path, &report, problem);
  fclose(in);
  return good;
}

bool demo_export(const struct demo *demo, const struct story *story, const char *folder, const char *name, int64_t *records,
                 struct problem *problem) {
  char data[PATH_MAX], path[PATH_MAX], beside[PATH_MAX];
  if (!demo_path(demo, story, folder, data, problem) || !demo_path(demo, story, name, path, problem) ||
      !file_begin(path, beside, problem))
    return false;
  FILE *out = fopen(beside, "we");
  bool good = out || problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, strerror(errno));
  good = good && journal_export(data, 1, out, records, problem);
  if (out && fclose(out) && good) good = problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, strerror(errno));
  if (!good) {
    file_abandon(beside);
    return false;
  }
  return file_commit(beside, path, 0600, problem) && verify(path, problem);
}
