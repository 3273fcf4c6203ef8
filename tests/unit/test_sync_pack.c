/* SPDX-License-Identifier: Apache-2.0
 * A newer pack comes from the hub in slices: over a slow link, a link that is cut, a restart, a power cut, and while the hub's
 * pack changes. No byte comes twice that needn't, and what there is to push never waits for the whole of it.
 */
#include "base/file.h"
#include "fake_hub.h"
#include "folder_build.h"
#include "pack/stamp.h"
#include "sync/enrolment.h"

enum { PEOPLE = 1500 };

struct given { /* what the hub gives out */
  char *bytes, *signature;
  size_t len;
};

static struct world {
  struct scratch folder;
  struct minisign_key key;
  struct minisign_pub pub;
  struct folder f;
  struct given old, new, newer;
} world;

static char *slurp(const char *path, size_t *len) {
  struct problem problem;
  char *bytes;
  if (!file_read(path, 64 << 20, &bytes, len, &problem)) fail_msg("%s", problem.en);
  return bytes;
}

static struct given build(const char *file) {
  struct given g;
  char signature[64];
  size_t len;
  folder_build(&world.f, &world.folder, &world.key, file);
  g.bytes = slurp(scratch_file(&world.folder, file), &g.len);
  snprintf(signature, sizeof signature, "%s.minisig", file);
  g.signature = slurp(scratch_file(&world.folder, signature), &len);
  return g;
}

static int make_packs(void **state) {
  static const char ini[] = "[pack]\nname = meet\n[event meet]\ntitle.en = Meet\nstarts = 2023-10-28 09:00\n"
                            "ends = 2023-10-28 18:00\ntz = Asia/Shanghai\n[roster people.csv]\nevent = meet\n"
                            "[station meet/door]\nkind = entry\n";
  static char people[PEOPLE * 16 + 16];
  struct problem problem;
  bool locked;
  int n = snprintf(people, sizeof people, "name\n");
  (void)state;
  for (int i = 0; i < PEOPLE; i++) n += snprintf(people + n, sizeof people - (size_t)n, "guest %d\n", i);
  scratch_make(&world.folder);
  assert_true(minisign_new(scratch_file(&world.folder, "k"), NULL, &problem));
  assert_true(minisign_read_key(scratch_file(&world.folder, "k.key"), NULL, &locked, &world.key, &problem));
  assert_true(minisign_read_pub(scratch_file(&world.folder, "k.pub"), &world.pub, &problem));
  scratch_write(scratch_file(&world.folder, "pack.ini"), ini, strlen(ini));
  scratch_write(scratch_file(&world.folder, "people.csv"), people, (size_t)n);
  world.old = build("one.ybp");
  world.new = build("two.ybp");
  world.newer = build("three.ybp");
  assert_true(world.new.len > 4 * (64 << 10));
  return 0;
}

static int drop_packs(void **state) {
  struct given *const all[] = {&world.old, &world.new, &world.newer};
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]->bytes), free(all[i]->signature);
  folder_free(&world.f);
  scratch_remove(&world.folder);
  return 0;
}

static void give(struct room *r, const struct given *g, const char *etag) {
  r->hub.pack = g->bytes;
  r->hub.pack_len = g->len;
  r->hub.signature = g->signature;
  snprintf(r->hub.etag, sizeof r->hub.etag, "%s", etag);
}

static void start(struct room *r) {
  room_start(r);
  r->sync.pub = &world.pub;
  strcpy(r->sync.pack, "meet");
  room_tell(r);
}

/* Enrolled, with the first pack in use, when the hub gets a newer one. */
static struct room *served(void **state) {
  struct room *r = *state;
  struct pack *pack;
  if (!pack_install(scratch_file(&world.folder, "one.ybp"), r->kiosk.data.path, &world.pub, r->kiosk.identity.stamp_key, 0,
                    &pack, &r->kiosk.problem))
    fail_msg("%s", r->kiosk.problem.en);
  pack_close(pack);
  sync_fini(&r->sync);
  start(r);
  give(r, &world.old, "\"one\"");
  room_admit(r, 1);
  room_card(r, "door-1");
  room_run(r, 30 * 1000);
  assert_int_equal(r->hub.given, 0);
  give(r, &world.new, "\"two\"");
  return r;
}

static bool part_is_there(struct room *r) { return access(scratch_file(&r->kiosk.data, "hub-pack.part"), F_OK) == 0; }

static bool step_on(struct room *r) {
  const int64_t due = room_step(r);
  if (due > room_now(r).mono_ms) tick_set(&r->hub.clock, due);
  return atomic_load(&r->sync.new_pack) == NULL;
}

/* Until so much of it has come. */
static void come(struct room *r, size_t bytes) {
  while (r->hub.given < (int64_t)bytes) assert_true(step_on(r));
}

static void take(struct room *r, uint32_t build) {
  struct pack *pack = atomic_exchange(&r->sync.new_pack, NULL);
  assert_non_null(pack);
  assert_int_equal(pack_catalog(pack)->build, build);
  pack_close(pack);
  assert_string_equal(r->seen.pack_why, "");
  assert_false(part_is_there(r) || access(scratch_file(&r->kiosk.data, "hub-pack.part.minisig"), F_OK) == 0);
}

static void test_a_slow_link(void **state) {
  struct room *r = served(state);
  int pushes = 0;
  r->hub.bytes_in_ms = 8;
  for (int64_t given = 0; step_on(r);) {
    if (r->hub.given == given) continue;
    given = r->hub.given;
    room_admit(r, 1);
    room_step(r);
    assert_int_equal(r->hub.records, journal_records(r->kiosk.journal)); /* before any more of the pack */
    assert_int_equal(r->hub.given, given);
    pushes++;
  }
  assert_int_equal(r->hub.given, world.new.len);
  assert_true(r->hub.slice_ms <= 5000);
  assert_true(pushes >= (int)(world.new.len >> 16));
  assert_int_equal(r->seen.failures, 0);
  take(r, 2);
  const int packs = r->hub.packs;
  room_run(r, 60 * 1000); /* and then only whether there is another one */
  assert_in_range(r->hub.packs, packs + 2, packs + 4);
  assert_int_equal(r->hub.given, world.new.len);
}

