/* SPDX-License-Identifier: Apache-2.0
 * Names that staff corrected or wrote down, sealed on the kiosk: before the admission and after it, taken back, and of walk-ins
 * whom only a code tells. Read in the list and in the workbook.
 */
#include "merge_room.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pack/minisign.h"
#include "tools/yingbin/log_merge.h"
#include "tools/yingbin/merged.h"
#include "tools/yingbin/table.h"

struct staff {
  struct kiosk k;
  struct minisign_pub pub;
  int64_t minute;
};

static void stamp(struct staff *s, struct checkin *c) {
  memset(c->id, 0, sizeof c->id);
  s->minute++;
  c->at = at(noon + s->minute * 60000, s->minute * 60000, true);
  append(&s->k, c);
}

static void seal(const struct staff *s, const char *name, struct checkin *c) {
  uint8_t key[32], box[256];
  char plain[128];
  const int len = snprintf(plain, sizeof plain, "{\"name\":\"%s\"}", name);
  assert_int_equal(crypto_sign_ed25519_pk_to_curve25519(key, s->pub.key), 0);
  assert_int_equal(crypto_box_seal(box, (const uint8_t *)plain, (size_t)len, key), 0);
  sodium_bin2base64(c->sealed, sizeof c->sealed, box, (size_t)len + crypto_box_SEALBYTES, sodium_base64_VARIANT_ORIGINAL);
}

static struct checkin came(struct staff *s, const char *number, const char *code, const char *station) {
  struct checkin c = scan(number, 1, at(0, 0, true));
  snprintf(c.code, sizeof c.code, "%s", code);
  snprintf(c.station, sizeof c.station, "%s", station);
  stamp(s, &c);
  return c;
}

/* A name for a person (number), or for a record that has none (of). */
static struct checkin named(struct staff *s, const char *number, const struct checkin *of, const char *name) {
  struct checkin c = scan(number, 0, at(0, 0, true));
  c.kind = RECORD_CORRECT;
  if (of) memcpy(c.ref, of->id, sizeof c.ref);
  seal(s, name, &c);
  stamp(s, &c);
  return c;
}

static void undo(struct staff *s, const struct checkin *of) {
  struct checkin c = {.kind = RECORD_UNDO, .event = "meet", .station = "meet/door", .view_age_s = -1};
  memcpy(c.ref, of->id, sizeof c.ref);
  stamp(s, &c);
}

static void happened(struct staff *s) {
  struct checkin c, taken_back;
  named(s, "1", NULL, "Before");
  came(s, "1", "", "meet/door");
  c = came(s, "2", "", "meet/door");
  named(s, "2", &c, "First");
  named(s, "2", &c, "After");
  c = came(s, "3", "", "meet/door");
  taken_back = named(s, "3", &c, "Wrong");
  undo(s, &taken_back);
  c = came(s, "", "00112233445566778899aabbccddeeff", "meet/door");
  named(s, "", &c, "Self");
  came(s, "", "00112233445566778899aabbccddeeff", "meet/lunch");
  came(s, "", "", "meet/door");
  came(s, "9", "", "meet/lunch"); /* on no roster any more */
}

static void write_folder(const struct scratch *out) {
  static const char ini[] =
      "[pack]\nname = meet\n[event meet]\ntitle.zh-Hans = 聚会\nstarts = 2023-10-28 09:00\nends = 2023-10-28 "
      "18:00\ntz = Asia/Shanghai\n[roster r.csv]\nevent = meet\n[station meet/door]\nkind = entry\n[station "
      "meet/lunch]\nkind = redeem\n";
  static const char roster[] = "编号,姓名\n1,甲甲\n2,乙乙\n3,丙丙\n";
  mkdir(scratch_file(out, "meet"), 0700);
  scratch_write(scratch_file(out, "meet/pack.ini"), ini, sizeof ini - 1);
  scratch_write(scratch_file(out, "meet/r.csv"), roster, sizeof roster - 1);
}

static bool take_row(void *self, const struct table_row *row) {
  FILE *out = self;
  for (int i = 0; i < row->cells; i++) fprintf(out, "%s%s", i ? "," : "", row->cell[i].text);
  return fputc('\n', out) != EOF;
}

/* The first sheet of the workbook, as lines. */
static char *people_of(const char *path) {
  struct remarks errors = {0}, warnings = {0};
  struct table_facts facts;
  char *text;
  size_t len;
  FILE *out = open_memstream(&text, &len);
  const struct table_ask ask = {.file = "attendance.xlsx", .path = path, .errors = &errors, .warnings = &warnings};
  const struct table_sink sink = {.self = out, .row = take_row};
  assert_true(table_read(&ask, &facts, &sink));
  fclose(out);
  remarks_free(&errors), remarks_free(&warnings);
  return text;
}

static void holds(const char *text, const char *const *what) {
  for (; *what; what++)
    if (!strstr(text, *what)) fail_msg("no “%s” in:\n%s", *what, text);
}

static void test_names(void **state) {
  static const char *const list[] = {"1,Before,", "2,After,", "3,丙丙,", ",Self,", NULL};
  static const char *const people[] = {"1,Before,",
                                       "2,After,",
                                       "3,丙丙,",
                                       ",Self,,现场登记,,聚会,已到,1,12:09,12:11\n",
                                       "\n,,,现场登记,,聚会,已到,1,12:12",
                                       "\n9,,,不在报名表,,聚会,已到,1,,12:13\n",
                                       NULL};
  struct room *r = *state;
  struct staff s = {.minute = 0};
  char path[4][PATH_MAX];
  static const char *const name[] = {"seal", "meet", "merged", "one.jsonl"};
  size_t len;
  for (int i = 0; i < 4; i++) snprintf(path[i], PATH_MAX, "%s", scratch_file(&r->out, name[i]));
  kiosk_make(&s.k, "door-1");
  write_folder(&r->out);
  assert_true(minisign_new(path[0], NULL, &r->problem));
  assert_true(minisign_read_pub(scratch_file(&r->out, "seal.pub"), &s.pub, &r->problem));
  happened(&s);
  room_export(r, &s.k, 1);
  scratch_write(path[3], r->text[0], r->len[0]);
  char *file[] = {path[3]}, key[PATH_MAX];
  snprintf(key, sizeof key, "%s", scratch_file(&r->out, "seal.key"));
  const struct merge_request ask = {.out = path[2], .file = file, .files = 1, .roster = path[1], .key = key};
  if (!log_merge(&ask, &r->counts, &r->problem)) fail_msg("%s", r->problem.en);
  char *csv = scratch_read(scratch_file(&r->out, "merged/attendance.csv"), &len);
  char *sheet = people_of(scratch_file(&r->out, "merged/attendance.xlsx"));
  holds(csv, list);
  holds(sheet, people);
  free(csv), free(sheet);
  kiosk_done(&s.k);
}

/* What was never opened closes nothing: the hub keeps names without a log. */
static void test_closed(void **state) {
  struct merged m;
  (void)state;
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  assert_true(in >= 0 && dup2(in, STDIN_FILENO) == STDIN_FILENO);
  for (int i = 0; i < 2; i++) {
    merged_init(&m, NULL, NULL);
    merged_close(&m);
  }
  assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
  close(in);
}

int main(void) {
  const struct CMUnitTest tests[] = {IN_ROOM(test_names), cmocka_unit_test(test_closed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
