/* SPDX-License-Identifier: Apache-2.0
 * From a check-in at one kiosk to "already in" at another one: two kiosks' journals and sync services over libcurl, a hub
 * process between them, everything committed as on the day. People come at random moments, so that the pace of asking is
 * in the figure. The control is a bare exchange with the same hub, GET /healthz, on a connection that is kept.
 */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/others.h"
#include "kiosk_sync.h"
#include "tools/bench/hub.h"

enum {
  GAP_MS = 1000, /* people come at any moment of the second in which a hub looks around */
  PATIENCE_MS = 30 * 1000
};

struct side { /* one kiosk without its desk: this program is desk */
  char name[ID_MAX], data[PATH_MAX], card[64];
  struct tick clock;
  struct kiosk_identity identity;
  struct journal *journal;
  struct others *others;
  struct kiosk_options options;
  struct kiosk_sync sync;
  int64_t acked;
};

struct pair {
  struct hub_options hub_options;
  struct world world;
  struct bell bell; /* news has come, to either */
  struct side side[2];
  void *bare; /* the control's connection */
  char healthz[128];
};

static bool write_cards(const struct pair *p, const char *csv, struct problem *problem) {
  uint8_t hash[32];
  char hex[65];
  FILE *out = fopen(csv, "we");
  if (!out) return problem_system(problem, errno, "无法写入", "can't write", csv);
  fputs("kiosk,token,key\n", out);
  for (int i = 0; i < 2; i++) {
    const struct side *s = &p->side[i];
    crypto_generichash(hash, sizeof hash, (const uint8_t *)s->card, strlen(s->card), NULL, 0);
    fprintf(out, "%s,%s,\n", s->name, sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
  }
  return fclose(out) == 0 || problem_system(problem, errno, "无法写入", "can't write", csv);
}

static void tell_work(struct side *s) {
  const struct sync_work work = {.seq = journal_records(s->journal), .event = "bench", .station = "bench/door"};
  latest_set(&s->sync.work, &work);
}

static bool admit(struct side *s, int number, uint8_t id[JOURNAL_ID], struct problem *problem) {
  struct checkin c = {.kind = RECORD_SCAN,
                      .event = "bench",
                      .station = "bench/door",
                      .verdict = VERDICT_ADMIT,
                      .count = 1,
                      .at = tick_now(&s->clock),
                      .view_age_s = -1};
  int64_t seq;
  snprintf(c.attendee, sizeof c.attendee, "%d", number);
  if (!journal_append(s->journal, &c, &seq, problem)) return false;
  memcpy(id, c.id, JOURNAL_ID);
  tell_work(s);
  return true;
}

static bool side_open(struct pair *p, struct side *s, struct problem *problem) {
  const struct sync with = {.identity = &s->identity, .main_bell = &p->bell};
  struct sync_order order = {.kind = ORDER_ENROL};
  uint8_t id[JOURNAL_ID];
  tick_system(&s->clock, true);
  s->options = (struct kiosk_options){.data = s->data, .clock = &s->clock, .uplink = &uplink_http_ops, .uplink_address = ""};
  if (!kiosk_sync_init(&s->sync, &s->options) || mkdir(s->data, 0700) != 0)
    return problem_system(problem, errno, "无法新建", "can't make", s->data);
  kiosk_sync_queues(&s->sync, &p->bell);
  if (!journal_identity(s->data, s->name, &s->identity, problem) ||
      !journal_open(s->data, &s->identity, "8f0f5a2e-51a7-4dd5-9a75-000000000001", &s->journal, problem) ||
      !others_open(s->data, s->journal, &s->others, problem) || !admit(s, 0, id, problem) ||
      !kiosk_sync_open(&s->sync, NULL, &with, problem))
    return false;
  snprintf(order.text, sizeof order.text, "v=1\nhub=http://127.0.0.1:%d\nkiosk=%s\ntoken=%s", p->world.port[0], s->name,
           s->card);
  mailbox_put(&s->sync.orders, &order);
  return kiosk_sync_start(&s->sync) || problem_set(problem, "无法启动线程", "a thread can't be started");
}

static void side_close(struct side *s) {
  if (!s->sync.news.storage) return; /* not begun */
  kiosk_sync_stop(&s->sync);
  kiosk_sync_close(&s->sync);
  others_close(s->others);
  journal_close(s->journal);
  kiosk_sync_queues_fini(&s->sync);
  kiosk_sync_fini(&s->sync);
}

/* What desk does with it. True: `id` was in it, and is kept. */
static bool take_news(struct side *s, const uint8_t id[JOURNAL_ID]) {
  static struct sync_news n;
  bool found = false;
  while (mailbox_front(&s->sync.news, &n)) {
    if (n.kind == NEWS_ACKED) s->acked = n.seq;
    if (n.kind == NEWS_FEED || n.kind == NEWS_ACKED) others_take(s->others, &n);
    for (int i = 0; n.kind == NEWS_FEED && i < n.count; i++) found = found || !memcmp(n.record[i].id, id, SYNC_ID);
    mailbox_pop(&s->sync.news);
  }
  return found;
}

/* Until the one has it acknowledged and the other one knows: ms since `then` of both; false: it takes too long. */
static bool follow(struct pair *p, double then, const uint8_t id[JOURNAL_ID], double *acked_ms, double *known_ms) {
  struct side *a = &p->side[0], *b = &p->side[1];
  *acked_ms = *known_ms = -1;
  while (*acked_ms < 0 || *known_ms < 0) {
    if (take_news(b, id)) *known_ms = clock_wall_ms() - then;
    take_news(a, id);
    if (*acked_ms < 0 && a->acked >= journal_records(a->journal)) *acked_ms = clock_wall_ms() - then;
    if (clock_wall_ms() - then > PATIENCE_MS) return false;
    if (*acked_ms < 0 || *known_ms < 0) bell_wait(&p->bell, 100);
  }
  return true;
}

static void pass(struct pair *p, int64_t ms) {
  static const uint8_t nobody[JOURNAL_ID];
  for (const double until = clock_wall_ms() + (double)ms; clock_wall_ms() < until;) {
    for (int i = 0; i < 2; i++) take_news(&p->side[i], nobody);
    const double left = until - clock_wall_ms();
    if (left > 0) bell_wait(&p->bell, (int64_t)left + 1);
  }
}

static bool bare_exchange(struct pair *p, double *ms) {
  static char into[4096];
  const struct uplink_request r = {
      .method = "GET", .url = p->healthz, .into = into, .room = sizeof into, .fd = -1, .limit_ms = PATIENCE_MS};
  struct uplink_answer a;
  const double then = clock_wall_ms();
  uplink_http_ops.exchange(p->bare, &r, &a);
  *ms = clock_wall_ms() - then;
  return a.outcome == UPLINK_ANSWERED && a.status == 200;
}

static bool one_person(struct pair *p, int number, struct samples figures[2], struct samples *control,
                       struct problem *problem) {
  uint8_t id[JOURNAL_ID];
  double acked_ms, known_ms, bare_ms;
  pass(p, (int64_t)randombytes_uniform(GAP_MS));
  const double then = clock_wall_ms();
  if (!admit(&p->side[0], number, id, problem)) return false;
  if (!follow(p, then, id, &acked_ms, &known_ms) || !bare_exchange(p, &bare_ms))
    return problem_set(problem, "汇总站没有回答（见 %s）", "the hub doesn't answer (see %s)", p->world.log);
  samples_add(&figures[0], acked_ms);
  samples_add(&figures[1], known_ms);
  samples_add(control, bare_ms);
  return true;
}

static bool pair_open(struct pair *p, const char *scratch, struct problem *problem) {
  char csv[PATH_MAX];
  p->hub_options = (struct hub_options){.hubs = 1, .threads = 4, .db = "sqlite", .scratch = scratch};
  snprintf(csv, sizeof csv, "%s/kiosks.csv", scratch);
  for (int i = 0; i < 2; i++) {
    static const char *const names[] = {"front", "back"};
    struct side *s = &p->side[i];
    snprintf(s->name, sizeof s->name, "%s", names[i]);
    snprintf(s->card, sizeof s->card, "card-of-%s", names[i]);
    snprintf(s->data, sizeof s->data, "%s/%s", scratch, names[i]);
  }
  if (!bell_init(&p->bell)) return problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
  if (!write_cards(p, csv, problem) || !world_start(&p->world, &p->hub_options, csv, problem) ||
      !uplink_http_ops.open("", &p->side[0].clock, &p->bare, problem))
    return false;
  snprintf(p->healthz, sizeof p->healthz, "http://127.0.0.1:%d/healthz", p->world.port[0]);
  return side_open(p, &p->side[0], problem) && side_open(p, &p->side[1], problem);
}

static bool run(const struct bench_options *o, struct problem *problem) {
  const int people = o->runs ? o->runs : 100;
  struct samples figures[2] = {{0}}, control = {0};
  struct pair *p = calloc(1, sizeof *p);
  bool good = p && pair_open(p, o->scratch, problem);
  double warm;
  good = good && bare_exchange(p, &warm);
  for (int i = 1; good && i <= people; i++) {
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\rsync: %d/%d", i, people);
    good = one_person(p, i, figures, &control, problem);
  }
  if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%*s\r", 40, "");
  if (good) {
    bench_tell("sync", "check-in to the hub's receipt", "ms", &figures[0], "bare exchange with the hub", &control);
    bench_tell("sync", "check-in to already in elsewhere", "ms", &figures[1], "bare exchange with the hub", &control);
  }
  if (p) {
    for (int i = 0; i < 2; i++) side_close(&p->side[i]);
    uplink_http_ops.close(p->bare);
    world_stop(&p->world);
    bell_fini(&p->bell);
  }
  free(p);
  samples_free(&figures[0]);
  samples_free(&figures[1]);
  samples_free(&control);
  return good;
}

const struct bench bench_sync = {.name = "sync",
                                 .help_zh = "从一台签到机签到，到汇总站确认、到另一台知道（约一分钟，需点名运行）",
                                 .help_en =
                                     "from a check-in to the hub's receipt, and to another kiosk's knowing (a minute: name it)",
                                 .run = run};
