/* SPDX-License-Identifier: Apache-2.0
 * A folder read again and again, as rosters are edited: who keeps number and code, who is new, who
 * can't be told apart; and what pack.ini comes to: times in their zone, references, types.
 */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "core/day.h"
#include "pack/format.h"
#include "scratch.h"
#include "tools/yingbin/folder.h"

static struct scratch scratch;
static struct folder *f;
static struct problem problem;

static const char ini[] =
    "[pack]\nname = test\n[host a]\nname.en = A\n[host b]\nname.en = B\n"
    "[event meet]\ntitle.en = Meet\nstarts = 2023-10-21 13:30\nends = 2023-10-21 24:00\ntz = Asia/Shanghai\n"
    "[roster a.csv]\nevent = meet\nhost = a\n[station meet/door]\nkind = entry\n";

static void put(const char *name, const char *text) { scratch_write(scratch_file(&scratch, name), text, strlen(text)); }

static bool read_again(void) {
  folder_free(f);
  problem = (struct problem){"", ""};
  bool good = folder_read(scratch.path, f, &problem);
  assert_true(good == !problem.en[0] && good == !f->errors.count);
  return good;
}

static void reads(const char *roster) {
  if (roster) put("a.csv", roster);
  if (!read_again()) fail_msg("%s", problem.en);
}

static void refuses(const char *roster, const char *says) {
  size_t before, after;
  char *old = scratch_read(scratch_file(&scratch, "codes.csv"), &before), *now;
  put("a.csv", roster);
  assert_false(read_again());
  if (!strstr(problem.en, says)) fail_msg("'%s' is not in: %s", says, problem.en);
  now = scratch_read(scratch_file(&scratch, "codes.csv"), &after); /* what fails issues nothing */
  assert_string_equal(old, now);
  free(old);
  free(now);
}

static const struct person *person(const char *name, int nth) {
  for (int i = 0; i < f->people_count; i++)
    if (!strcmp(f->people[i].name, name) && nth-- == 0) return &f->people[i];
  fail_msg("no %s", name);
  return NULL;
}

static char kept_code[8][32], kept_number[8][16];

static void keep(int slot, const char *name, int nth) {
  strcpy(kept_code[slot], person(name, nth)->issued);
  strcpy(kept_number[slot], person(name, nth)->number);
}

static void is_kept(int slot, const char *name, int nth) {
  assert_string_equal(kept_code[slot], person(name, nth)->issued);
  assert_string_equal(kept_number[slot], person(name, nth)->number);
  assert_false(person(name, nth)->is_new);
}

static void is_new(const char *name, int nth) {
  const struct person *p = person(name, nth);
  assert_true(p->is_new);
  for (int i = 0; i < 8; i++) assert_true(strcmp(kept_code[i], p->issued) != 0 && strcmp(kept_number[i], p->number) != 0);
}

static int setup(void **state) {
  (void)state;
  assert_true(sodium_init() >= 0);
  scratch_make(&scratch);
  f = calloc(1, sizeof *f);
  assert_non_null(f);
  memset(kept_code, 0, sizeof kept_code);
  memset(kept_number, 0, sizeof kept_number);
  put("pack.ini", ini);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  folder_free(f);
  free(f);
  scratch_remove(&scratch);
  return 0;
}

static void test_kept_by_phone(void **state) {
  (void)state;
  reads("姓名,手机,单位\n张三,13800000001,a\n李四,13800000002,b\n");
  keep(0, "张三", 0);
  keep(1, "李四", 0);
  reads("单位,手机,姓名,邮箱\nx,+86 138-0000-0002,李四,li@x.org\nnew,13800000001,张三,\n,13800000003,王五,\n");
  is_kept(0, "张三", 0);
  is_kept(1, "李四", 0);
  is_new("王五", 0);
  reads("姓名,邮箱\n李四,LI@x.org\n"); /* known by what the roster once said */
  is_kept(1, "李四", 0);
  reads("姓名,手机,邮箱\n李四,13900000000,li@x.org\n张三,13800000001,\n"); /* another phone, the same e-mail */
  is_kept(1, "李四", 0);
  is_kept(0, "张三", 0);
  reads("姓名,手机\n李四,13900000000\n"); /* and now the new phone alone */
  is_kept(1, "李四", 0);
  reads("姓名,手机\n赵六,13800000001\n"); /* a shared phone alone is not a person */
  is_new("赵六", 0);
}

