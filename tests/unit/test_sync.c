/* SPDX-License-Identifier: Apache-2.0
 * The sync service on simulated time, before a hub that does its work, stalls, breaks off, lies, forgets and refuses.
 */
#include "base/file.h"
#include "fake_hub.h"
#include "pack/stamp.h"

/* Enrolled, with three records that the hub has. */
static struct room *joined(void **state) {
  struct room *r = *state;
  room_admit(r, 3);
  room_card(r, "door-1");
  room_run(r, 100);
  assert_int_equal(r->seen.state, SYNC_GOOD);
  assert_int_equal(r->hub.records, 3);
  return r;
}

static void test_without_a_hub(void **state) {
  struct room *r = *state;
  room_admit(r, 1);
  room_run(r, 3600 * 1000);
  assert_int_equal(r->seen.state, SYNC_OFF);
  assert_int_equal(r->hub.asked, 0);
}

static void test_joins_and_goes_on_after_a_restart(void **state) {
  struct room *r = joined(state);
  struct stat st;
  assert_int_equal(r->hub.enrols, 1);
  assert_int_equal(room_count(r, NEWS_ENROLLED), 1);
  assert_int_equal(room_last(r, NEWS_ACKED)->seq, 3);
  assert_true(room_last(r, NEWS_FEED)->whole);
  assert_string_equal(room_last(r, NEWS_FEED)->hub, r->hub.database);
  assert_int_equal(stat(scratch_file(&r->kiosk.data, "hub.ini"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_false(atomic_load(&r->sync.renamed));
  sync_fini(&r->sync);
  r->hub.took_ms = 0;
  room_start(r);
  room_tell(r);
  room_admit(r, 1);
  room_run(r, 10);
  assert_int_equal(r->hub.enrols, 1);
  assert_int_equal(r->hub.records, 4);
}

static void test_another_name_waits_for_the_kiosk(void **state) {
  struct room *r = *state;
  room_admit(r, 1);
  room_card(r, "gate-9");
  room_run(r, 10000);
  assert_true(atomic_load(&r->sync.renamed));
  assert_int_equal(r->hub.pushes, 0); /* under the old name the hub would take nothing */
}

static void test_a_record_goes_at_once(void **state) {
  struct room *r = joined(state);
  const int64_t then = room_now(r).mono_ms;
  for (int i = 0; i < 10; i++) {
    const int pulls = r->hub.pulls;
    room_admit(r, 1);
    while (room_step(r) <= room_now(r).mono_ms) {
    }
    assert_int_equal(r->hub.records, 4 + i);
    assert_int_equal(r->hub.pulls, pulls + 1); /* directly after a push */
    assert_int_equal(room_last(r, NEWS_ACKED)->seq, 4 + i);
  }
  assert_int_equal(room_now(r).mono_ms, then + 10 * 2 * r->hub.took_ms); /* no time but the exchanges' */
}

static void test_many_records(void **state) {
  struct room *r = *state;
  room_admit(r, 1203);
  room_card(r, "door-1");
  room_run(r, 1000);
  assert_int_equal(r->hub.records, 1203);
  assert_int_equal(r->hub.pushes, 1 + 3); /* the last one, to ask; then all of them */
  assert_int_equal(r->seen.acked_seq, 1203);
}

static void test_too_large_for_the_hub(void **state) {
  struct room *r = joined(state);
  r->hub.most_body = 20000;
  room_admit(r, 300);
  room_run(r, 1000);
  assert_int_equal(r->hub.records, 303);
  assert_int_equal(r->seen.failures, 0);
}

static void test_the_feed_in_pieces(void **state) {
  struct room *r = *state;
  for (int i = 0; i < 50; i++)
    snprintf(r->hub.feed[r->hub.feeds++], sizeof *r->hub.feed,
             "{\"id\":\"%032d\",\"kind\":\"scan\",\"kiosk\":\"b\",\"station\":\"meet/"
             "door\",\"attendee\":\"%d\",\"at\":\"2023-10-28T04:00:00."
             "000Z\",\"wall_ok\":true}",
             i, i);
  strcpy(r->hub.feed[7], "{\"id\":\"00\",\"kind\":\"of tomorrow\"}");
  room_admit(r, 1);
  room_card(r, "door-1");
  room_run(r, 200);
  int seen = 0, whole = 0;
  const char *cursor = "";
  for (int i = 0; i < r->gots; i++) {
    const struct sync_news *n = &r->got[i];
    if (n->kind != NEWS_FEED) continue;
    assert_string_equal(n->event, "meet");
    for (int k = 0; k < n->count; k++, seen++) assert_int_equal(atoi(n->record[k].attendee), seen < 7 ? seen : seen + 1);
    /* a kiosk that is killed here, with this cursor, misses nothing */
    assert_true(strcmp(n->cursor, cursor) == 0 || atoi(n->cursor + 17) <= seen + 1);
    cursor = n->cursor;
    whole += n->whole;
    if (n->whole) assert_int_equal(seen, 49);
  }
  assert_int_equal(seen, 49);
  assert_int_equal(whole, 1);
  assert_string_equal(cursor, "00000000000000aa-50");
  room_run(r, 60 * 1000);
  assert_in_range(r->hub.pulls, 3 + 28, 3 + 31); /* every two seconds */
  assert_int_equal(room_last(r, NEWS_FEED)->count, 0);
  assert_true(room_last(r, NEWS_FEED)->as_of.mono_ms > room_now(r).mono_ms - 3000);
}

static void test_a_hub_that_forgot_everything(void **state) {
  struct room *r = joined(state);
  room_admit(r, 40);
  room_run(r, 5000);
  r->hub.records = 0;
  strcpy(r->hub.database, "00000000000000bb");
  strcpy(r->hub.token, "nobody's");
  room_run(r, 5000); /* nothing new is written meanwhile */
  assert_int_equal(r->hub.records, 43);
  assert_int_equal(r->hub.enrols, 2);
  assert_int_equal(r->seen.state, SYNC_GOOD);
}

static void test_an_empty_hub_with_the_same_tokens(void **state) {
  struct room *r = joined(state);
  r->hub.records = 0;
  strcpy(r->hub.database, "00000000000000cc");
  room_run(r, 5000);
  assert_int_equal(r->hub.records, 3);
}

static void test_a_fork(void **state) {
  struct room *r = joined(state);
  room_admit(r, 7);
  room_run(r, 3000);
  assert_int_equal(r->hub.records, 10);
  r->hub.records = 5; /* the hub went back, and a clone of this card has sent two of its own */
  for (int i = 0; i < 2; i++) {
    memset(r->hub.chain[r->hub.records], 0xe0 + i, JOURNAL_CHAIN);
    r->hub.seq[r->hub.records++] = 6 + i;
  }
  room_admit(r, 1);
  room_run(r, 3000);
  assert_int_equal(r->hub.pushed_from, 6);
  assert_int_equal(r->hub.records, 7 + 6);
  assert_int_equal(r->seen.acked_seq, 11);
}

static void test_what_was_purged_is_told(void **state) {
  struct room *r = joined(state);
  for (int i = 0; i < 4; i++)
    hub_plan(&r->hub, (struct misfortune){.status = 409, .type = "application/problem+json", .body = "{\"known\":[]}"});
  r->hub.always = true;
  room_admit(r, 1);
  room_run(r, 600 * 1000);
  assert_int_equal(r->seen.state, SYNC_WAITING);
  assert_true(r->hub.pushes <= 1 + 20);
}

/* --- a bad network --- */

static void test_back_off(void **state) {
  struct room *r = joined(state);
  hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_FAILED});
  r->hub.always = true;
  room_admit(r, 1);
  int64_t last = 0, longest = 0, whole = BACKOFF_FIRST_MS;
  for (int i = 0; i < 20; i++) {
    const int asked = r->hub.asked;
    while (r->hub.asked == asked) {
      const int64_t due = room_step(r);
      if (r->hub.asked == asked) tick_set(&r->hub.clock, due);
    }
    const int64_t waited = r->hub.asked_at_ms - last;
    if (i > 0) {
      assert_in_range(waited, whole / 2, whole);
      whole = whole * 2 < BACKOFF_MOST_MS ? whole * 2 : BACKOFF_MOST_MS;
    }
    if (i > 0 && waited > longest) longest = waited;
    last = r->hub.asked_at_ms;
  }
  assert_in_range(longest, BACKOFF_MOST_MS / 2, BACKOFF_MOST_MS);
  assert_int_equal(r->seen.state, SYNC_WAITING);
  assert_int_equal(r->seen.failures, 20);
  r->hub.planned = r->hub.plans;
  r->hub.always = false;
  r->hub.plans = r->hub.planned = 0;
  room_run(r, BACKOFF_MOST_MS);
  assert_int_equal(r->seen.state, SYNC_GOOD);
  assert_int_equal(r->seen.failures, 0);
  assert_int_equal(r->hub.records, 4);
}

static bool is_back;
static bool tell_back(int network) {
  assert_int_equal(network, 7);
  return is_back;
}

static void test_the_network_comes_back(void **state) {
  struct room *r = joined(state);
  r->sync.came_back = tell_back, r->sync.network = 7;
  for (int i = 0; i < 8; i++) hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_FAILED});
  room_admit(r, 1);
  while (r->hub.planned < r->hub.plans) {
    const int64_t due = room_step(r);
    if (due > room_now(r).mono_ms) tick_set(&r->hub.clock, due);
  }
  const int asked = r->hub.asked;
  room_step(r);
  assert_int_equal(r->hub.asked, asked); /* it would be long */
  is_back = true;
  room_step(r);
  is_back = false;
  assert_int_equal(r->hub.asked, asked + 1);
  assert_int_equal(r->seen.state, SYNC_GOOD);
}

