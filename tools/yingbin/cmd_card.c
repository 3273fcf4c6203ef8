/* SPDX-License-Identifier: Apache-2.0
 * yingbin card: cards for the volunteers and for setting up kiosks. The picture is on disk before the
 * card counts; where it can't be registered, the picture goes again.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "core/sync.h"
#include "pack/minisign.h"
#include "tools/yingbin/cards.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/hub_card.h"
#include "tools/yingbin/kiosks.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/settings.h"

struct arguments {
  const char *dir, *out, *name, *host, *withdraw, *hub, *kiosk, *spki, *stations, *pub;
  int role; /* enum role */
  enum lang lang;
};

enum role { ROLE_DESK, ROLE_LEAD };

/* A folder with what its cards need: no rosters are read, nothing is issued. What stops a command is in errors. */
struct desk {
  const char *dir;
  int lock;
  struct pool texts;
  struct settings settings;
  struct remarks errors, warnings;
  char *ini;
};

static const char *path(struct desk *d, const char *name) { return pool_format(&d->texts, "%s/%s", d->dir, name); }

static bool open_desk(struct desk *d, const char *dir, struct problem *problem) {
  size_t len;
  *d = (struct desk){.dir = dir};
  d->lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (d->lock < 0 || flock(d->lock, LOCK_EX) != 0)
    return problem_system(problem, errno, "无法打开文件夹", "can't open the folder", dir);
  if (!file_read(path(d, "pack.ini"), 4 << 20, &d->ini, &len, problem)) return false;
  settings_parse(&d->settings, path(d, "pack.ini"), d->ini, len, &d->texts, &d->errors, &d->warnings);
  return !d->errors.count;
}

static void close_desk(struct desk *d) {
  settings_free(&d->settings);
  free(d->ini);
  remarks_free(&d->errors);
  remarks_free(&d->warnings);
  pool_free(&d->texts);
  if (d->lock >= 0) close(d->lock);
}

static const struct section *section(const struct desk *d, const char *kind, const char *id) {
  for (int i = 0; i < d->settings.sections; i++) {
    const struct section *s = &d->settings.section[i];
    if (!strcmp(s->kind, kind) && (!id || !strcmp(s->id, id))) return s;
  }
  return NULL;
}

/* In that language, else in the first one that it has. */
static const char *text_of(const struct section *s, const char *key, enum lang lang, const char *fallback) {
  if (s && settings_pair(s, key, lang)) return settings_pair(s, key, lang)->value;
  for (enum lang l = 0; s && l < LANG_COUNT; l++)
    if (settings_pair(s, key, l)) return settings_pair(s, key, l)->value;
  return fallback;
}

/* Chosen, else the first one of the first event's title. */
static enum lang lang_of(const struct desk *d, enum lang chosen) {
  const struct section *s = section(d, "event", NULL);
  for (enum lang l = 0; s && chosen == LANG_COUNT && l < LANG_COUNT; l++)
    if (settings_pair(s, "title", l)) chosen = l;
  return chosen == LANG_COUNT ? LANG_ZH_HANS : chosen;
}

static void name_event(const struct desk *d, enum lang chosen, struct card *card) {
  const struct section *s = section(d, "event", NULL);
  card->lang = lang_of(d, chosen);
  snprintf(card->event, sizeof card->event, "%s", text_of(s, "title", card->lang, s ? s->id : ""));
}

/* All that is wrong with the folder's files, else the one problem. */
static int failed(const struct desk *d, const struct problem *problem) {
  if (d->errors.count)
    remarks_print(&d->errors, "yingbin card", NULL);
  else
    problem_print(problem, "yingbin card");
  return EXIT_FAILED;
}

static bool read_cards(struct desk *d, struct cards *cards) {
  return cards_read(path(d, "cards.csv"), &d->texts, cards, &d->errors);
}