static void test_kept_by_ticket_number(void **state) {
  (void)state;
  reads("票号,姓名\nT1,张三\nT2,张三\n");
  keep(0, "张三", 0);
  keep(1, "张三", 1);
  assert_string_not_equal(kept_code[0], kept_code[1]);
  reads("票号,姓名\nT2,张三\nT1,张叁\n"); /* a name put right */
  is_kept(0, "张叁", 0);
  is_kept(1, "张三", 0);
  reads("票号,姓名,手机\nT9,张三,1\n"); /* another ticket of the same name is another person */
  is_new("张三", 0);
}

static void test_kept_by_order(void **state) {
  (void)state;
  reads("订单号,姓名\nO1,张三\nO1,李四\nO2,张三\n");
  keep(0, "张三", 0);
  keep(1, "李四", 0);
  keep(2, "张三", 1);
  reads("订单号,姓名\nO2,张三\nO1,李四\nO1,张三\n");
  is_kept(2, "张三", 0);
  is_kept(0, "张三", 1);
  is_kept(1, "李四", 0);
}

static void test_kept_by_name_alone(void **state) {
  (void)state;
  reads("姓名\n张三\n李四\n");
  keep(0, "张三", 0);
  reads("姓名,手机\n李四,2\n张三,1\n"); /* phones were added */
  is_kept(0, "张三", 0);
  reads("姓名,手机\n李四,2\n张三,7\n"); /* of that name, but someone else */
  is_new("张三", 0);
}

static void test_ambiguous(void **state) {
  (void)state;
  reads("姓名\n李四\n");
  refuses("姓名\n张三\n张三\n", "lines 2 and 3 can't be told apart");
  refuses("姓名,手机\n张三,1\n王五,2\n张三,1\n", "can't be told apart");
  refuses("票号,姓名\nA,张三\nA,李四\n", "line 3, column 1: ticket number A is on line 2");
  reads("姓名,手机\n张三,1\n张三,2\n"); /* two of one name, with phones of their own */
  keep(0, "张三", 0);
  keep(1, "张三", 1);
  refuses("姓名\n张三\n", "may be more than one person");
  reads("姓名,手机\n张三,2\n张三,1\n");
  is_kept(1, "张三", 0);
  is_kept(0, "张三", 1);
  reads("姓名,手机,票号\n张三,1,T1\n张三,1,T2\n"); /* two tickets of one person, told by their numbers */
  assert_string_not_equal(person("张三", 0)->code, person("张三", 1)->code);
}

