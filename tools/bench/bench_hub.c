/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/bench/bench_hub.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tools/bench/hub.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static void usage(FILE *out) {
  fputs(
      "yingbin-bench hub [选项 options]\n"
      "  一批签到机（真的 HTTP 连接、真的签名）向真的 yingbin-hub 推送日志：卡住、断开、重发、从头再来；\n"
      "  之后逐条核对汇总站是否正好有它们记下的记录\n"
      "  a fleet of kiosks with real connections and signatures pushes to real hubs, stalls, breaks off, repeats and\n"
      "  begins anew; then the hub's records are compared with the journals, one by one\n\n"
      "  --kiosks N (1000)   --records N (1000)   签到机数、每台记录数 / kiosks, records of each\n"
      "  --batch N (500)     一次推送多少条 / records of a push, at most 500\n"
      "  --live N (10)       其中最后 N 条一条一条地来 / of the records, the last N come one by one\n"
      "  --every N (1)       隔几秒来一条 / seconds between them\n"
      "  --dashboards N (0)  这时打开着的看板 / dashboards that are open then\n"
      "  --listeners N (0)   后一半逐条来时，N 台签到机各挂着一个等消息的请求 / kiosks with a question for the feed held open\n"
      "                      while the second half of the live ones come\n"
      "  --db sqlite|postgresql|postgresql://...   postgresql: 自己启动一个 / one of its own (tools/postgres)\n"
      "  --hubs N (1)        --threads N (16)      汇总站进程数（仅 PostgreSQL）、线程数 / processes, threads of each\n"
      "  --faults N (10)     每千次推送里各种故障各几次 / of a thousand pushes, so many of each kind of fault\n"
      "  --kills N (0)       --seed N (1)          推送时杀死汇总站和 PostgreSQL 的次数 / SIGKILLs meanwhile\n"
      "  --lose N (0)        核对之前拿走 N 条：核对应当发现 / N records are taken out before the comparison, which must see "
      "it\n"
      "  --scratch FOLDER    测它所在的磁盘 / whose disk is measured (default: the current folder)\n",
      out);
}

static const struct option {
  const char *name;
  size_t offset;
  int least, most;
} options_table[] = {
    {"--kiosks", offsetof(struct hub_options, kiosks), 1, 4000},
    {"--records", offsetof(struct hub_options, records), 2, 100000},
    {"--batch", offsetof(struct hub_options, batch), 1, 500},
    {"--live", offsetof(struct hub_options, live), 0, 1000},
    {"--every", offsetof(struct hub_options, every), 1, 60},
    {"--dashboards", offsetof(struct hub_options, dashboards), 0, 500},
    {"--listeners", offsetof(struct hub_options, listeners), 0, 4000},
    {"--hubs", offsetof(struct hub_options, hubs), 1, HUBS_MOST},
    {"--threads", offsetof(struct hub_options, threads), 1, 64},
    {"--faults", offsetof(struct hub_options, faults), 0, 150},
    {"--kills", offsetof(struct hub_options, kills), 0, 10000},
    {"--lose", offsetof(struct hub_options, lose), 0, 1},
};

static bool read_one(struct hub_options *o, const char *name, const char *value) {
  char *end;
  const long long number = strtoll(value, &end, 10);
  if (!strcmp(name, "--db")) o->db = value;
  if (!strcmp(name, "--scratch")) o->scratch = value;
  if (!strcmp(name, "--seed")) o->seed = (uint64_t)number;
  if (!strcmp(name, "--db") || !strcmp(name, "--scratch") || !strcmp(name, "--seed")) return true;
  for (size_t i = 0; i < sizeof options_table / sizeof *options_table; i++) {
    const struct option *one = &options_table[i];
    if (strcmp(one->name, name) != 0) continue;
    *(int *)(void *)((char *)o + one->offset) = (int)number;
    return *end == '\0' && number >= one->least && number <= one->most;
  }
  return false;
}