static void test_kiosks_dont_come_together(void **state) {
  (void)state;
  struct backoff a = {.seed = 1}, b = {.seed = 2};
  int same = 0;
  for (int i = 0; i < 50; i++) same += backoff_next(&a) == backoff_next(&b);
  assert_true(same < 5);
}

static void test_a_stall(void **state) {
  struct room *r = joined(state);
  hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_ANSWERED, .took_ms = 24 * 3600 * 1000});
  room_admit(r, 2);
  const int64_t then = room_now(r).mono_ms;
  while (r->hub.records < 5) {
    const int64_t due = room_step(r);
    if (due > room_now(r).mono_ms) tick_set(&r->hub.clock, due);
  }
  assert_true(room_now(r).mono_ms - then < 70 * 1000); /* one minute, and then it went */
}

static void test_retry_after(void **state) {
  static const int statuses[] = {429, 503};
  struct room *r = joined(state);
  for (int i = 0; i < 2; i++) {
    hub_plan(&r->hub, (struct misfortune){.status = statuses[i],
                                          .type = i ? "text/plain" : "application/problem+json",
                                          .body = i ? "busy" : "{\"status\":429,\"detail\":\"too many\"}",
                                          .retry_after_s = 40});
    room_admit(r, 1);
    while (r->hub.planned < r->hub.plans) room_step(r);
    const int asked = r->hub.asked;
    room_run(r, 39 * 1000);
    assert_int_equal(r->hub.asked, asked);
    room_run(r, 3 * 1000);
    assert_int_equal(r->hub.records, 4 + i);
  }
}

