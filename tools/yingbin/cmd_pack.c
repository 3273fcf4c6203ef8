/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "pack/pack.h"
#include "tools/yingbin/build.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/dates.h"
#include "tools/yingbin/diff.h"
#include "tools/yingbin/encoding.h"
#include "tools/yingbin/password.h"
#include "tools/yingbin/settings.h"

static const char usage[] =
    "用法 / usage:\n"
    "  yingbin pack build DIR -o FILE.ybp --key NAME.key [--encoding gb18030]\n"
    "      由 DIR/pack.ini 和报名表制作并签名活动包；缺少的码在此时发出，记入 DIR/codes.csv\n"
    "      makes and signs the pack of DIR/pack.ini and its rosters; missing codes are issued now, and kept in DIR/codes.csv\n"
    "      --encoding：报名表 CSV 的编码，认错时才需要；写在 pack.ini 里（encoding =）更好，所有命令都照用\n"
    "      --encoding: that of CSV rosters, where it is taken for another; better in pack.ini (encoding =), for all commands\n"
    "  yingbin pack show FILE.ybp\n"
    "      活动包里有什么 / what is in a pack\n"
    "  yingbin pack verify FILE.ybp --pub NAME.pub\n"
    "      核对签名 / checks the signature\n"
    "  yingbin pack diff OLD.ybp NEW.ybp [--roster DIR]\n"
    "      两版活动包有何不同：哪些码（只知道其散列）新增、移除、变更；加 --roster 则说是谁、变了什么\n"
    "      what differs: which codes (known by their hashes alone) were added, removed, changed; with --roster who it is, and "
    "what changed\n"
    "  yingbin pack keys\n"
    "      pack.ini 的所有键 / all keys of pack.ini\n";

struct arguments {
  const char *path, *second, *out, *key, *pub, *encoding, *roster;
};

static int wrong(const char *what) {
  fprintf(stderr, "yingbin pack: %s\n\n%s", what, usage);
  return EXIT_USAGE;
}

static int failed(const struct problem *problem) {
  problem_print(problem, "yingbin pack");
  return EXIT_FAILED;
}

/* NULL: all right, else what is wrong. */
static const char *parse(int argc, char **argv, struct arguments *a) {
  for (int i = 2; i < argc; i++) {
    const char **value = !strcmp(argv[i], "-o")           ? &a->out
                         : !strcmp(argv[i], "--key")      ? &a->key
                         : !strcmp(argv[i], "--pub")      ? &a->pub
                         : !strcmp(argv[i], "--encoding") ? &a->encoding
                         : !strcmp(argv[i], "--roster")   ? &a->roster
                                                          : NULL;
    if (value && i + 1 < argc)
      *value = argv[++i];
    else if (argv[i][0] != '-' && !a->path)
      a->path = argv[i];
    else if (argv[i][0] != '-' && !a->second && !strcmp(argv[1], "diff"))
      a->second = argv[i];
    else
      return argv[i];
  }
  return NULL;
}

static void print_json(json_t *line) {
  json_dumpf(line, stdout, JSON_COMPACT);
  putchar('\n');
  json_decref(line);
}

static int print_build(const struct folder *f, const struct build *b) {
  json_t *warnings = json_array();
  for (int i = 0; i < f->warnings.count; i++)
    json_array_append_new(warnings, json_sprintf("%s / %s", f->warnings.at[i].zh, f->warnings.at[i].en));
  print_json(json_pack("{s:s, s:I, s:i, s:i, s:I, s:I, s:I, s:o}", "pack", f->catalog.name, "build",
                       (json_int_t)f->catalog.build, "events", f->catalog.events, "stations", f->catalog.stations, "attendees",
                       (json_int_t)b->attendees, "weak_codes", (json_int_t)b->weak_codes, "bytes", (json_int_t)b->bytes,
                       "warnings", warnings));
  return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

/* Who has the key of tickets must not be able to make packs. */
static bool keys_apart(const struct folder *f, const struct minisign_key *key, struct problem *problem) {
  for (int i = 0; i < f->ticket_keys; i++)
    if (!memcmp(f->ticket_key[i].key, key->key + 32, 32))
      return problem_set(problem, "活动包的密钥不能同时是签名票的密钥（%s）：请另生成一把",
                         "the pack's key can't be the key of signed tickets, too (%s): make another one",
                         f->ticket_key[i].file);
  return true;
}

static int build(const struct arguments *a) {
  struct minisign_key key;
  struct problem problem;
  struct build b;
  uint32_t number;
  if (!a->path || !a->out || !a->key)
    return wrong("build 需要 DIR、-o FILE、--key NAME.key / build takes DIR, -o FILE and --key NAME.key");
  if (a->encoding && !encoding_known(a->encoding)) return wrong(encoding_names());
  if (!password_read_key(a->key, &key, &problem)) return failed(&problem);
  struct folder *f = grow(NULL, 1, sizeof *f);
  int code = EXIT_FAILED;
  if (!folder_read_encoded(a->path, a->encoding, f, &problem)) {
    remarks_print(&f->errors, "yingbin pack", a->out);
    remarks_print(&f->warnings, "yingbin pack", NULL); /* they may say why: another sheet, hidden rows */
  } else {
    dates_check_today(f, (int64_t)time(NULL) * 1000);
    build_count(f, &b);
    bool good =
        keys_apart(f, &key, &problem) && folder_next_build(f, &number, &problem) && build_write(f, a->out, &key, &b, &problem);
    remarks_print(&f->warnings, "yingbin pack", a->out);
    if (good)
      code = print_build(f, &b);
    else
      failed(&problem);
  }
  sodium_memzero(&key, sizeof key);
  folder_free(f);
  free(f);
  return code;
}

static void show_event(const struct pack *pack, int i) {
  const struct event *e = &pack_catalog(pack)->event[i];
  print_json(json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:b}", "event", e->id, "title", e->title.in[LANG_ZH_HANS], "city",
                       e->city.in[LANG_ZH_HANS], "venue", e->venue.in[LANG_ZH_HANS], "starts_ms", (json_int_t)e->starts_ms,
                       "ends_ms", (json_int_t)e->ends_ms, "tz", e->zone.name, "roster", e->roster));
}