static bool read_options(struct hub_options *o, int argc, char **argv) {
  for (int i = 1; i < argc; i += 2)
    if (i + 1 == argc || !read_one(o, argv[i], argv[i + 1])) {
      fprintf(stderr, "yingbin-bench hub: 参数有误 wrong argument: %s %s\n", argv[i], i + 1 < argc ? argv[i + 1] : "");
      return false;
    }
  if (o->live >= o->records) o->live = 0;
  if (o->hubs == 1 || strcmp(o->db, "sqlite") != 0) return true;
  fputs("yingbin-bench hub: 几个汇总站要用 --db postgresql / several hubs need --db postgresql\n", stderr);
  return false;
}

static double rate(const struct hub_phase *p) { return p->seconds > 0 ? (double)p->records / p->seconds : 0; }

/* Microseconds of CPU a record. The clients would be other machines': what the hub and its database need is the rest. */
static double cpu_us(const struct hub_phase *p, double seconds) { return p->records ? 1e6 * seconds / (double)p->records : 0; }

static void tell_cpu(const char *name, const struct hub_phase *p) {
  printf("\"%s\":{\"hub\":%.2f,\"server\":%.2f,\"clients\":%.2f},", name, cpu_us(p, p->cpu.hub), cpu_us(p, p->cpu.server),
         cpu_us(p, p->cpu.clients));
}

/* `control` is the strictest one: COPY by as many connections as the hubs have threads. */
static void tell_controls(const struct hub_options *o, const struct hub_figures *f) {
  const double hub = rate(&f->backlog);
  const bool is_file = !strcmp(o->db, "sqlite");
  if (!f->control[0]) return;
  const struct hub_phase *c = hub_control_phase(f->control[0]);
  const double needs = cpu_us(&f->backlog, f->backlog.cpu.hub + f->backlog.cpu.server),
               bare = cpu_us(c, is_file ? c->cpu.clients : c->cpu.server + c->cpu.clients);
  printf("\"control\":\"%s\",\"control_per_s\":%.0f,\"ratio\":%.3g,", is_file ? "INSERT, FULL sync" : "parallel COPY", rate(c),
         hub / rate(c));
  tell_cpu("cpu_us", &f->backlog);
  tell_cpu("control_cpu_us", c);
  if (o->live > 0) tell_cpu("live_cpu_us", &f->live_cost);
  if (needs > 0 && (is_file || c->cpu.server > 0)) printf("\"ratio_cpu\":%.3g,", bare / needs);
  if (!f->control[1]) return;
  const double one = rate(hub_control_phase(f->control[1]));
  printf("\"control_one_per_s\":%.0f,\"ratio_one\":%.3g,", one, hub / one);
}

static void tell_samples(const char *name, struct samples *s) {
  printf("\"%s\":{\"n\":%d,\"p50\":%.1f,\"p99\":%.1f},", name, s->count, s->count ? samples_quantile(s, 0.5) : 0,
         s->count ? samples_quantile(s, 0.99) : 0);
}

/* Beside live_ms, of the first half, when nobody listened. */
static void tell_heard(const struct hub_options *o, struct hub_figures *f) {
  if (o->listeners == 0) return;
  printf("\"listeners\":{\"n\":%d,\"answers_per_s\":%.0f,\"records_per_s\":%.0f,\"broken\":%d},", o->listeners,
         (double)f->heard.answers / f->heard.seconds, (double)f->heard.records / f->heard.seconds, f->heard.broken);
  tell_samples("live_listened_ms", &f->listened);
  tell_samples("heard_ms", &f->heard.heard);
}

