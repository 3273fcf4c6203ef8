/* SPDX-License-Identifier: Apache-2.0
 * What the dashboard makes of records, in whatever order they come. The store is the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "tools/hub/roll.h"

enum { LINES_MOST = 64, NOON_S = 1698465600 /* 2023-10-28 12:00 in Shanghai */ };

static struct world {
  int64_t stamp, pushed[2];
  int lines;
  struct {
    const char *kiosk;
    char text[400];
  } line[LINES_MOST];
  struct names names;
  struct roll *roll;
} world;

static enum store_result stamp(void *self, int64_t *out) {
  (void)self;
  *out = world.stamp;
  return STORE_DONE;
}

static enum store_result kiosks(void *self, store_each_kiosk *each, void *to) {
  const struct store_seen one = {.name = "door-1", .enrolled = true, .pushed_ms = world.pushed[0], .health = ""},
                          two = {.name = "door-2", .enrolled = true, .pushed_ms = world.pushed[1], .health = "{\"queue\":3}"};
  (void)self;
  each(to, &one);
  each(to, &two);
  return STORE_DONE;
}

static enum store_result events(void *self, store_each_event *each, void *to) {
  (void)self;
  if (world.lines) each(to, "meetup");
  return STORE_DONE;
}

static enum store_result feed(void *self, const char *event, const char *kiosk, int64_t after, store_each *each, void *to) {
  (void)self;
  assert_string_equal(event, "meetup");
  assert_string_equal(kiosk, "");
  for (int64_t i = after; i < world.lines && i < after + 2; i++) /* two at a time */
    each(to, i + 1, world.line[i].kiosk, world.line[i].text, strlen(world.line[i].text));
  return STORE_DONE;
}

static const struct store_ops ops = {.stamp = stamp, .kiosks = kiosks, .events = events, .feed = feed};
static const struct user everyone = {.name = "ann", .role = ROLE_ORGANIZER}, partner = {.name = "p", .host = "kcc"};

static int open_world(void **state) {
  (void)state;
  if (sodium_init() < 0) return -1;
  memset(&world, 0, sizeof world);
  merged_init(&world.names.merged, NULL, NULL);
  world.roll = roll_new(&world.names);
  return world.roll ? 0 : -1;
}

static int close_world(void **state) {
  (void)state;
  roll_free(world.roll);
  merged_close(&world.names.merged);
  return 0;
}

__attribute__((format(printf, 2, 3))) static void add(const char *kiosk, const char *format, ...) {
  va_list args;
  va_start(args, format);
  world.line[world.lines].kiosk = kiosk;
  vsnprintf(world.line[world.lines++].text, sizeof world.line[0].text, format, args);
  va_end(args);
  world.stamp++;
}

static void admit(const char *kiosk, int id, const char *who, int minute, bool sure) {
  add(kiosk,
      "{\"id\":\"%032d\",\"kind\":\"scan\",\"verdict\":\"admit\",\"event\":\"meetup\",\"station\":\"meetup/door\",%s"
      "\"wall\":\"2023-10-28T04:%02d:00.000Z\",\"wall_ok\":%s}",
      id, who, minute, sure ? "true" : "false");
}

static void undo(const char *kiosk, int id) { add(kiosk, "{\"kind\":\"undo\",\"event\":\"meetup\",\"ref\":\"%032d\"}", id); }

static json_t *numbers(const struct user *user) {
  int64_t since = 0;
  roll_step(world.roll, &ops, NULL);
  json_t *all = roll_changes(world.roll, user, &since, INT64_C(1000) * NOON_S);
  json_t *one = json_incref(json_array_get(json_object_get(all, "events"), 0));
  json_decref(all);
  assert_non_null(one);
  return one;
}

static void expect(const struct user *user, const char *key, int64_t want) {
  json_t *one = numbers(user);
  assert_int_equal(json_integer_value(json_object_get(one, key)), want);
  json_decref(one);
}

static void expect_at_door(const char *key, int64_t want) {
  json_t *one = numbers(&everyone), *door = json_array_get(json_object_get(one, "stations"), 0);
  assert_string_equal(json_string_value(json_object_get(door, "id")), "meetup/door");
  assert_int_equal(json_integer_value(json_object_get(door, key)), want);
  json_decref(one);
}

