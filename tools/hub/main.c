/* SPDX-License-Identifier: Apache-2.0
 * yingbin-hub: options to hub.
 */
#include <jansson.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/config.h"
#include "base/ending.h"
#include "base/installed.h"
#include "base/log.h"
#include "platform/finder.h"
#include "tools/hub/bound.h"
#include "tools/hub/clock.h"
#include "tools/hub/identity.h"
#include "tools/hub/journals.h"
#include "tools/hub/server.h"
#include "tools/hub/user_errand.h"
#include "tools/hub/waiters.h"
#include "tools/hub/web.h"
#include "tools/yingbin/kiosks.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
enum { LOOK_S = 2 /* how often kiosks.csv and the rosters are looked at */ };

struct settings {
  char listen[256], db[PATH_MAX], kiosks[PATH_MAX], packs[PATH_MAX], roster[PATH_MAX], assets[PATH_MAX], cert[PATH_MAX],
      key[PATH_MAX], card[PATH_MAX], metrics_token[128];
  int64_t threads, rate, clock_start;
  bool announce;
  const char *export_to; /* borrowed from the arguments; NULL: serve */
  int log;
};

#define FIELD(name) offsetof(struct settings, name), sizeof((struct settings *)0)->name

static const struct config_option options_table[] = {
    {"listen", CONFIG_TEXT, FIELD(listen), "127.0.0.1:8080", NULL, 0, 0,
     "地址:端口；0.0.0.0 或 [::] 表示所有网卡；端口 0：随便一个空的，写在标准输出上",
     "ADDR:PORT; 0.0.0.0 or [::] for every network; port 0: any that is free, told on standard output"},
    {"db", CONFIG_PATH, FIELD(db), "hub.db", NULL, 0, 0,
     "数据库文件，没有就新建；或 postgresql://…：多个汇总站共用的 PostgreSQL",
     "the database, a file that is made where it isn't there; or postgresql://..., for several hubs"},
    {"kiosks", CONFIG_PATH, FIELD(kiosks), "", NULL, 0, 0,
     "活动文件夹里的 kiosks.csv（yingbin card setup 写的）：里面的设置卡可以登记；文件变了会自动再读",
     "kiosks.csv of the event's folder (yingbin card setup writes it): its setup cards may enrol; read again when it changes"},
    {"packs", CONFIG_PATH, FIELD(packs), "", NULL, 0, 0, "活动包文件夹：名称.ybp 和 名称.ybp.minisig",
     "folder of packs to give out: NAME.ybp and NAME.ybp.minisig"},
    {"roster", CONFIG_PATH, FIELD(roster), "", NULL, 0, 0,
     "活动文件夹（pack.ini 和报名表）：页面上有姓名和未到名单；只读进内存，不写进数据库；文件变了会自动再读；空：只有编号",
     "the event's folder (pack.ini, rosters): the dashboard then has names and who is missing; read into memory, "
     "never into the database, and again when they change; empty: numbers only"},
    {"assets", CONFIG_PATH, FIELD(assets), "", NULL, 0, 0, "页面文件夹 web 所在的文件夹；空：自动查找",
     "folder that has the dashboard's folder web; empty: found by itself"},
    {"cert", CONFIG_PATH, FIELD(cert), "", NULL, 0, 0,
     "TLS 证书链（PEM）；没有这个文件、也没有设 key：新做一个，连同私钥写进去；空：不加密，前面应有代理或只在自己的网里用",
     "TLS certificate chain (PEM); no such file, and no key set: one is made, with its private key in it; empty: no TLS, for "
     "behind a "
     "proxy or a network of one's own"},
    {"key", CONFIG_PATH, FIELD(key), "", NULL, 0, 0, "证书的私钥（PEM）；空：在 cert 里",
     "the certificate's private key (PEM); empty: it is in cert"},
    {"card", CONFIG_PATH, FIELD(card), "", NULL, 0, 0,
     "旁边签到机数据文件夹里的 hub.ini：汇总站用它的设置卡（yingbin card setup --hub "
     "here）上的密钥，也凭这把密钥认所有的设置卡",
     "hub.ini of the kiosk beside: the hub's key is that of its setup card (yingbin card setup --hub here), and so are all "
     "setup cards known"},
    {"announce", CONFIG_BOOL, FIELD(announce), "no", NULL, 0, 0,
     "yes：在局域网里用 mDNS（avahi）宣告，设置卡上的汇总站连不上时，签到机凭钥匙找到它；需要 TLS",
     "yes: announced in this network by mDNS (avahi), where kiosks find it by its key when they can't reach the hub of their "
     "card; needs TLS"},
    {"metrics_token", CONFIG_TEXT, FIELD(metrics_token), "", NULL, 0, 0,
     "/metrics 要出示的令牌（Authorization: Bearer）；空：谁都能看，里面只有签到机的名字和数目",
     "what /metrics asks for (Authorization: Bearer); empty: nothing; it has names of kiosks and numbers, and nobody's data"},
    {"threads", CONFIG_INT, FIELD(threads), "16", NULL, 1, 64, "线程数", "threads"},
    {"rate", CONFIG_INT, FIELD(rate), "20", NULL, 1, 1000, "每台签到机（没有令牌的：每个地址）每秒最多几个请求",
     "requests a second of one kiosk, or of one address without a token"},
    {"clock_start", CONFIG_INT, FIELD(clock_start), "0", NULL, 0, INT64_MAX,
     "演练用：汇总站的时间从这里开始，UTC 毫秒；0：机器的时间",
     "for rehearsals: the hub's time begins here, ms UTC since 1970; 0: the machine's"},
    {"log", CONFIG_CHOICE, FIELD(log), "info", "error|warn|info|debug", 0, 0, "标准错误上写多少",
     "how much is said on standard error"},
    {.key = NULL},
};