static void test_not_the_hub(void **state) {
  static const struct misfortune portals[] = {
      {.status = 200, .type = "text/html", .body = "<html>Please sign in</html>"},
      {.status = 200, .type = "application/json", .body = "{\"portal\":true}"},
      {.status = 200, .type = "application/json", .body = "{\"acked_seq\":4,\"acked_chain\":\"00\"}"},
      {.status = 200, .type = "application/json", .body = "{\"acked_seq\":4,\"ack"},
      {.status = 200, .type = "application/json", .body = ""},
      {.status = 200,
       .type = "application/json", /* another batch's */
       .body = "{\"acked_seq\":4,\"acked_chain\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\",\"at\":"
               "\"2023-10-28T04:00:00.000Z\"}"},
      {.status = 302, .type = "text/html", .body = ""},
      {.status = 511, .type = "text/html", .body = "<html>"},
      {.status = 401, .type = "text/html", .body = "<html>"},
      {.status = 403, .type = "text/html", .body = "<html>"},
      {.status = 404, .type = "text/html", .body = "<html>"},
      {.status = 409, .type = "text/html", .body = "<html>"},
      {.outcome = UPLINK_TOO_LARGE},
      {.outcome = UPLINK_FAILED},
  };
  struct room *r = joined(state);
  const int enrols = r->hub.enrols;
  for (size_t i = 0; i < sizeof portals / sizeof *portals; i++) {
    hub_plan(&r->hub, portals[i]);
    room_admit(r, 1);
    r->gots = 0;
    while (r->hub.planned < r->hub.plans) room_step(r);
    assert_int_equal(r->seen.state, SYNC_WAITING);
    assert_true(r->seen.why[0]);
    assert_int_equal(room_count(r, NEWS_ACKED) + room_count(r, NEWS_CLOCK), 0);
    assert_int_equal(r->seen.acked_seq, 3 + (int)i);
    room_run(r, 2000); /* the hub again */
    assert_int_equal(r->seen.state, SYNC_GOOD);
    assert_int_equal(r->hub.records, 4 + (int)i);
  }
  assert_int_equal(r->hub.enrols, enrols);
}