static void test_counts(void **state) {
  (void)state;
  admit("door-1", 1, "\"attendee\":\"7\",", 0, true);
  admit("door-1", 2, "\"attendee\":\"8\",", 1, true);
  admit("door-1", 3, "", 1, true);             /* who came without a code, */
  admit("door-1", 4, "\"count\":3,", 2, true); /* and three together */
  admit("door-2", 5, "\"code\":\"00112233445566778899aabbccddeeff\",", 9, false);
  admit("door-1", 6, "\"attendee\":\"7\",", 30, true); /* again at the same kiosk, which knows why */
  expect(&everyone, "in", 7);
  expect(&everyone, "unsure", 1);
  expect(&everyone, "conflicts", 0);
  expect(&partner, "in", 0); /* whose people they are, nobody knows here */
  expect(&partner, "everyone", 7);
  json_t *one = numbers(&everyone);
  char *minutes = json_dumps(json_object_get(one, "minutes"), JSON_COMPACT);
  assert_string_equal(minutes, "[[480,1],[481,2],[482,3]]"); /* since 04:00 */
  assert_string_equal(json_string_value(json_object_get(one, "day")), "2023-10-28");
  free(minutes);
  json_decref(one);
}

static void test_undone(void **state) {
  (void)state;
  undo("door-2", 1); /* it comes before what it takes back */
  admit("door-1", 1, "\"attendee\":\"7\",", 0, true);
  admit("door-1", 2, "\"attendee\":\"8\",", 0, true);
  expect(&everyone, "in", 1);
  undo("door-1", 2);
  expect(&everyone, "in", 0);
  admit("door-1", 3, "\"attendee\":\"8\",", 5, true);
  expect(&everyone, "in", 1);
}

static void test_conflicts(void **state) {
  (void)state;
  admit("door-1", 1, "\"attendee\":\"7\",", 0, true);
  admit("door-2", 2, "\"attendee\":\"7\",", 9, true);
  expect(&everyone, "in", 1);
  expect(&everyone, "conflicts", 1);
  json_t *all = roll_conflicts(world.roll, &everyone, "meetup"),
         *in = json_object_get(json_array_get(json_object_get(all, "conflicts"), 0), "in");
  assert_int_equal(json_array_size(in), 2);
  assert_string_equal(json_string_value(json_object_get(json_array_get(in, 1), "kiosk")), "door-2");
  assert_string_equal(json_string_value(json_object_get(json_array_get(in, 1), "at")), "2023-10-28 12:09:00");
  json_decref(all);
  expect_at_door("conflicts", 1);
  undo("door-2", 2);
  expect(&everyone, "conflicts", 0);
  expect_at_door("conflicts", 0);
}

static void test_what_is_told(void **state) {
  int64_t since = 0;
  (void)state;
  assert_null(roll_changes(world.roll, &everyone, &since, 0)); /* nothing was read yet */
  world.stamp = 1;
  assert_true(roll_step(world.roll, &ops, NULL));
  json_t *all = roll_changes(world.roll, &everyone, &since, 0);
  assert_int_equal(json_array_size(json_object_get(all, "kiosks")), 2);
  assert_int_equal(json_array_size(json_object_get(all, "events")), 0);
  json_decref(all);
  assert_null(roll_changes(world.roll, &everyone, &since, 0));
  assert_false(roll_step(world.roll, &ops, NULL));
  world.pushed[1] = 5, world.stamp++;
  assert_true(roll_step(world.roll, &ops, NULL));
  all = roll_changes(world.roll, &everyone, &since, 0);
  const json_t *kiosk = json_array_get(json_object_get(all, "kiosks"), 0);
  assert_int_equal(json_array_size(json_object_get(all, "kiosks")), 1);
  assert_string_equal(json_string_value(json_object_get(kiosk, "name")), "door-2");
  assert_int_equal(json_integer_value(json_object_get(json_object_get(kiosk, "health"), "queue")), 3);
  json_decref(all);
  world.stamp++; /* something that the dashboard doesn't show */
  assert_false(roll_step(world.roll, &ops, NULL));
}

static void test_bad_lines(void **state) {
  (void)state;
  admit("door-1", 1, "\"attendee\":\"7\",", 0, true);
  add("door-1", "[%d", 1);
  add("door-1", "{\"kind\":\"scan\",\"id\":\"%d\"}", 1);
  add("door-1", "{\"kind\":\"scan\",\"id\":\"%032d\",\"wall\":\"9999-99-99T99:99:99.999Z\",\"wall_ok\":true,\"count\":-5}", 9);
  add("door-1", "{\"kind\":\"correct\",\"ref\":\"%032d\"}", 1);
  add("door-1", "{\"kind\":7,\"id\":%d}", 7);
  expect(&everyone, "in", 2);
  expect(&everyone, "unsure", 1);
}

