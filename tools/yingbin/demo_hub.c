/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_hub.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/cards.h"
#include "tools/yingbin/kiosks.h"

enum { WRONG_BY_MS = -9 * 3600 * 1000, PICTURE_MOST = 1 << 22 };

/* --- the hub --- */

struct hub_child {
  pid_t id;
  char address[64];   /* as a setting of kiosks */
  int64_t started_ms; /* of the machine's clock */
};

static int64_t machine_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_BOOTTIME, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void become_hub(const char *hub, const char *const *argv, int out, int log) {
  if (dup2(out, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) _exit(127);
  execv(hub, (char *const *)argv);
  dprintf(STDERR_FILENO, "%s: %s\n", hub, strerror(errno));
  _exit(127);
}

/* The line by which it says that it's ready names its port. */
static bool read_port(struct hub_child *hub, int from, const char *log, struct problem *problem) {
  char line[256];
  size_t len = 0;
  ssize_t got;
  while (len < sizeof line - 1 && (got = read(from, line + len, 1)) > 0 && line[len] != '\n') len += (size_t)got;
  line[len] = '\0';
  json_t *said = json_loads(line, 0, NULL);
  const json_int_t port = json_integer_value(json_object_get(said, "port"));
  json_decref(said);
  snprintf(hub->address, sizeof hub->address, "hub=http://127.0.0.1:%lld", (long long)port);
  return port > 0 || problem_set(problem, "汇总站没有启动；见 %s", "the hub did not start; see %s", log);
}

static void stop_hub(struct hub_child *hub) {
  if (hub->id <= 0) return;
  kill(hub->id, SIGTERM);
  while (waitpid(hub->id, NULL, 0) < 0 && errno == EINTR) continue;
  hub->id = -1;
}

static bool start_hub(const struct demo *demo, const struct story *story, struct hub_child *hub, struct problem *problem) {
  char program[PATH_MAX], db[PATH_MAX], kiosks[PATH_MAX], log[PATH_MAX], set[3][PATH_MAX + 32];
  const char *const argv[] = {program, "--set",     set[0], "--set", set[1], "--set", set[2], "--set", "listen=127.0.0.1:0",
                              "--set", "rate=1000", NULL};
  int ends[2] = {-1, -1};
  hub->id = -1;
  if (!assets_program("yingbin-hub", program, problem) || !demo_path(demo, story, "hub.db", db, problem) ||
      !demo_path(demo, story, "kiosks.csv", kiosks, problem) || !demo_path(demo, story, "hub.log", log, problem))
    return false;
  snprintf(set[0], sizeof set[0], "db=%s", db);
  snprintf(set[1], sizeof set[1], "kiosks=%s", kiosks);
  snprintf(set[2], sizeof set[2], "clock_start=%lld", (long long)demo_begins_ms(demo, &second_door[SECOND_ALONE]));
  const int err = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  hub->started_ms = machine_ms();
  if (err >= 0 && !pipe2(ends, O_CLOEXEC)) hub->id = fork();
  if (hub->id == 0) become_hub(program, argv, ends[1], err);
  if (hub->id < 0) problem_set(problem, "启动不了 %s：%s", "can't start %s: %s", program, strerror(errno));
  if (err >= 0) close(err);
  if (ends[1] >= 0) close(ends[1]);
  const bool good = hub->id > 0 && read_port(hub, ends[0], log, problem);
  if (ends[0] >= 0) close(ends[0]);
  return good;
}

/* --- what the doors' cameras see --- */

/* Setup cards of the kiosks, as `yingbin card setup` draws them, each alone in a folder; and kiosks.csv for the hub. */
static bool make_cards(const struct demo *demo, const struct story *story, const char *const *kiosks, int count,
                       struct problem *problem) {
  struct pool texts = {.newest = NULL};
  struct kiosks known = {.count = 0};
  char csv[PATH_MAX], folder[PATH_MAX], file[PATH_MAX + 16], name[32];
  bool good = demo_path(demo, story, "kiosks.csv", csv, problem) && kiosks_read(csv, &texts, &known, problem);
  for (int i = 0; good && i < count; i++) {
    uint8_t token[24];
    char text[64];
    struct card card;
    randombytes_buf(token, sizeof token);
    sodium_bin2base64(text, sizeof text, token, sizeof token, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    const struct setup setup = {
        .hub = "http://hub.local:8080", .spki = "", .kiosk = kiosks[i], .token = text, .stations = "", .pub = ""};
    snprintf(name, sizeof name, "setup-%d", i + 1);
    good = card_setup(&setup, &card, problem) && demo_path(demo, story, name, folder, problem) &&
           folder_make(folder, 0700, problem) && kiosks_expect(&known, kiosks[i], text, problem);
    snprintf(file, sizeof file, "%s/card.png", folder);
    good = good && card_draw(&card, file, problem);
    sodium_memzero(&card, sizeof card);
  }
  good = good && kiosks_write(csv, &known, problem);
  kiosks_free(&known);
  pool_free(&texts);
  return good;
}

/* The guests' tickets in the order in which they come. */
static bool show_tickets(const struct demo *demo, const struct story *s, const char *into, const struct folder *folder,
                         struct problem *problem) {
  char name[ID_MAX + 32], from[PATH_MAX], to[PATH_MAX];
  bool good = demo_path(demo, s, into, to, problem) && folder_make(to, 0700, problem);
  for (int i = 0; good && i < s->guests; i++) {
    const struct person *p = story_person(&s->guest[i], folder);
    char *bytes = NULL;
    size_t len;
    if (!p) return problem_set(problem, "报名表里没有「%s」", "“%s” is not on the roster", s->guest[i].who);
    snprintf(name, sizeof name, "tickets/%s.png", p->number);
    good = demo_path(demo, s, name, from, problem) && file_read(from, PICTURE_MOST, &bytes, &len, problem);
    snprintf(name, sizeof name, "%s/%02d.png", into, i + 1);
    good = good && demo_path(demo, s, name, to, problem) && file_write(to, bytes, len, 0600, problem);
    free(bytes);
  }
  return good;
}

static bool write_conf(const struct demo *demo, const struct story *s, struct problem *problem) {
  char path[PATH_MAX], text[1024];
  int len = snprintf(text, sizeof text,
                     "# 同一个门口的第二台签到机；开头没有网，时钟也不准。运行一次，日志写进 data-2-again/。\n"
                     "# The second kiosk of the same door, at first without a network and with a wrong clock. Run by itself,\n"
                     "# it writes a journal to data-2-again/.\n"
                     "kiosk = %s-2\npack = pack.ybp\npub = ../demo.pub\ndata = data-2-again\nstation = %s\n"
                     "camera = files:door-2 once\nclock = adrift\nclock_start = %lld\nreader = none\nlang = zh-Hans en\n"
                     "window = 1280x720\nevents = -\n",
                     s->event, s->station, (long long)(demo_begins_ms(demo, s) + WRONG_BY_MS));
  return demo_path(demo, s, "kiosk-2.conf", path, problem) && file_write(path, text, (size_t)len, 0600, problem);
}

/* --- */

static void title(const char *zh, const char *en) { fprintf(stderr, "  —— %s / %s\n", zh, en); }

enum { CAMERA = PATH_MAX + 32 };

static bool camera_at(const struct demo *demo, const struct story *story, const char *folder, char camera[CAMERA],
                      struct problem *problem) {
  char path[PATH_MAX];
  const bool good = demo_path(demo, story, folder, path, problem);
  snprintf(camera, CAMERA, "camera=files:%s once", path);
  return good;
}

/* What the network's time makes of a kiosk's clock. */
static void right_clock(const struct demo *demo, const struct hub_child *hub, char start[64]) {
  snprintf(start, 64, "clock_start=%lld",
           (long long)(demo_begins_ms(demo, &second_door[SECOND_ALONE]) + machine_ms() - hub->started_ms));
}

static bool play(const struct demo *demo, const struct story *story, const struct hub_child *hub, const struct folder *folder,
                 struct demo_count *count, struct problem *problem) {
  /* Whoever joins only shows the setup card, and goes when the hub has all that was written, and all of the others is here. */
  static const struct story_guest card[] = {{.expect = VERDICT_NOT_A_TICKET, .zh = "设置卡", .en = "the setup card"}};
  const struct story nobody = {.event = story->event, .station = story->station, .guest = card, .guests = 1};
  char cards[2][CAMERA], joined[CAMERA], start[64];
  const struct demo_turn one = {"kiosk.conf", "data", "kiosk.log", {hub->address}},
                         one_joins = {"kiosk.conf", "data", "kiosk.log", {cards[0], "pace=real", "shots=", hub->address}},
                         two_alone = {"kiosk-2.conf", "data-2", "kiosk-2.log", {NULL}},
                         two_joins = {"kiosk-2.conf", "data-2", "kiosk-2.log", {cards[1], "clock=stream", start, hub->address}},
                         two = {"kiosk-2.conf", "data-2", "kiosk-2.log", {joined, "clock=stream", start, hub->address}};
  if (!camera_at(demo, story, "setup-1", cards[0], problem) || !camera_at(demo, story, "setup-2", cards[1], problem) ||
      !camera_at(demo, story, "door-2-joined", joined, problem))
    return false;
  title("2 号机，没有网，时钟慢九小时", "door 2, without a network, its clock nine hours slow");
  if (!demo_run(demo, &second_door[SECOND_ALONE], &two_alone, folder, count, problem)) return false;
  title("1 号机出示设置卡，加入汇总站；然后是它的队伍", "door 1 is shown its setup card and joins the hub; then its queue");
  if (!demo_run(demo, &nobody, &one_joins, folder, count, problem) || !demo_run(demo, story, &one, folder, count, problem))
    return false;
  title("2 号机有网了，时钟也准了：加入汇总站，知道 1 号机让谁进了",
        "door 2 has a network now, and the right time: it joins the hub, and knows whom door 1 let in");
  right_clock(demo, hub, start);
  if (!demo_run(demo, &nobody, &two_joins, folder, count, problem)) return false;
  right_clock(demo, hub, start);
  return demo_run(demo, &second_door[SECOND_JOINED], &two, folder, count, problem);
}

bool demo_doors(const struct demo *demo, const struct story *story, struct folder *folder, struct demo_count *count,
                struct problem *problem) {
  char name[2][ID_MAX + 8];
  const char *const kiosks[] = {name[0], name[1]};
  struct hub_child hub = {.id = -1};
  for (int i = 0; i < 2; i++) snprintf(name[i], sizeof name[i], "%s-%d", story->event, i + 1);
  bool good = make_cards(demo, story, kiosks, 2, problem) &&
              show_tickets(demo, &second_door[SECOND_ALONE], "door-2", folder, problem) &&
              show_tickets(demo, &second_door[SECOND_JOINED], "door-2-joined", folder, problem) &&
              write_conf(demo, &second_door[SECOND_ALONE], problem) && start_hub(demo, story, &hub, problem) &&
              play(demo, story, &hub, folder, count, problem);
  stop_hub(&hub);
  return good;
}