static void test_another_server(void **state) {
  struct room *r = joined(state);
  hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_OTHER_PEER});
  room_admit(r, 1);
  while (r->hub.planned < r->hub.plans) room_step(r);
  assert_int_equal(r->seen.state, SYNC_OTHER_HUB);
  room_run(r, 2000);
  assert_int_equal(r->hub.records, 4);
}

static void test_a_token_that_is_refused(void **state) {
  struct room *r = joined(state);
  strcpy(r->hub.token, "another");
  r->hub.refuses_cards = true;
  const int asked = r->hub.asked;
  room_run(r, 3600 * 1000);
  assert_int_equal(r->seen.state, SYNC_REFUSED);
  assert_non_null(strstr(r->seen.why, "card"));
  assert_in_range(r->hub.asked - asked, 30, 70); /* slowly, and for ever */
  r->hub.refuses_cards = false;
  room_run(r, 61 * 1000);
  assert_int_equal(r->seen.state, SYNC_GOOD);
}

static void test_a_new_card(void **state) {
  struct room *r = joined(state);
  strcpy(r->hub.token, "another");
  r->hub.refuses_cards = true;
  room_run(r, 600 * 1000);
  r->hub.refuses_cards = false;
  room_card(r, "door-1");
  room_run(r, 1000); /* at once */
  assert_int_equal(r->seen.state, SYNC_GOOD);
  struct sync_order bad = {.kind = ORDER_ENROL, .text = "v=9\nhub=http://elsewhere"};
  assert_true(mailbox_put(&r->orders, &bad));
  room_run(r, 100);
  assert_int_equal(r->seen.state, SYNC_GOOD); /* it goes on as it was */
}

/* --- time --- */

static void test_the_hubs_time(void **state) {
  struct room *r = *state;
  r->hub.took_ms = 800;
  r->hub.ahead_ms = 24 * 3600 * 1000;
  r->hub.tls = true;
  room_admit(r, 1);
  room_card(r, "door-1");
  room_run(r, 4000);
  const struct sync_news *n = room_last(r, NEWS_CLOCK);
  assert_true(n->tls);
  assert_int_equal(n->error_ms, 401);
  /* it said its time behind the way there and back; the kiosk takes the middle */
  assert_in_range(n->wall_ms - n->as_of.wall_ms, r->hub.ahead_ms - n->error_ms, r->hub.ahead_ms + n->error_ms);
  const int before = room_count(r, NEWS_CLOCK);
  room_run(r, 60 * 1000);
  assert_int_equal(room_count(r, NEWS_CLOCK), before); /* no better evidence */
  r->gots = 0;
  r->hub.took_ms = 20;
  room_run(r, 5 * 1000);
  assert_int_equal(room_count(r, NEWS_CLOCK), 1);
  assert_int_equal(room_last(r, NEWS_CLOCK)->error_ms, 11);
  r->hub.tls = false;
  r->gots = 0;
  room_run(r, 100 * 1000);
  r->gots = 0;
  room_run(r, 9 * 60 * 1000 - 100 * 1000), r->gots = 0;
  room_run(r, 70 * 1000);
  assert_int_equal(room_count(r, NEWS_CLOCK), 1); /* every ten minutes */
  assert_false(room_last(r, NEWS_CLOCK)->tls);
}

static void test_a_wall_clock_that_jumps(void **state) {
  struct room *r = joined(state);
  hub_plan(&r->hub, (struct misfortune){.outcome = UPLINK_FAILED});
  room_admit(r, 1);
  while (r->hub.planned < r->hub.plans) room_step(r);
  r->hub.clock.wall_less_mono_ms -= INT64_C(86400) * 1000; /* an operator puts it right, the wrong way */
  room_run(r, 2000);
  assert_int_equal(r->hub.records, 4);
  r->hub.clock.wall_less_mono_ms += INT64_C(400) * 86400 * 1000;
  room_admit(r, 1);
  room_run(r, 2000);
  assert_int_equal(r->hub.records, 5);
  assert_int_equal(r->seen.state, SYNC_GOOD);
}

static void test_a_feed_of_another_event(void **state) {
  struct room *r = joined(state);
  struct sync_work work = {.seq = journal_records(r->kiosk.journal), .event = "other", .station = "other/door"};
  latest_set(&r->work, &work);
  r->gots = 0;
  room_run(r, 100);
  assert_string_equal(room_last(r, NEWS_FEED)->event, "other");
}