const struct route hub_routes[] = {
    {"POST", "/v1/kiosks/{}/journal", true, true, 4 << 20, push_journal},
    {"POST", "/v1/kiosks/{}/health", true, true, 4096, take_health},
    {"GET", "/v1/events/{}/feed", true, false, 0, give_feed},
    {"GET", "/v1/packs/{}", true, false, 0, give_pack},
    {"POST", "/v1/enrol", false, false, 4096, enrol_kiosk},
    {"POST", "/v1/session", false, false, 4096, begin_session},
    {"GET", "/v1/session", false, false, 0, say_session},
    {"DELETE", "/v1/session", false, false, 0, end_session},
    {"GET", "/v1/live", false, false, 0, give_live},
    {"POST", "/v1/people", false, false, 4096, list_people},
    {"POST", "/v1/conflicts", false, false, 4096, list_conflicts},
    {"GET", "/v1/export/{}/{}", false, false, 0, give_export},
    {"GET", "/v1/journals/{}", false, false, 0, give_journal},
    {"GET", "/healthz", false, false, 0, say_health},
    {"GET", "/metrics", false, false, 0, say_metrics},
    {"GET", "/", false, false, 0, give_page},
    {"GET", "/{}", false, false, 0, give_file},
    {.method = NULL},
};

static void usage(FILE *out) {
  fputs(
      "yingbin-hub [--config FILE] [--set key=value]... [--print-config | --export DIR]\n"
      "  汇总站：收集各签到机的签到日志，互相告知谁已签到；浏览器打开它的地址就是看板\n"
      "  collects the kiosks' journals, and tells each of them whom the others let in; its address in a browser is the "
      "dashboard\n"
      "  --export DIR  把各签到机的日志写成导出文件（可与 yingbin log merge 一起用），然后结束；汇总站运行时也可以\n"
      "                writes each kiosk's journal as a file for yingbin log merge, and ends; beside a running hub, too\n"
      "yingbin-hub user add NAME --role volunteer|organizer [--host H] [--config FILE] [--set db=...]\n"
      "  看板的账号：volunteer 志愿者（看，姓名遮住一半），organizer 组织者（看全名，可导出）；--host 只看这一主办方的人；\n"
      "  密码在终端输入，或从标准输入读一行；同名的账号被替换\n"
      "  an account of the dashboard: a volunteer sees, names masked, an organizer sees names and exports; --host: only that\n"
      "  host's people; the password is asked for, or a line of standard input; takes the place of one of that name\n"
      "yingbin-hub user list | user remove NAME\n\n",
      out);
  config_help(options_table, out);
}

/* EXIT_DONE: go on; -1: all was said, end with 0. */
static int read_options(int argc, char **argv, struct settings *settings, struct errand *errand) {
  struct problem problem;
  bool help = false, version = false, print = false;
  const struct config_flag flags[] = {{"--help", &help, NULL},
                                      {"-h", &help, NULL},
                                      {"--version", &version, NULL},
                                      {"--print-config", &print, NULL},
                                      {"--export", NULL, &settings->export_to},
                                      {"--role", NULL, &errand->role},
                                      {"--host", NULL, &errand->host},
                                      {.name = NULL}};
  config_defaults(options_table, settings, &problem);
  bool good = config_line(options_table, flags, settings, argc, argv, user_read(argc, argv, errand), &problem);
  if (good && !errand->word && (errand->role || errand->host))
    good = problem_set(&problem, "--role 和 --host 只用于 user add", "--role and --host are for user add");
  if (!good) return problem_print(&problem, "yingbin-hub"), EXIT_USAGE;
  if (help) return usage(stdout), -1;
  if (version) return puts("yingbin-hub " YINGBIN_VERSION), -1;
  if (print) return config_print(options_table, settings, stdout), -1;
  return EXIT_DONE;
}