static void tell(const struct hub_options *o, const struct world *w, struct hub_figures *f) {
  printf("{\"bench\":\"hub\",\"db\":\"%s\",\"kiosks\":%d,\"records\":%d,\"batch\":%d,\"hubs\":%d,\"threads\":%d,", o->db,
         o->kiosks, o->records, o->batch, o->hubs, o->threads);
  printf("\"records_per_s\":%.0f,", rate(&f->backlog));
  tell_controls(o, f);
  tell_samples("push_ms", &f->push);
  tell_samples("live_ms", &f->live);
  tell_heard(o, f);
  if (o->dashboards > 0)
    printf("\"dashboards\":{\"n\":%d,\"messages_per_s\":%.2f,\"bytes_per_s\":%.0f,\"broken\":%d,\"hub_cpu\":%.3f},",
           o->dashboards, (double)f->watched.messages / f->watched.seconds / o->dashboards,
           (double)f->watched.bytes / f->watched.seconds / o->dashboards, f->watched.broken,
           f->live_cost.cpu.hub / f->live_cost.seconds);
  printf("\"hub_mb\":%.1f,\"answers\":%lld,\"refused\":%lld,\"stalls\":%lld,\"cuts\":%lld,\"repeats\":%lld,\"restarts\":%lld,"
         "\"lost\":%lld,\"killed_hubs\":%d,\"killed_servers\":%d,\"whole\":true}\n",
         w->peak_mb, (long long)f->answers, (long long)f->refused, (long long)f->stalls, (long long)f->cuts,
         (long long)f->repeats, (long long)f->restarts, (long long)f->lost, w->killed_hubs, w->killed_servers);
  fflush(stdout);
}

static bool open_controls(const struct fleet *fleet, const struct world *world, struct hub_figures *f,
                          struct problem *problem) {
  const struct hub_options *o = world->options;
  const int threads = o->threads * o->hubs;
  if (o->kills > 0 || o->lose > 0) return true; /* nothing is measured */
  return hub_control_open(fleet, world, threads, &f->control[0], problem) &&
         (!strcmp(o->db, "sqlite") || threads == 1 || hub_control_open(fleet, world, 1, &f->control[1], problem));
}

static bool measure(struct hub_options *o, struct fleet *fleet, struct world *world, struct problem *problem) {
  struct hub_figures f = {.answers = 0};
  char csv[PATH_MAX];
  snprintf(csv, sizeof csv, "%s/kiosks.csv", o->scratch);
  const bool good = fleet_make(fleet, o, csv, problem) && world_start(world, o, csv, problem) &&
                    open_controls(fleet, world, &f, problem) && hub_push_all(fleet, world, &f, problem) &&
                    (o->lose == 0 || hub_lose(world, o->lose, problem)) && hub_check(fleet, world, problem);
  if (good) tell(o, world, &f);
  for (int i = 0; i < CONTROLS_MOST; i++) hub_control_close(f.control[i]);
  samples_free(&f.push);
  samples_free(&f.live);
  samples_free(&f.listened);
  samples_free(&f.heard.heard);
  return good;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
  (void)st, (void)kind, (void)where;
  return remove(path);
}

int bench_hub(int argc, char **argv) {
  struct hub_options o = {.kiosks = 1000,
                          .records = 1000,
                          .batch = 500,
                          .live = 10,
                          .every = 1,
                          .hubs = 1,
                          .threads = 16,
                          .faults = 10,
                          .seed = 1,
                          .db = "sqlite",
                          .scratch = "."};
  struct fleet fleet = {.count = 0};
  struct world world = {.options = &o};
  struct rlimit files;
  struct problem problem;
  char scratch[PATH_MAX];
  if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) return usage(stdout), EXIT_DONE;
  if (!read_options(&o, argc, argv)) return usage(stderr), EXIT_USAGE;
  snprintf(scratch, sizeof scratch, "%s/yingbin-bench-XXXXXX", o.scratch);
  if (sodium_init() < 0 || !mkdtemp(scratch)) return EXIT_FAILED;
  o.scratch = scratch;
  signal(SIGPIPE, SIG_IGN);
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
  const bool good = measure(&o, &fleet, &world, &problem);
  if (!good) problem_print(&problem, "yingbin-bench hub");
  world_stop(&world);
  fleet_free(&fleet);
  nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  return good ? EXIT_DONE : EXIT_FAILED;
}