static void test_many(void **state) {
  char who[40];
  (void)state;
  for (int i = 0; i < LINES_MOST; i++) {
    snprintf(who, sizeof who, "\"attendee\":\"%d\",", i % 40);
    admit("door-1", i + 1, who, i % 60, true);
  }
  expect(&everyone, "in", 40);
  struct roll_ask ask = {.user = &everyone, .event = "meetup", .search = "", .list = ROLL_IN, .most = 7};
  int people = 0;
  do {
    json_t *page = roll_people(world.roll, &ask);
    people += (int)json_array_size(json_object_get(page, "people"));
    ask.after = json_integer_value(json_object_get(page, "more"));
    json_decref(page);
  } while (ask.after);
  assert_int_equal(people, 40);
  ask.search = "39", ask.most = 50;
  json_t *page = roll_people(world.roll, &ask);
  assert_int_equal(json_array_size(json_object_get(page, "people")), 1);
  json_decref(page);
}

/* On both hosts' rosters; what the rosters say of them together, then each of their rows. */
#define SAM(host_bits, type_index, name_text)                                                                                  \
  {                                                                                                                            \
    .type = type_index, .hosts = host_bits, .number = "7", .name = name_text, .phone = "", .organization = name_text "'s",     \
    .attention = "", .confirmed = true, .shared = true                                                                         \
  }
static struct person sam[] = {SAM(3, 0, "Sam")}, rows[] = {SAM(1, 0, "Sam"), SAM(2, 1, "S. Li")};

static int open_hosts(void **state) {
  static struct folder folder = {.catalog = {.events = 1,
                                             .hosts = 2,
                                             .types = 2,
                                             .event = {{.id = "meetup", .zone = {.spans = 1, .offset_s = {8 * 3600}}}},
                                             .host = {{.id = "kcc"}, {.id = "tidb"}},
                                             .type = {{.key = "guest"}, {.key = "speaker"}}},
                                 .people = sam,
                                 .people_count = 1,
                                 .seen = rows,
                                 .seen_count = 2};
  if (open_world(state) != 0) return -1;
  merged_close(&world.names.merged);
  merged_init(&world.names.merged, &folder, NULL);
  return 0;
}

/* Whose people see what is on their own roster, and nothing of the other's. */
static void test_each_host_sees_its_own_row(void **state) {
  static const struct {
    const char *host, *type, *name, *organization;
  } cases[] = {{"", "guest", "Sam", "Sam's"}, {"kcc", "guest", "Sam", "Sam's"}, {"tidb", "speaker", "S. Li", "S. Li's"}};
  (void)state;
  admit("door-1", 1, "\"attendee\":\"7\",", 0, true);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct user user = {.name = "p", .role = ROLE_ORGANIZER};
    const struct roll_ask ask = {.user = &user, .event = "meetup", .search = "", .list = ROLL_IN, .most = 7};
    snprintf(user.host, sizeof user.host, "%s", cases[i].host);
    json_t *one = numbers(&user), *types = json_object_get(one, "types"), *page = roll_people(world.roll, &ask);
    json_t *person = json_array_get(json_object_get(page, "people"), 0);
    assert_int_equal(json_array_size(types), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(types, 0), "id")), cases[i].type);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(types, 0), "in")), 1);
    assert_string_equal(json_string_value(json_object_get(person, "type")), cases[i].type);
    assert_string_equal(json_string_value(json_object_get(person, "name")), cases[i].name);
    assert_string_equal(json_string_value(json_object_get(person, "organization")), cases[i].organization);
    json_decref(one);
    json_decref(page);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_counts, open_world, close_world),
      cmocka_unit_test_setup_teardown(test_undone, open_world, close_world),
      cmocka_unit_test_setup_teardown(test_conflicts, open_world, close_world),
      cmocka_unit_test_setup_teardown(test_what_is_told, open_world, close_world),
      cmocka_unit_test_setup_teardown(test_bad_lines, open_world, close_world),
      cmocka_unit_test_setup_teardown(test_many, open_world, close_world),
      cmocka_unit_test_setup_teardown(test_each_host_sees_its_own_row, open_hosts, close_world),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