/* --- kiosks.csv --- */

struct watched {
  const char *file;
  struct stat last;
  int cards; /* told last: the hub itself writes into the file, too, and of that there is nothing to tell */
};

static bool changed(struct watched *w) {
  struct stat st;
  if (!w->file[0] || stat(w->file, &st) != 0) return false;
  const bool same = st.st_mtim.tv_sec == w->last.st_mtim.tv_sec && st.st_mtim.tv_nsec == w->last.st_mtim.tv_nsec &&
                    st.st_size == w->last.st_size && st.st_ino == w->last.st_ino;
  w->last = st;
  return !same;
}

static bool read_kiosks(struct hub *hub, struct watched *w, struct problem *problem) {
  struct pool texts = {.newest = NULL};
  struct kiosks kiosks;
  int cards = 0;
  bool good = kiosks_read(w->file, &texts, &kiosks, problem);
  for (int i = 0; good && i < kiosks.count; i++) {
    uint8_t setup[STORE_HASH];
    size_t len;
    if (sodium_hex2bin(setup, sizeof setup, kiosks.at[i].token, strlen(kiosks.at[i].token), NULL, &len, NULL) != 0 ||
        len != sizeof setup)
      continue;
    cards++;
    if (hub->store->expect(hub->db, kiosks.at[i].name, setup) != STORE_DONE)
      good = problem_set(problem, "数据库写不进去", "the database can't be written");
  }
  if (good && cards != w->cards) log_info("%d setup cards in %s", cards, w->file);
  if (good) w->cards = cards;
  kiosks_free(&kiosks);
  pool_free(&texts);
  return good;
}

/* --- */

static bool open_hub(struct hub *hub, const struct settings *settings, struct watched *kiosks, struct problem *problem) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  hub->store = store_for(settings->db);
  hub->packs = settings->packs;
  hub->metrics_token = settings->metrics_token;
  hub->started_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
  if (!hub->store->open(settings->db, &hub->db, problem)) return false;
  hub->store->id(hub->db, hub->id);
  if (settings->kiosks[0] && access(settings->kiosks, R_OK) != 0)
    return problem_set(problem, "读不到 %s：请用 yingbin card setup 做设置卡，或改正 kiosks =",
                       "can't read %s: make setup cards with yingbin card setup, or set kiosks = right", settings->kiosks);
  if (settings->packs[0] && access(settings->packs, R_OK | X_OK) != 0) { /* it may come later */
    problem_set(problem, "读不到文件夹 %s：在它有活动包和 .minisig 之前，签到机拿不到活动包（packs =）",
                "can't read the folder %s: kiosks get no pack until it is there with one and its .minisig (packs =)",
                settings->packs);
    problem_print(problem, "yingbin-hub");
  }
  if (changed(kiosks) && !read_kiosks(hub, kiosks, problem)) return false;
  if (settings->kiosks[0]) hub->bound = bound_open(hub->store, hub->db, settings->kiosks);
  bound_bring(hub->bound);
  return web_open(hub, settings->assets, settings->roster, &hub->web, problem);
}

static void wake_all(void *server) { server_wake(server); }

static bool start(struct hub *hub, const struct settings *settings, const struct identity *id, struct server **server,
                  struct problem *problem) {
  const struct server_options o = {.listen = settings->listen,
                                   .cert = id->cert,
                                   .key = id->key,
                                   .threads = (int)settings->threads,
                                   .ahead_ms = settings->clock_start ? settings->clock_start - clock_ms(CLOCK_REALTIME) : 0,
                                   .rate = (int)settings->rate};
  if (id->has_raw) hub->key = id->raw;
  return waiters_open(hub->store, hub->db, &hub->waiters, problem) && server_start(hub, &o, server, problem) &&
         web_start(hub->web, wake_all, *server, problem);
}

struct run {
  const struct settings *settings;
  struct identity id;
  struct server *server;
  struct announce *announced;
  bool alone; /* it was told that nobody hears of this hub */
  struct watched kiosks;
};

/* By the key that setup cards name: it is how kiosks know this hub from any other. Where nobody can be told now, those that
 * know the address are served, and it is tried again. */