/* So slow that a slice doesn't come in its time: what came stays, and nobody calls the hub lost. */
static void test_a_link_that_crawls(void **state) {
  struct room *r = served(state);
  r->hub.bytes_in_ms = 1;
  while (step_on(r)) assert_int_equal(r->seen.failures, 0);
  assert_int_equal(r->hub.given, world.new.len);
  assert_true(r->hub.slice_ms <= 5000);
  take(r, 2);
}

static void test_a_cut_link(void **state) {
  struct room *r = served(state);
  r->hub.cut_at = (int64_t)world.new.len / 2;
  come(r, world.new.len / 2);
  assert_int_equal(r->hub.given, world.new.len / 2);
  for (int i = 0; i < 6; i++) hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_FAILED});
  while (r->hub.planned < r->hub.plans) step_on(r);
  assert_int_equal(r->hub.given, world.new.len / 2);
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, world.new.len);
  take(r, 2);
}

static void test_a_restart(void **state) {
  struct room *r = served(state);
  come(r, world.new.len / 2);
  sync_fini(&r->sync);
  start(r);
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, world.new.len);
  take(r, 2);
}

static void leave_part(struct room *r, const struct given *g, size_t len, const char *signature) {
  scratch_write(scratch_file(&r->kiosk.data, "hub-pack.part"), g->bytes, len);
  scratch_write(scratch_file(&r->kiosk.data, "hub-pack.part.minisig"), signature, strlen(signature));
}

static void test_killed_when_all_of_it_had_come(void **state) {
  struct room *r = served(state);
  leave_part(r, &world.new, world.new.len, world.new.signature);
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, 0);
  take(r, 2);
}

static void test_a_part_of_another_pack(void **state) {
  struct room *r = served(state);
  leave_part(r, &world.newer, world.newer.len / 2, world.newer.signature);
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, world.new.len);
  take(r, 2);
}

static void test_the_hub_gets_another_one_meanwhile(void **state) {
  struct room *r = served(state);
  come(r, world.new.len / 2);
  give(r, &world.newer, "\"three\"");
  r->hub.given = 0;
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, world.newer.len);
  take(r, 3);
}

/* After a power cut a file may be as long as it was, with nothing in it. */
static void test_holes(void **state) {
  struct room *r = served(state);
  const size_t half = world.new.len / 2;
  char *zeros = calloc(1, half);
  leave_part(r, &(struct given){.bytes = zeros}, half, world.new.signature);
  free(zeros);
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, world.new.len - half + world.new.len);
  take(r, 2);
}

static void test_a_hub_without_slices(void **state) {
  struct room *r = served(state);
  r->hub.no_slices = true;
  while (step_on(r)) {
  }
  assert_int_equal(r->hub.given, world.new.len);
  take(r, 2);
}

static void test_one_that_nobody_signed(void **state) {
  struct room *r = served(state);
  struct given forged = {.bytes = malloc(world.new.len), .len = world.new.len, .signature = world.new.signature};
  memcpy(forged.bytes, world.new.bytes, forged.len);
  forged.bytes[forged.len / 2] ^= 1;
  give(r, &forged, "\"forged\"");
  room_run(r, 120 * 1000);
  assert_int_equal(r->hub.given, forged.len); /* once is enough */
  assert_true(r->seen.pack_why[0] && r->seen.state == SYNC_GOOD);
  assert_null(atomic_load(&r->sync.new_pack));
  assert_false(part_is_there(r));
  free(forged.bytes);
}

static void test_one_that_is_gone(void **state) {
  struct room *r = served(state);
  come(r, world.new.len / 2);
  r->hub.pack = NULL;
  room_run(r, 60 * 1000);
  assert_false(part_is_there(r));
  assert_int_equal(r->seen.state, SYNC_GOOD);
}

static void show_card(struct room *r, const char *pub) {
  struct sync_order order = {.kind = ORDER_ENROL};
  struct problem problem;
  struct enrolment e;
  snprintf(order.text, sizeof order.text, "v=1\nhub=http://hub.example\nkiosk=door-1\ntoken=card\n%s", pub);
  assert_true(mailbox_put(&r->orders, &order));
  room_run(r, 30 * 1000);
  assert_true(enrolment_read(r->kiosk.data.path, &e, &problem));
  assert_string_equal(e.card.pub, "first");
  assert_string_equal(e.card.pack, "meet");
}

/* Else the kiosk would be shut out of its own pack at its next start. */
static void test_a_later_card_with_another_key(void **state) {
  struct room *r = *state;
  r->sync.pack[0] = '\0';
  show_card(r, "pub=first\npack=meet\n");
  strcpy(r->sync.pack, "meet"); /* it came */
  show_card(r, "");
  show_card(r, "pub=another\npack=other\n");
}

#define IN(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN(test_a_slow_link),
      IN(test_a_link_that_crawls),
      IN(test_a_cut_link),
      IN(test_a_restart),
      IN(test_killed_when_all_of_it_had_come),
      IN(test_a_part_of_another_pack),
      IN(test_the_hub_gets_another_one_meanwhile),
      IN(test_holes),
      IN(test_a_hub_without_slices),
      IN(test_one_that_nobody_signed),
      IN(test_one_that_is_gone),
      IN(test_a_later_card_with_another_key),
  };
  return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, make_packs, drop_packs);
}
