/* SPDX-License-Identifier: Apache-2.0
 * yingbin demo: the whole story on the four sample events, with the shipped programs. For each event a
 * pack is built, tickets are made, people come before a simulated camera, the kiosk greets or refuses
 * them, and its journal is exported, verified and merged. What the kiosk says is compared with the script: the
 * demo fails where they differ.
 */
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "pack/minisign.h"
#include "tools/yingbin/build.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/demo_folder.h"
#include "tools/yingbin/demo_hub.h"
#include "tools/yingbin/log_merge.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/tickets.h"

/* As `yingbin pack build` does it, with the folder kept for what follows. */
static bool build_pack(struct folder *folder, const char *dir, const char *out, struct problem *problem) {
  char pack[PATH_MAX], secret[PATH_MAX];
  struct minisign_key key;
  struct build built;
  uint32_t number;
  bool needs_password;
  if (snprintf(pack, sizeof pack, "%s/pack.ybp", dir) >= PATH_MAX ||
      snprintf(secret, sizeof secret, "%s/demo.key", out) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", out);
  if (!minisign_read_key(secret, NULL, &needs_password, &key, problem)) return false;
  bool good = folder_read(dir, folder, problem);
  if (good) build_count(folder, &built);
  remarks_print(&folder->warnings, "yingbin demo", NULL);
  good = good && folder_next_build(folder, &number, problem) && build_write(folder, pack, &key, &built, problem);
  sodium_memzero(&key, sizeof key);
  return good;
}

static bool has_hub(const struct story *s) { return s == &stories[STORIES - 1]; }

static void want_tickets(const struct story *s, const struct folder *folder, struct tickets_options *o) {
  for (int i = 0; i < s->guests; i++) {
    const struct person *p = story_person(&s->guest[i], folder);
    bool there = false;
    for (int k = 0; p && k < o->numbers; k++) there = there || o->number[k] == p->number;
    if (p && !there) o->number[o->numbers++] = p->number;
  }
}

/* Tickets of those who are in the queues: enough to look at. */
static bool make_tickets(const struct story *s, struct folder *folder, const char *dir, struct problem *problem) {
  char out[PATH_MAX];
  struct tickets_options o = {.out = out, .lang = LANG_COUNT};
  struct tickets_made made;
  if (snprintf(out, sizeof out, "%s/tickets", dir) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", dir);
  want_tickets(s, folder, &o);
  for (int i = 0; has_hub(s) && i < SECONDS; i++) want_tickets(&second_door[i], folder, &o);
  return o.numbers == 0 || tickets_write(folder, &o, &made, problem);
}

/* Each kiosk's journal, and as `yingbin log merge` does it, one log of them. */
static bool collect(const struct demo *demo, const struct story *s, int64_t *records, struct problem *problem) {
  const int kiosks = has_hub(s) ? 2 : 1;
  char dir[PATH_MAX], out[PATH_MAX], file[2][PATH_MAX], name[ID_MAX + 16];
  char *const files[] = {file[0], file[1]};
  struct merge_counts counts;
  bool good = demo_path(demo, s, "", dir, problem) && demo_path(demo, s, "merged", out, problem);
  *records = 0;
  for (int i = 0; good && i < kiosks; i++) {
    int64_t some;
    snprintf(name, sizeof name, i ? "%s-2.jsonl" : "%s.jsonl", s->event);
    good = demo_path(demo, s, name, file[i], problem) && demo_export(demo, s, i ? "data-2" : "data", name, &some, problem);
    *records += good ? some : 0;
  }
  struct merge_request ask = {.out = out, .roster = dir, .file = files, .files = kiosks};
  return good && log_merge(&ask, &counts, problem) &&
         (!counts.findings ||
          problem_set(problem, "合并时发现日志有问题：%s", "the merge found something wrong with the logs: %s", dir));
}

static void tell(const struct demo *demo, const struct story *s, const struct demo_count *c, int64_t records) {
  char path[PATH_MAX], report[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s/%s.jsonl", demo->out, s->event, s->event);
  snprintf(report, sizeof report, "%s/%s/merged/report.html", demo->out, s->event);
  fprintf(stderr, "  → 签到 admitted %d，再次 again %d，未通过 refused %d；签到日志 journal %s；报告 report %s\n", c->admitted,
          c->again, c->refused, path, report);
  json_t *line = json_pack("{s:s, s:i, s:i, s:i, s:I, s:s, s:s}", "event", s->event, "admitted", c->admitted, "again", c->again,
                           "refused", c->refused, "records", (json_int_t)records, "journal", path, "report", report);
  json_dumpf(line, stdout, JSON_COMPACT);
  json_decref(line);
  puts("");
  fflush(stdout);
}

static bool receive(const struct demo *demo, const struct story *s, struct folder *folder, struct demo_count *count,
                    struct problem *problem) {
  const struct demo_turn turn = {.conf = "kiosk.conf", .data = "data", .log = "kiosk.log"};
  return has_hub(s) ? demo_doors(demo, s, folder, count, problem) : demo_run(demo, s, &turn, folder, count, problem);
}

static bool play(const struct demo *demo, const struct story *s, struct demo_count *all, struct problem *problem) {
  struct demo_count count = {0};
  char dir[PATH_MAX];
  int64_t records = 0;
  if (snprintf(dir, sizeof dir, "%s/%s", demo->out, s->event) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", demo->out);
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  *folder = (struct folder){.rosters = 0};
  fprintf(stderr, "\n== %s (%d/%d)\n", s->event, (int)(s - stories) + 1, STORIES);
  bool good = demo_folder_copy(s->event, dir, demo->today, problem) && build_pack(folder, dir, demo->out, problem) &&
              make_tickets(s, folder, dir, problem) && demo_prepare(demo, s, folder, problem) &&
              receive(demo, s, folder, &count, problem);
  folder_free(folder);
  free(folder);
  good = good && collect(demo, s, &records, problem);
  if (!good) return false;
  tell(demo, s, &count, records);
  all->admitted += count.admitted, all->again += count.again, all->refused += count.refused;
  return count.differences == 0 ||
         problem_set(problem, "签到机说的与剧本有 %d 处不同（上面标 ✗ 的行）",
                     "what the kiosk said differs from the script in %d places (the rows with ✗ above)", count.differences);
}

static bool demonstrate(struct demo *demo, const char *out, char whole[PATH_MAX], struct demo_count *all,
                        struct problem *problem) {
  char key[PATH_MAX];
  if (!demo_folder_clear(out, problem)) return false;
  if (!realpath(out, whole) || snprintf(key, sizeof key, "%s/demo", whole) >= PATH_MAX)
    return problem_set(problem, "路径不可用：%s", "the path can't be used: %s", out);
  demo->out = whole;
  demo->today = demo_day((int64_t)time(NULL) * 1000);
  if (!minisign_new(key, NULL, problem)) return false;
  for (int i = 0; i < STORIES; i++)
    if (!play(demo, &stories[i], all, problem)) return problem_within(problem, stories[i].event);
  json_t *line = json_pack("{s:s, s:i, s:i, s:i, s:s}", "demo", "ok", "admitted", all->admitted, "refused", all->refused,
                           "again", all->again, "out", whole);
  json_dumpf(line, stdout, JSON_COMPACT);
  json_decref(line);
  puts("");
  fprintf(stderr,
          "\n完成：签到 %d 人，未通过 %d 次；截图、电子票、签到日志和报告在 %s\nDone: %d admitted, %d refused; screenshots, "
          "tickets, "
          "journals and reports are in %s\n",
          all->admitted, all->refused, whole, all->admitted, all->refused, whole);
  return true;
}

struct arguments {
  const char *out;
  bool headless, insecure_decoder;
};

static int demo(void *values) {
  const struct arguments *a = values;
  const char *display = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
  bool screen = (display && *display) || (wayland && *wayland);
  struct demo d = {.headless = a->headless || !screen, .insecure_decoder = a->insecure_decoder};
  char whole[PATH_MAX];
  struct demo_count all = {0};
  struct problem problem = {.zh = ""};
  if (demonstrate(&d, a->out, whole, &all, &problem)) return EXIT_DONE;
  problem_print(&problem, "yingbin demo");
  return EXIT_FAILED;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option demo_row[] = {
    {OPTION_TEXT, "--out", "OUT", .offset = AT(out),
     .zh = "结果放在这里（默认 yingbin-demo）；OUT/EVENT/kiosk.conf 可再次运行那支队伍",
     .en = "where the results go (yingbin-demo unless given); OUT/EVENT/kiosk.conf runs that queue again"},
    {OPTION_FLAG, "--headless", .offset = AT(headless), .zh = "不开窗口（没有显示器时自动如此），留下截图",
     .en = "without a window (as where there is no display), leaving screenshots"},
    {OPTION_FLAG, "--insecure-decoder", .offset = AT(insecure_decoder), .zh = "解码程序不加沙箱，仅限带消毒器的测试版",
     .en = "the decoder without its sandbox, for builds with sanitizers only"},
    OPTION_LAST};

static const struct usage usage[] = {
    {"demo", "用四个示例活动演示全程：活动包、电子票、镜头前的队伍、签到机、签到日志。",
     "The whole story on the four sample events: pack, tickets, a queue of people, the kiosk, its journal.", .row = demo_row,
     .run = demo},
    {NULL}};

int cmd_demo(int argc, char **argv) {
  struct arguments a = {.out = "yingbin-demo"};
  return options_run(usage, argc, argv, &a);
}