static bool is_there(struct room *r, const char *name, const char *text) {
  struct problem problem;
  char *bytes;
  size_t len;
  if (!file_read(scratch_file(&r->kiosk.data, name), 64, &bytes, &len, &problem)) return false;
  const bool same = !text || (len == strlen(text) && !memcmp(bytes, text, len));
  free(bytes);
  return same;
}

static void put_file(struct room *r, const char *name, const char *text) {
  assert_true(file_write(scratch_file(&r->kiosk.data, name), text, strlen(text), 0600, &r->kiosk.problem));
}

static void use_pack(struct room *r, uint32_t build, const char *file, const char *text) {
  struct stamp stamp = {.used = 0};
  char signature[64];
  snprintf(stamp.file, sizeof stamp.file, "%s", file);
  snprintf(signature, sizeof signature, "%s.minisig", file);
  put_file(r, file, text);
  put_file(r, signature, text);
  assert_true(stamp_write(r->kiosk.data.path, r->kiosk.identity.stamp_key, &stamp, &r->kiosk.problem));
  if (build) atomic_store(&r->sync.build, build);
}

static void carry(struct room *r, enum order_kind kind) {
  const struct sync_order order = {.kind = kind};
  assert_true(mailbox_put(&r->orders, &order));
  room_step(r);
}

/* The pack in use is given out before the mark is there, and a newer one as soon as it is in use. */
static void test_a_hub_beside_it(void **state) {
  struct room *r = *state;
  strcpy(r->sync.pack, "meet");
  use_pack(r, 1, "meet-1.ybp", "one");
  room_step(r);
  assert_false(r->seen.carries || is_there(r, "hub-here", NULL) || is_there(r, "hub-packs/meet.ybp", NULL));
  carry(r, ORDER_CARRY);
  assert_true(r->seen.carries && is_there(r, "hub-here", NULL));
  assert_true(is_there(r, "hub-packs/meet.ybp", "one") && is_there(r, "hub-packs/meet.ybp.minisig", "one"));
  use_pack(r, 0, "meet-2.ybp", "two");
  room_step(r);
  assert_true(is_there(r, "hub-packs/meet.ybp", "one"));
  atomic_store(&r->sync.build, 2);
  room_step(r);
  assert_true(is_there(r, "hub-packs/meet.ybp", "two"));
  assert_false(is_there(r, "hub-packs/meet.ybp.part", NULL) || is_there(r, "hub-packs/meet.ybp.minisig.part", NULL));

  sync_fini(&r->sync);
  room_start(r);
  room_step(r);
  assert_true(r->seen.carries && is_there(r, "hub-here", NULL)); /* a lead has said so */
  carry(r, ORDER_CARRY_NOT);
  assert_false(r->seen.carries || is_there(r, "hub-here", NULL));

  sync_fini(&r->sync);
  room_start(r);
  r->sync.carry = true;
  carry(r, ORDER_CARRY_NOT); /* the setting goes before */
  assert_true(r->seen.carries && is_there(r, "hub-here", NULL));
  sync_fini(&r->sync);
  room_start(r); /* and is set no more */
  room_step(r);
  assert_false(r->seen.carries || is_there(r, "hub-here", NULL));
}

#define IN(f) cmocka_unit_test_setup_teardown(f, room_open, room_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN(test_without_a_hub),
      IN(test_joins_and_goes_on_after_a_restart),
      IN(test_another_name_waits_for_the_kiosk),
      IN(test_a_record_goes_at_once),
      IN(test_many_records),
      IN(test_too_large_for_the_hub),
      IN(test_the_feed_in_pieces),
      IN(test_a_hub_that_forgot_everything),
      IN(test_an_empty_hub_with_the_same_tokens),
      IN(test_a_fork),
      IN(test_what_was_purged_is_told),
      IN(test_back_off),
      cmocka_unit_test(test_kiosks_dont_come_together),
      IN(test_the_network_comes_back),
      IN(test_a_stall),
      IN(test_retry_after),
      IN(test_not_the_hub),
      IN(test_another_server),
      IN(test_a_token_that_is_refused),
      IN(test_a_new_card),
      IN(test_the_hubs_time),
      IN(test_a_wall_clock_that_jumps),
      IN(test_a_feed_of_another_event),
      IN(test_a_hub_beside_it),
  };
  return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