static int done(json_t *line) {
  json_dumpf(line, stdout, JSON_COMPACT);
  putchar('\n');
  json_decref(line);
  return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* --- operators --- */

static bool register_card(struct desk *d, struct cards *cards, const struct arguments *a, struct card *card,
                          struct problem *problem) {
  struct operator_card row = {.name = a->name, .host = a->host ? a->host : "", .valid = true};
  row.lead = a->role == ROLE_LEAD;
  row.id = cards->count ? cards->at[cards->count - 1].id + 1 : 1;
  if (cards->count == CARDS_MAX) return problem_set(problem, "值班卡太多", "too many operator cards");
  card_operator(a->name, row.lead, text_of(a->host ? section(d, "host", a->host) : NULL, "name", lang_of(d, a->lang), row.host),
                card, row.key);
  snprintf(card->id, sizeof card->id, "%" PRId64, row.id);
  name_event(d, a->lang, card);
  cards->at = grow(cards->at, (size_t)cards->count + 1, sizeof *cards->at);
  cards->at[cards->count++] = row;
  if (!card_draw(card, a->out, problem)) return false;
  if (cards_write(path(d, "cards.csv"), cards, problem)) return true;
  unlink(a->out);
  return false;
}

static bool is_name(const char *name) {
  for (const char *p = name; *p; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7F) return false;
  return *name && strlen(name) < TEXT_MAX / 2;
}

static int new_operator(struct desk *d, const struct arguments *a) {
  struct problem problem;
  struct cards cards;
  struct card card;
  if (a->host && !section(d, "host", a->host)) {
    problem_set(&problem, "pack.ini 里没有 [host %s] 小节", "pack.ini has no section [host %s]", a->host);
    return failed(d, &problem);
  }
  bool good = read_cards(d, &cards) && register_card(d, &cards, a, &card, &problem);
  if (!good) failed(d, &problem);
  if (good)
    fprintf(
        stderr,
        "yingbin card: %s 号，%s。请打印 %s 后删除它；卡上的秘密别处没有。重新制作活动包后生效\n"
        "yingbin card: number %s, %s. Print %s, then delete it: its secret is nowhere else. It works once the pack was built "
        "again\n",
        card.id, card.name, a->out, card.id, card.name, a->out);
  sodium_memzero(&card, sizeof card);
  int code =
      good ? done(json_pack("{s:I, s:s, s:s, s:s, s:s}", "card", (json_int_t)cards.at[cards.count - 1].id, "name", a->name,
                            "role", a->role == ROLE_LEAD ? "lead" : "desk", "host", a->host ? a->host : "", "file", a->out))
           : EXIT_FAILED;
  cards_free(&cards);
  return code;
}

static int withdraw(struct desk *d, const struct arguments *a) {
  struct problem problem;
  struct cards cards;
  int64_t id = 0;
  struct operator_card *found = NULL;
  form_number(a->withdraw, 1, INT32_MAX, &id);
  bool good = read_cards(d, &cards);
  for (int i = 0; good && i < cards.count; i++)
    if (cards.at[i].id == id) found = &cards.at[i];
  if (good && found) {
    found->valid = false;
    good = cards_write(path(d, "cards.csv"), &cards, &problem);
  } else if (good) {
    good = problem_set(&problem, "cards.csv 里没有 %s 号卡", "cards.csv has no card of number %s", a->withdraw);
  }
  if (!good) failed(d, &problem);
  if (good)
    fprintf(
        stderr,
        "yingbin card: %s 号（%s）已作废。已经在签到机上的活动包仍认它：请重新制作活动包，复制到每台签到机。"
        "它仍能解开在此之前的活动包\n"
        "yingbin card: number %s (%s) is withdrawn. Packs that are on kiosks still know it: build the pack again and copy it "
        "to every kiosk. Packs from before stay open to it\n",
        a->withdraw, found->name, a->withdraw, found->name);
  int code = good ? done(json_pack("{s:I, s:s, s:s}", "card", (json_int_t)id, "name", found->name, "state", "withdrawn"))
                  : EXIT_FAILED;
  cards_free(&cards);
  return code;
}

/* --- kiosks --- */

static bool stations_known(const struct desk *d, const char *list, struct problem *problem) {
  struct list_item item;
  for (const char *at = list ? list : ""; list_next(&at, &item);) {
    char id[ID_MAX * 2];
    snprintf(id, sizeof id, "%.*s", (int)item.len, item.at);
    if (!section(d, "station", id))
      return problem_set(problem, "pack.ini 里没有 [station %s] 小节", "pack.ini has no section [station %s]", id);
  }
  return true;
}

static bool is_here(const struct arguments *a) { return !strcmp(a->hub, "here"); }

static bool hub_is_good(const char *hub, struct problem *problem) {
  if ((!strncmp(hub, "https://", 8) || !strncmp(hub, "http://", 7)) && strlen(hub) < URL_MAX && !strpbrk(hub, " \t\r\n"))
    return true;
  return problem_set(problem, "--hub 应当是 https:// 或 http:// 开头的网址，或 here：%s",
                     "--hub takes an address that begins with https:// or http://, or here, not %s", hub);
}

/* The digits, or those of the certificate in a file. */
static bool read_spki(const char *spki, char out[CERT_SPKI], struct problem *problem) {
  char *pem = NULL;
  size_t len;
  *out = '\0';
  if (!spki) return true;
  if (strlen(spki) == CERT_SPKI - 1 && spki[strspn(spki, "0123456789abcdef")] == 0) return strcpy(out, spki), true;
  const bool good = file_read(spki, 64 * 1024, &pem, &len, problem) && cert_spki(pem, out);
  if (pem) sodium_memzero(pem, len);
  free(pem);
  return good || problem_set(problem, "--spki 应当是 64 位小写十六进制数，或汇总站的证书文件（PEM）：%s",
                             "--spki takes 64 hexadecimal digits in small letters, or the file of the hub's certificate (PEM), "
                             "not %s",
                             spki);
}

static bool pub_line(const char *file, char out[64], struct problem *problem) {
  struct minisign_pub pub;
  uint8_t raw[42] = {'E', 'd'};
  *out = 0;
  if (!file) return true;
  if (!minisign_read_pub(file, &pub, problem)) return false;
  memcpy(raw + 2, pub.id, 8);
  memcpy(raw + 10, pub.key, 32);
  sodium_bin2base64(out, 64, raw, sizeof raw, sodium_base64_VARIANT_ORIGINAL);
  return true;
}

struct secrets { /* of a setup card: wipe them */
  char token[64], host[HUB_KEY_TEXT], spki[CERT_SPKI];
};

/* Of a hub that any kiosk may carry: its key is the folder's, and the token proves itself by it. */
static bool host_secrets(struct desk *d, const char *kiosk, struct secrets *s, struct problem *problem) {
  struct timespec t;
  struct cert cert;
  uint8_t raw[CERT_RAW];
  const char *file = path(d, "hub.pem");
  clock_gettime(CLOCK_REALTIME, &t);
  if (!cert_open(file, "hub", &cert, problem)) return false;
  bool good = cert_raw(cert.pem, raw) || problem_set(problem, "%s 的密钥不是 P-256，放不到卡上",
                                                     "the key in %s isn't a P-256 one: no card can hold it", file);
  if (good) {
    hub_key_text(raw, s->host);
    hub_token(raw, kiosk, (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, s->token);
    strcpy(s->spki, cert.spki);
  }
  sodium_memzero(raw, sizeof raw);
  cert_close(&cert);
  return good;
}

static bool make_secrets(struct desk *d, const struct arguments *a, struct secrets *s, struct problem *problem) {
  uint8_t token[24];
  memset(s, 0, sizeof *s);
  if (is_here(a) && a->spki)
    return problem_set(problem, "--hub here 用文件夹里 hub.pem 的钥匙，不要再给 --spki",
                       "--hub here takes the key in the folder's hub.pem: leave --spki out");
  if (is_here(a)) return host_secrets(d, a->kiosk, s, problem);
  randombytes_buf(token, sizeof token);
  sodium_bin2base64(s->token, sizeof s->token, token, sizeof token, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return hub_is_good(a->hub, problem) && read_spki(a->spki, s->spki, problem);
}

static bool make_setup(struct desk *d, const struct arguments *a, struct problem *problem) {
  char pub[64];
  struct card card;
  struct secrets secrets;
  struct kiosks kiosks = {.count = 0};
  if (!stations_known(d, a->stations, problem) || !pub_line(a->pub, pub, problem) || !make_secrets(d, a, &secrets, problem))
    return false;
  if (!kiosks_read(path(d, "kiosks.csv"), &d->texts, &kiosks, problem)) return false;
  const struct setup setup = {.hub = is_here(a) ? SYNC_HUB_HERE : a->hub,
                              .spki = secrets.spki,
                              .kiosk = a->kiosk,
                              .token = secrets.token,
                              .stations = a->stations,
                              .pub = pub,
                              .pack = pub[0] ? settings_value(section(d, "pack", NULL), "name") : NULL,
                              .host = is_here(a) ? secrets.host : NULL};
  bool good = card_setup(&setup, &card, problem) && kiosks_expect(&kiosks, a->kiosk, secrets.token, problem);
  name_event(d, a->lang, &card);
  good = good && card_draw(&card, a->out, problem);
  if (good && !kiosks_write(path(d, "kiosks.csv"), &kiosks, problem)) {
    unlink(a->out);
    good = false;
  }
  sodium_memzero(&card, sizeof card);
  sodium_memzero(&secrets, sizeof secrets);
  kiosks_free(&kiosks);
  return good;
}

static int new_setup(struct desk *d, const struct arguments *a) {
  struct problem problem;
  if (!make_setup(d, a, &problem)) return failed(d, &problem);
  if (is_here(a))
    fprintf(
        stderr,
        "yingbin card: %s 的设置卡在 %s，只能用一次；出示过它的签到机都可以当汇总站（hub = here）\n"
        "yingbin card: the setup card of %s is %s; it works once; whichever kiosk was shown one can be the hub (hub = here)\n",
        a->kiosk, a->out, a->kiosk, a->out);
  else
    fprintf(stderr,
            "yingbin card: %s 的设置卡在 %s，只能用一次；汇总站要读到 %s/kiosks.csv 才认它\n"
            "yingbin card: the setup card of %s is %s; it works once, at a hub that has read %s/kiosks.csv\n",
            a->kiosk, a->out, a->dir, a->kiosk, a->out, a->dir);
  return done(json_pack("{s:s, s:s, s:s}", "kiosk", a->kiosk, "hub", a->hub, "file", a->out));
}

/* --- */

static bool is_number(const char *text) {
  int64_t id;
  return form_number(text, 1, INT32_MAX, &id);
}

static bool is_kiosk(const char *text) { return form_id(text) && strlen(text) < ID_MAX; }

static int at_desk(const struct arguments *a, int (*work)(struct desk *d, const struct arguments *a)) {
  struct desk d;
  struct problem problem;
  int code = open_desk(&d, a->dir, &problem) ? work(&d, a) : failed(&d, &problem);
  close_desk(&d);
  return code;
}

static int operator(void *values) {
  const struct arguments *a = values;
  return at_desk(a, a->withdraw ? withdraw : new_operator);
}

static int setup(void *values) { return at_desk(values, new_setup); }

#define AT(field) offsetof(struct arguments, field)
#define OPTION_OUT(at)                                                                                                         \
  {                                                                                                                            \
    OPTION_TEXT, "-o", "FILE.pdf|FILE.png", .offset = (at), .required = true, .zh = "写到这个文件", .en = "the file to write"  \
  }
static const struct option operator_row[] = {
    OPTION_DIR(AT(dir)),
    {OPTION_TEXT, "--name", "NAME", .offset = AT(name), .required = true, .check = is_name, .zh = "志愿者的姓名，127 字节以内",
     .en = "the volunteer's name, of at most 127 bytes"},
    {OPTION_CHOICE, "--role", "desk|lead", .offset = AT(role), .required = true, .zh = "值班，或负责人",
     .en = "on duty, or in charge"},
    {OPTION_TEXT, "--host", "HOST", .offset = AT(host), .zh = "只能搜索这个主办方的名单，默认全部",
     .en = "searches the people of this host; of all, unless given"},
    OPTION_OUT(AT(out)),
    OPTION_LANG(AT(lang)),
    {OPTION_TEXT, "--withdraw", "ID", .offset = AT(withdraw), .instead = true, .check = is_number,
     .zh = "作废这张卡（编号见 cards.csv）：重新制作活动包、复制到每台签到机后才生效",
     .en = "makes that card void (for its id see cards.csv), once the pack was built again and copied to every kiosk"},
    OPTION_LAST};

static const struct option setup_row[] = {
    OPTION_DIR(AT(dir)),
    {OPTION_TEXT, "--hub", "URL|here", .offset = AT(hub), .required = true,
     .zh = "汇总站的网址；here：没有服务器，任何一台签到机都可以当汇总站，卡上有它的密钥（文件夹里的 hub.pem，没有就新做）",
     .en = "the hub's address; here: no server, any kiosk can be the hub: its key (hub.pem of the folder, made where there is "
           "none) is "
           "on the card"},
    {OPTION_TEXT, "--kiosk", "NAME", .offset = AT(kiosk), .required = true, .check = is_kiosk,
     .zh = "签到机的名字：字母、数字和 - _ .", .en = "the kiosk's name: letters, digits and - _ ."},
    {OPTION_TEXT, "--spki", "SHA256|FILE", .offset = AT(spki), .zh = "汇总站公钥的指纹，或它的证书文件（PEM）",
     .en = "the fingerprint of the hub's key, or the file of its certificate (PEM)"},
    {OPTION_TEXT, "--stations", "EVENT/ID,...", .offset = AT(stations), .zh = "这台签到机可用的签到点",
     .en = "the stations that the kiosk may be"},
    {OPTION_TEXT, "--pub", "NAME.pub", .offset = AT(pub), .zh = "活动包的公钥：还没有活动包的签到机凭它从汇总站取来",
     .en = "the public key of packs: a kiosk that has none yet fetches its first from the hub by it"},
    OPTION_OUT(AT(out)),
    OPTION_LANG(AT(lang)),
    OPTION_LAST};

static const struct usage usage[] = {
    {"card operator",
     "一位志愿者的值班卡；此后制作的活动包认它，并让它搜索 HOST 的名单。",
     "A volunteer's card; packs built from now on know it, and let it search the people of HOST.",
     .row = operator_row,
     .run = operator},
     {"card setup", "签到机设置卡，只能用一次。", "What enrols a kiosk, once.", .row = setup_row, .run = setup},
     {NULL}};

int cmd_card(int argc, char **argv) {
  struct arguments a = {.lang = LANG_COUNT};
  return options_run(usage, argc, argv, &a);
}