static void show_station(const struct catalog *c, int i) {
  static const char *const kind[] = {"entry", "exit", "session", "redeem"};
  const struct station *s = &c->station[i];
  print_json(json_pack("{s:s, s:s, s:s}", "station", s->id, "kind", kind[s->kind], "label", s->label.in[LANG_ZH_HANS]));
}

static int show(const struct arguments *a) {
  struct pack *pack;
  struct problem problem;
  struct stat st;
  if (!a->path) return wrong("show 需要 FILE / show takes a FILE");
  if (!pack_open(a->path, &pack, &problem)) return failed(&problem);
  const struct catalog *c = pack_catalog(pack);
  const struct pack_facts *facts = pack_facts(pack);
  int64_t bytes = stat(a->path, &st) == 0 ? (int64_t)st.st_size : 0;
  print_json(json_pack("{s:s, s:I, s:i, s:i, s:I, s:I, s:I, s:I}", "pack", c->name, "build", (json_int_t)c->build, "events",
                       c->events, "stations", c->stations, "attendees", (json_int_t)facts->attendees, "weak_codes",
                       (json_int_t)facts->weak_codes, "bytes", (json_int_t)bytes, "cards", (json_int_t)facts->cards));
  for (int i = 0; i < c->events; i++) show_event(pack, i);
  for (int i = 0; i < c->stations; i++) show_station(c, i);
  for (int i = 0; i < c->types; i++)
    print_json(json_pack("{s:s, s:i, s:s}", "type", c->type[i].key, "id", (int)c->type[i].id, "label",
                         c->type[i].label.in[LANG_ZH_HANS]));
  pack_close(pack);
  return EXIT_DONE;
}

static int verify(const struct arguments *a) {
  struct minisign_pub pub;
  struct problem problem;
  struct pack *pack;
  char comment[256];
  if (!a->path || !a->pub) return wrong("verify 需要 FILE 和 --pub NAME.pub / verify takes a FILE and --pub NAME.pub");
  if (!minisign_read_pub(a->pub, &pub, &problem) || !minisign_verify(&pub, a->path, comment, sizeof comment, &problem) ||
      !pack_open(a->path, &pack, &problem))
    return failed(&problem);
  print_json(json_pack("{s:s, s:I, s:b, s:s}", "pack", pack_catalog(pack)->name, "build", (json_int_t)pack_catalog(pack)->build,
                       "verified", 1, "comment", comment));
  pack_close(pack);
  return EXIT_DONE;
}

static int diff(const struct arguments *a) {
  struct problem problem;
  if (!a->second) return wrong("diff 需要 OLD 和 NEW / diff takes OLD and NEW");
  return diff_packs(a->path, a->second, a->roster, &problem) ? EXIT_DONE : failed(&problem);
}

int cmd_pack(int argc, char **argv) {
  struct arguments a = {.path = NULL};
  for (int i = 1; i < argc; i++)
    if (!strcmp(argv[i], "--help")) return fputs(usage, stdout), EXIT_DONE;
  if (argc < 2) return wrong("应当是 build、show、verify、diff 或 keys / expected build, show, verify, diff or keys");
  const char *bad = parse(argc, argv, &a);
  if (bad) return wrong(bad);
  if (!strcmp(argv[1], "build")) return build(&a);
  if (!strcmp(argv[1], "show")) return show(&a);
  if (!strcmp(argv[1], "verify")) return verify(&a);
  if (!strcmp(argv[1], "diff")) return diff(&a);
  if (!strcmp(argv[1], "keys")) return settings_print(stdout), EXIT_DONE;
  return wrong(argv[1]);
}
