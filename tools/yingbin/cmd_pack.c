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
#include "tools/yingbin/options.h"
#include "tools/yingbin/papers.h"
#include "tools/yingbin/password.h"
#include "tools/yingbin/settings.h"

struct arguments {
  const char *path, *second, *out, *key, *pub, *encoding, *roster;
};

static int failed(const struct problem *problem) {
  problem_print(problem, "yingbin pack");
  return EXIT_FAILED;
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
  print_json(json_pack("{s:s, s:I, s:i, s:i, s:I, s:I, s:I, s:o, s:I}", "pack", f->catalog.name, "build",
                       (json_int_t)f->catalog.build, "events", f->catalog.events, "stations", f->catalog.stations, "attendees",
                       (json_int_t)b->attendees, "weak_codes", (json_int_t)b->weak_codes, "bytes", (json_int_t)b->bytes,
                       "warnings", warnings, "phones", (json_int_t)b->phones));
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

static int build(void *values) {
  const struct arguments *a = values;
  struct minisign_key key;
  struct problem problem;
  struct build b;
  uint32_t number;
  if (!password_read_key(a->key, &key, &problem)) return failed(&problem);
  struct folder *f = grow(NULL, 1, sizeof *f);
  int code = EXIT_FAILED;
  if (!folder_read_encoded(a->path, a->encoding, f, &problem)) {
    folder_tell(f, &problem, "yingbin pack", a->out);
  } else {
    dates_check_today(f, (int64_t)time(NULL) * 1000);
    papers_check_screens(f);
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

static const char *const name_shown[] = {"full", "masked", "none"}; /* enum show_name */

static int show(void *values) {
  const struct arguments *a = values;
  struct pack *pack;
  struct problem problem;
  struct stat st;
  if (!pack_open(a->path, &pack, &problem)) return failed(&problem);
  const struct catalog *c = pack_catalog(pack);
  const struct pack_facts *facts = pack_facts(pack);
  int64_t bytes = stat(a->path, &st) == 0 ? (int64_t)st.st_size : 0;
  print_json(json_pack("{s:s, s:I, s:i, s:i, s:I, s:I, s:I, s:I, s:s}", "pack", c->name, "build", (json_int_t)c->build,
                       "events", c->events, "stations", c->stations, "attendees", (json_int_t)facts->attendees, "weak_codes",
                       (json_int_t)facts->weak_codes, "bytes", (json_int_t)bytes, "cards", (json_int_t)facts->cards,
                       "show_name", name_shown[c->show_name]));
  for (int i = 0; i < c->events; i++) show_event(pack, i);
  for (int i = 0; i < c->stations; i++) show_station(c, i);
  for (int i = 0; i < c->types; i++)
    print_json(json_pack("{s:s, s:i, s:s, s:s}", "type", c->type[i].key, "id", (int)c->type[i].id, "label",
                         c->type[i].label.in[LANG_ZH_HANS], "show_name", name_shown[c->type[i].show_name]));
  pack_close(pack);
  return EXIT_DONE;
}

static int verify(void *values) {
  const struct arguments *a = values;
  struct minisign_pub pub;
  struct problem problem;
  struct pack *pack;
  char comment[256];
  if (!minisign_read_pub(a->pub, &pub, &problem) || !minisign_verify(&pub, a->path, comment, sizeof comment, &problem) ||
      !pack_open(a->path, &pack, &problem))
    return failed(&problem);
  print_json(json_pack("{s:s, s:I, s:b, s:s}", "pack", pack_catalog(pack)->name, "build", (json_int_t)pack_catalog(pack)->build,
                       "verified", 1, "comment", comment));
  pack_close(pack);
  return EXIT_DONE;
}

static int diff(void *values) {
  const struct arguments *a = values;
  struct problem problem;
  struct folder *f = a->roster ? grow(NULL, 1, sizeof *f) : NULL;
  bool good = (!f || folder_look(a->roster, a->encoding, f, &problem)) && diff_packs(a->path, a->second, f, &problem);
  if (!good && f)
    folder_tell(f, &problem, "yingbin pack", NULL);
  else if (!good)
    failed(&problem);
  if (f) folder_free(f);
  free(f);
  return good ? EXIT_DONE : EXIT_FAILED;
}

static int keys(void *values) {
  (void)values;
  settings_print(stdout);
  return fflush(stdout) ? EXIT_FAILED : EXIT_DONE;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option build_row[] = {OPTION_DIR(AT(path)),
                                          {OPTION_TEXT, "-o", "FILE.ybp", .offset = AT(out), .required = true,
                                           .zh = "写到这个文件，签名在旁边",
                                           .en = "the file to write, its signature beside it"},
                                          {OPTION_TEXT, "--key", "NAME.key", .offset = AT(key), .required = true,
                                           .zh = "签名用的私钥，见 key new", .en = "the key that signs it, see key new"},
                                          OPTION_ENCODING(AT(encoding)),
                                          OPTION_LAST};

static const struct option show_row[] = {
    {OPTION_ARGUMENT, "FILE.ybp", .offset = AT(path), .required = true, .zh = "活动包", .en = "the pack"}, OPTION_LAST};

static const struct option verify_row[] = {
    {OPTION_ARGUMENT, "FILE.ybp", .offset = AT(path), .required = true, .zh = "活动包", .en = "the pack"},
    {OPTION_TEXT, "--pub", "NAME.pub", .offset = AT(pub), .required = true, .zh = "公钥", .en = "the public key"},
    OPTION_LAST};

static const struct option diff_row[] = {
    {OPTION_ARGUMENT, "OLD.ybp", .offset = AT(path), .required = true, .zh = "旧的一版", .en = "the old one"},
    {OPTION_ARGUMENT, "NEW.ybp", .offset = AT(second), .required = true, .zh = "新的一版", .en = "the new one"},
    {OPTION_TEXT, "--roster", "DIR", .offset = AT(roster), .zh = "活动文件夹：说出是谁、变了什么",
     .en = "the event's folder: says who it is, and what changed"},
    OPTION_ENCODING(AT(encoding)),
    OPTION_LAST};

static const struct usage usage[] = {
    {"pack build", "由 DIR/pack.ini 和报名表制作并签名活动包；缺少的码在此时发出，记入 DIR/codes.csv。",
     "Makes and signs the pack of DIR/pack.ini and its rosters; missing codes are issued now, and kept in DIR/codes.csv.",
     .row = build_row, .run = build},
    {"pack show", "活动包里有什么。", "What is in a pack.", .row = show_row, .run = show},
    {"pack verify", "核对签名。", "Checks the signature.", .row = verify_row, .run = verify},
    {"pack diff", "两版活动包有何不同：哪些码（只知道其散列）新增、移除、变更，活动、签到点等的哪些设置变更。",
     "What differs: which codes (known by their hashes alone) were added, removed, changed, and which settings of events, "
     "stations and so on.",
     .row = diff_row, .run = diff},
    {"pack keys", "pack.ini 的所有键。", "All keys of pack.ini.", .run = keys},
    {NULL}};

int cmd_pack(int argc, char **argv) {
  struct arguments a = {.path = NULL};
  return options_run(usage, argc, argv, &a);
}