static void announce(struct run *r) {
  char name[80] = "yingbin hub ";
  struct problem problem;
  if (!r->settings->announce || r->announced) return;
  gethostname(name + strlen(name), sizeof name - strlen(name) - 1);
  if (announce_open(name, server_port(r->server), r->id.spki, &r->announced, &problem)) {
    r->alone = false;
  } else if (!r->alone) {
    problem_print(&problem, "yingbin-hub");
    r->alone = true;
  }
}

/* Until a signal says so; SIGHUP: what is looked at now and then is read again. */
static void serve(struct hub *hub, struct run *r, const sigset_t *signals) {
  const struct timespec look = {.tv_sec = LOOK_S};
  struct problem problem;
  for (int got = 0; got != SIGINT && got != SIGTERM; got = sigtimedwait(signals, NULL, &look)) {
    const bool anyway = got == SIGHUP;
    server_look(r->server);
    announce(r);
    if ((changed(&r->kiosks) || (anyway && *r->kiosks.file)) && !read_kiosks(hub, &r->kiosks, &problem))
      problem_print(&problem, "yingbin-hub");
    web_look(hub->web, anyway);
    bound_look(hub->bound);
  }
}

static bool read_identity(const struct settings *s, struct identity *id, struct problem *problem) {
  if (!identity_open(s->cert, s->key, s->card, id, problem)) return false;
  return !s->announce || id->cert ||
         problem_set(problem, "announce = yes 需要 cert 或 card：签到机凭汇总站的钥匙认出它",
                     "announce = yes needs cert or card: kiosks know the hub by its key");
}

static void say_ready(const struct run *r) {
  const bool tls = r->id.cert != NULL;
  printf("{\"hub\":\"ready\",\"port\":%u,\"tls\":%s%s%s%s}\n", (unsigned)server_port(r->server), tls ? "true" : "false",
         tls ? ",\"spki\":\"" : "", r->id.spki, tls ? "\"" : "");
  fflush(stdout);
}

/* A thousand kiosks have two connections each: as many files as the system lets us have. And what their bodies took goes back
 * to the system at once: among small things it would stay, in each thread's own heap. */
static void make_ready(void) {
  struct rlimit files;
  mallopt(M_MMAP_THRESHOLD, 64 << 10);
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

static int run(const struct settings *settings) {
  static struct hub hub;
  struct run r = {.settings = settings, .kiosks = {.file = settings->kiosks, .cards = -1}};
  struct problem problem;
  sigset_t signals;
  ending_set(&signals);
  signal(SIGPIPE, SIG_IGN);
  make_ready();
  const bool good = read_identity(settings, &r.id, &problem) && open_hub(&hub, settings, &r.kiosks, &problem) &&
                    start(&hub, settings, &r.id, &r.server, &problem);
  if (good) {
    say_ready(&r);
    serve(&hub, &r, &signals);
  } else {
    problem_print(&problem, "yingbin-hub");
  }
  announce_close(r.announced);
  web_stop(hub.web);
  waiters_stop(hub.waiters);
  server_stop(r.server);
  waiters_close(hub.waiters);
  web_close(hub.web);
  bound_close(hub.bound);
  if (hub.db) hub.store->close(hub.db);
  identity_close(&r.id);
  return good ? EXIT_DONE : EXIT_FAILED;
}

static int export_all(const struct settings *settings) {
  const struct store_ops *ops = store_for(settings->db);
  struct problem problem;
  void *store;
  if (!ops->open(settings->db, &store, &problem)) {
    problem_print(&problem, "yingbin-hub");
    return EXIT_FAILED;
  }
  const bool good = journals_export(ops, store, settings->export_to, &problem) &&
                    (!settings->kiosks[0] || bound_write(ops, store, settings->kiosks, &problem));
  if (!good) problem_print(&problem, "yingbin-hub");
  ops->close(store);
  return good ? EXIT_DONE : EXIT_FAILED;
}

int main(int argc, char **argv) {
  static struct settings settings;
  struct errand errand = {.word = NULL};
  ending_hold();
  const int code = read_options(argc, argv, &settings, &errand);
  if (code != EXIT_DONE) return code < 0 ? EXIT_DONE : code;
  log_init("yingbin-hub", (enum log_level)settings.log);
  if (sodium_init() < 0) {
    fputs("yingbin-hub: 无法启用加密库 the crypto library can't be started\n", stderr);
    return EXIT_FAILED;
  }
  umask(077);
  if (errand.word || settings.export_to) ending_release();
  if (errand.word) return user_run(&errand, settings.db);
  if (settings.export_to) return export_all(&settings);
  if (!settings.assets[0]) installed_assets("web", settings.assets);
  return run(&settings);
}