/* Numbers and codes that were given are never given again, whoever has gone. */
static void test_never_reused(void **state) {
  (void)state;
  char text[64];
  for (int i = 0; i < 8; i++) {
    snprintf(text, sizeof text, "姓名,手机\n某人,%d\n", 100 + i);
    reads(text);
    is_new("某人", 0);
    keep(i, "某人", 0);
  }
  struct stat st;
  assert_int_equal(stat(scratch_file(&scratch, "codes.csv"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_two_rosters(void **state) {
  (void)state;
  char text[1024];
  snprintf(text, sizeof text, "%s[roster b.csv]\nevent = meet\nhost = b\nstatus.ok = ok\nstatus.no = no\n", ini);
  put("pack.ini", text);
  put("b.csv", "名字,电话,公司,状态,签到码\n李四,13800000002,B,no,FOREIGN1\n王五,13800000005,B,ok,\n");
  reads("姓名,手机,单位\n张三,13800000001,A\n李四,13800000002,\n");
  assert_int_equal(f->people_count, 3);
  const struct person *li = person("李四", 0);
  assert_int_equal(li->hosts, 3);
  assert_string_equal(li->organization, "B");
  assert_string_equal(li->code, "FOREIGN1");
  assert_true(li->foreign && li->confirmed); /* confirmed on the first roster */
  assert_int_equal(person("王五", 0)->hosts, 2);
  assert_int_equal(f->catalog.event[0].hosts, 3);
  assert_int_equal(f->rosters, 2);
}

/* A code that the roster brings later stands beside the one that was sent. */
static void test_foreign_later(void **state) {
  (void)state;
  reads("姓名,手机\n张三,1\n");
  keep(0, "张三", 0);
  reads("姓名,手机,签到码\n张三,1,F1\n");
  is_kept(0, "张三", 0);
  assert_string_equal(person("张三", 0)->code, "F1");
  char text[128];
  snprintf(text, sizeof text, "姓名,手机,签到码\n张三,1,%s\n", kept_code[0]); /* our own codes, from tickets.csv */
  reads(text);
  is_kept(0, "张三", 0);
  assert_false(person("张三", 0)->foreign);
  refuses("姓名,手机,签到码\n张三,1,F1\n李四,2,F1\n", "the code is that of a.csv, line 2");
}

static void test_times(void **state) {
  (void)state;
  reads("姓名\n张三\n");
  const struct event *e = &f->catalog.event[0];
  assert_int_equal(e->starts_ms, INT64_C(1697866200000)); /* 05:30 UTC */
  assert_int_equal(e->ends_ms, INT64_C(1697904000000));   /* 16:00 UTC, the midnight that ends the day */
  assert_int_equal(e->zone.spans, 1);
  assert_int_equal(e->zone.offset_s[0], 8 * 3600);
  assert_int_equal(e->day_border_s, 4 * 3600);
  assert_int_equal(e->tag, pack_event_tag("meet", "2023-10-21"));
  put("pack.ini", "[pack]\nname = test\n[event meet]\nstarts = 2023-10-28 12:00\nends = 2023-10-29 12:00\ntz = Europe/Berlin\n"
                  "[station meet/door]\nkind = entry\nopens = 08:00\ncloses = 26:00\n");
  reads(NULL);
  e = &f->catalog.event[0];
  assert_int_equal(e->ends_ms - e->starts_ms, 25 * 3600 * 1000); /* the clocks went back in that night */
  bool found = false;
  for (int i = 0; i < e->zone.spans; i++) found = found || e->zone.since_s[i] == INT64_C(1698541200);
  assert_true(found);
  const struct station *s = &f->catalog.station[0];
  assert_true(s->opens.set && s->opens.daily && s->opens.at == 8 * 3600 && s->closes.at == 26 * 3600);
  assert_false(e->roster);
}

static const char face[] =
    "[pack]\nname = test\n[host a]\nname.en = A\nlogo = a.png\n"
    "[event meet]\ntitle.en = Meet\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\n"
    "logo = meet.png\nslides = one.png, two.jpg, a.png\ncolours = #2BD948, #D9482B\ntheme = light\nlangs = en, zh-Hans\n"
    "help.en = Ask on the left\nself_lookup = no\nvoice.admit = hello.wav\n"
    "[type speaker]\nlabel.en = Speaker\nicon = mic\n[type other]\n"
    "[station meet/door]\nkind = entry\nnth = yes\nparty = ask\n"
    "[station meet/lunch]\nkind = redeem\nhandout.en = One box\nroom.en = Hall\n"
    "[session late]\ntitle.en = Late\nstarts = 2023-10-21 16:00\nends = 2023-10-21 17:00\nroom.en = Attic\n"
    "[session early]\ntitle.en = Early\nstarts = 2023-10-21 14:00\nstation = meet/lunch\n";

static void put_copy(const char *name, const char *of) {
  char from[PATH_MAX];
  size_t len;
  snprintf(from, sizeof from, "%s/%s", SOURCE_DIR, of);
  char *bytes = scratch_read(from, &len);
  scratch_write(scratch_file(&scratch, name), bytes, len);
  free(bytes);
}

static void put_files(void) {
  static const char *const picture[] = {"a.png", "meet.png", "one.png", "two.jpg"};
  for (size_t i = 0; i < sizeof picture / sizeof *picture; i++) put_copy(picture[i], "assets/images/welcome.png");
  put_copy("hello.wav", "tests/fuzz/corpus/wav/mono");
}

static void test_face(void **state) {
  (void)state;
  put_files();
  put("pack.ini", face);
  reads(NULL);
  const struct catalog *c = &f->catalog;
  const struct event *e = &c->event[0];
  assert_string_equal(e->logo, "meet.png");
  assert_string_equal(c->host[0].logo, "a.png");
  assert_int_equal(e->slides, 3);
  assert_string_equal(e->slide[1], "two.jpg");
  assert_string_equal(e->voice[VOICE_ADMIT], "hello.wav");
  assert_int_equal(f->pictures, 5); /* a.png once */
  assert_int_equal(e->theme, EVENT_THEME_LIGHT);
  assert_true(e->langs == 2 && e->lang[0] == LANG_EN && e->lang[1] == LANG_ZH_HANS);
  assert_string_equal(e->help.in[LANG_EN], "Ask on the left");
  assert_int_equal(c->type[0].icon, ICON_MIC);
  assert_int_equal(c->type[1].icon, ICON_NONE);
  assert_true(c->station[0].show_nth && c->station[0].party_ask && !c->station[0].party_all && !c->station[1].show_nth);
  assert_string_equal(c->station[1].handout.in[LANG_EN], "One box");
  assert_int_equal(c->sessions, 2);
  assert_string_equal(c->session[0].id, "early");
  assert_string_equal(c->session[0].room.in[LANG_EN], "Hall"); /* its station's */
  assert_int_equal(c->session[0].station, 1);
  assert_int_equal(c->session[0].ends_ms, 0);
  assert_string_equal(c->session[1].room.in[LANG_EN], "Attic");
  assert_int_equal(c->session[1].station, -1);
  assert_int_equal(c->session[1].starts_ms - c->session[0].starts_ms, 2 * 3600 * 1000);
}

static void test_colours(void **state) {
  (void)state;
  put_files();
  put("pack.ini", face);
  reads(NULL);
  bool told = false;
  for (int i = 0; i < f->warnings.count; i++)
    told = told || (strstr(f->warnings.at[i].en, "#2BD948") && strstr(f->warnings.at[i].zh, "#2BD948"));
  assert_true(told);
  assert_int_equal(f->catalog.event[0].accents.good, 0x2BD948); /* the kiosk's theme changes them */
  assert_int_equal(f->catalog.event[0].accents.care, 0xD9482B);
}

static void test_face_errors(void **state) {
  (void)state;
  static const struct {
    const char *line, *says;
  } bad[] = {
      {"[session x]\nstarts = 2023-10-21 14:00\n", "title.zh-Hans"},
      {"[session x]\ntitle = T\n", "missing: starts"},
      {"[session x]\ntitle = T\nstarts = 2023-10-21 14:00\nends = 2023-10-21 13:00\n", "before the start"},
      {"[session x]\ntitle = T\nstarts = 2023-10-21 14:00\nstation = meet/none\n", "no [station] section"},
      {"[event b]\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\ncolours = #123456\n", "two colours"},
      {"[event b]\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\nlangs = zh\n", "each once"},
      {"[event b]\nstarts = 2023-10-21 13:30\nends = 2023-10-21 18:00\ntz = Asia/Shanghai\n[session x]\ntitle = T\nstarts = "
       "2023-10-21 14:00\n",
       "several events"},
      {"[station meet/x]\nkind = entry\nhandout = T\n", "kind = redeem"},
      {"[type x]\nicon = banana\n", "icon = banana"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char text[8192];
    snprintf(text, sizeof text, "%s%s", face, bad[i].line);
    put("pack.ini", text);
    assert_false(read_again());
    if (!strstr(problem.en, bad[i].says)) fail_msg("'%s' is not in: %s", bad[i].says, problem.en);
  }
}

static void test_files_are_what_they_say(void **state) {
  (void)state;
  put_files();
  put("pack.ini", face);
  put("one.png", "GIF89a");
  assert_false(read_again());
  assert_non_null(strstr(problem.en, "one.png"));
  put_files();
  put_copy("hello.wav", "assets/images/welcome.png");
  assert_false(read_again());
  assert_non_null(strstr(problem.en, "hello.wav"));
}

static void test_attention_words(void **state) {
  (void)state;
  reads("姓名,关注\n甲,VIP\n乙,未成年\n丙,关注\n丁,轮椅\n戊,\n");
  assert_string_equal(person("甲", 0)->attention, ATTENTION_VIP);
  assert_string_equal(person("乙", 0)->attention, ATTENTION_MINOR);
  assert_string_equal(person("丙", 0)->attention, ATTENTION_STAFF);
  assert_string_equal(person("丁", 0)->attention, "轮椅");
  assert_string_equal(person("戊", 0)->attention, "");
}

static void test_samples(void **state) {
  (void)state;
  static const struct {
    const char *name;
    int events, stations, types, people, sessions;
  } sample[] = {{"kcc-changsha", 1, 1, 0, 0, 0},
                {"kcc-guangzhou", 2, 1, 5, 72, 4},
                {"kcc-chengdu", 1, 2, 5, 213, 1},
                {"coscon-2023", 1, 22, 9, 64, 36}};
  for (size_t i = 0; i < sizeof sample / sizeof *sample; i++) {
    char command[PATH_MAX * 2];
    snprintf(command, sizeof command, "rm -rf '%s' && cp -r '%s/assets/sample/%s' '%s'", scratch.path, SOURCE_DIR,
             sample[i].name, scratch.path);
    assert_int_equal(system(command), 0);
    reads(NULL);
    assert_int_equal(f->catalog.events, sample[i].events);
    assert_int_equal(f->catalog.stations, sample[i].stations);
    assert_int_equal(f->catalog.types, sample[i].types);
    assert_int_equal(f->people_count, sample[i].people);
    assert_int_equal(f->warnings.count, 0);
    assert_string_equal(f->catalog.name, sample[i].name);
    assert_true(f->catalog.event[0].langs == 2 && f->catalog.event[0].accents.good && f->catalog.host[0].logo[0]);
    assert_true(f->catalog.station[0].handout.in[LANG_ZH_HANS][0] == 0 && f->catalog.sessions == sample[i].sessions);
  }
  const struct station *kit = NULL; /* of the last one, the annual conference */
  for (int i = 0; i < f->catalog.stations; i++)
    if (!strcmp(f->catalog.station[i].id, "coscon-2023/kit")) kit = &f->catalog.station[i];
  assert_non_null(kit);
  assert_int_equal(kit->kind, STATION_REDEEM);
  assert_int_equal(kit->again, AGAIN_STOP);
  assert_true(kit->party_all && kit->after >= 0 && kit->handout.in[LANG_EN][0]);
  assert_string_equal(f->catalog.station[kit->after].id, "coscon-2023/door");
  person("阿卜杜热合曼·买买提吐尔逊江", 0);
  person("李䶮", 0);
  assert_string_not_equal(person("张伟", 0)->code, person("张伟", 1)->code);
  assert_string_equal(person("赵无名", 0)->organization, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_kept_by_phone, setup, teardown),
      cmocka_unit_test_setup_teardown(test_kept_by_ticket_number, setup, teardown),
      cmocka_unit_test_setup_teardown(test_kept_by_order, setup, teardown),
      cmocka_unit_test_setup_teardown(test_kept_by_name_alone, setup, teardown),
      cmocka_unit_test_setup_teardown(test_ambiguous, setup, teardown),
      cmocka_unit_test_setup_teardown(test_never_reused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_two_rosters, setup, teardown),
      cmocka_unit_test_setup_teardown(test_foreign_later, setup, teardown),
      cmocka_unit_test_setup_teardown(test_times, setup, teardown),
      cmocka_unit_test_setup_teardown(test_face, setup, teardown),
      cmocka_unit_test_setup_teardown(test_colours, setup, teardown),
      cmocka_unit_test_setup_teardown(test_face_errors, setup, teardown),
      cmocka_unit_test_setup_teardown(test_files_are_what_they_say, setup, teardown),
      cmocka_unit_test_setup_teardown(test_attention_words, setup, teardown),
      cmocka_unit_test_setup_teardown(test_samples, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
