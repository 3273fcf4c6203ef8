/* SPDX-License-Identifier: Apache-2.0
 * Desk and the hub: what another kiosk did decides what a guest is told here, in simulated time; what the hub acknowledged,
 * what time it says, and a setup card before the camera.
 */
#include "desk_cards.h"

#include "base/thread.h"
#include "core/base45.h"
#include "desk/hub.h"
#include "journal/rows.h"

static const char stations[] =
    "[pack]\nname = test\n[host kcc]\nname.en = KCC\n"
    "[event meet]\ntitle.en = Meet\nstarts = 2023-10-28 09:00\nends = 2023-10-29 18:00\ntz = Asia/Shanghai\n"
    "[event second]\ntitle.en = Second\nstarts = 2023-10-28 09:00\nends = 2023-10-29 18:00\ntz = Asia/Shanghai\n"
    "[type vip]\nlabel.en = VIP\nmatch = vip\n[type day2]\nlabel.en = Day 2\nmatch = day2\nvalid = 2023-10-29\n"
    "[roster kcc.csv]\nevent = meet\nhost = kcc\nstatus.ok = paid\nstatus.no = unpaid\n"
    "[station meet/door]\nkind = entry\nadmits = *\n"
    "[station meet/forum]\nkind = session\nadmits = *\nafter = meet/door\noffline = ask\n"
    "[station meet/hall]\nkind = session\nadmits = *\nafter = meet/door\noffline = admit\n"
    "[station meet/small]\nkind = entry\nadmits = *\ncapacity = 2\n"
    "[station meet/share]\nkind = entry\nadmits = *\ncapacity = 3\nshare = 1\n"
    "[station meet/lunch]\nkind = redeem\nadmits = *\ntimes = daily\nagain = stop\n"
    "[station second/door]\nkind = entry\nadmits = *\n";
enum { AT_DOOR, AT_FORUM, AT_HALL, AT_SMALL, AT_SHARE, AT_LUNCH, AT_SECOND };
#define FIRST "K7M3QX9RTV2BHN4D"
#define SECOND "K7M3QX9RTV2BHN4E"

static struct mailbox news_box, order_box;
static struct sync_news news_slot[8];
static struct sync_order order_slot[1];
static struct latest work, hub_health;
static struct sync_work work_slot;
static struct sync_health health_slot;
static int64_t told_wall_ms; /* what the clock was told; 0: nothing */
static bool disciplined;

static bool tell(void *clock, int64_t wall_ms) {
  (void)clock;
  if (disciplined) return false;
  told_wall_ms = wall_ms;
  return true;
}
static bool is_told(void *clock) { return (void)clock, told_wall_ms != 0 && !disciplined; }

static void start(struct room *r, int16_t station) {
  if (r->desk.staff) desk_fini(&r->desk, r->now);
  r->desk = (struct desk){.pack = r->pack,
                          .journal = r->journal,
                          .data = r->data.path,
                          .station = station,
                          .camera = &r->camera,
                          .people = &r->people,
                          .notices = &r->notices,
                          .staff_requests = &requests,
                          .staff_answers = &answers,
                          .news = &news_box,
                          .orders = &order_box,
                          .work = &work,
                          .sync_health = &hub_health,
                          .tell_clock = tell,
                          .clock_is_told = is_told};
  MUST(r, desk_init(&r->desk, r->now, &r->problem));
  assert_non_null(r->desk.others);
}

static int set_up_hub(void **state) {
  assert_int_equal(set_up_pack(state, stations), 0);
  struct room *r = *state;
  mailbox_init(&news_box, news_slot, sizeof *news_slot, 8, &r->bell);
  mailbox_init(&order_box, order_slot, sizeof *order_slot, 1, NULL);
  latest_init(&work, &work_slot, sizeof work_slot, NULL);
  latest_init(&hub_health, &health_slot, sizeof health_slot, &r->bell);
  told_wall_ms = 0;
  disciplined = false;
  start(r, AT_DOOR);
  return 0;
}

static int tear_down_hub(void **state) {
  const int result = tear_down_cards(state);
  mailbox_fini(&news_box);
  mailbox_fini(&order_box);
  latest_fini(&work);
  latest_fini(&hub_health);
  return result;
}

static struct sync_news feed(struct room *r) {
  static int pages;
  struct sync_news n = {.kind = NEWS_FEED, .as_of = r->now, .hub = "aa", .event = "meet", .whole = true};
  snprintf(n.cursor, sizeof n.cursor, "aa-%d", ++pages);
  return n;
}

static uint8_t *add(struct sync_news *n, const char *station, const char *number, int64_t at_ms) {
  static int ids;
  struct shared_record *s = &n->record[n->count++];
  *s = (struct shared_record){.kind = SHARED_SCAN, .kiosk = "2 号机", .at_ms = at_ms, .wall_ok = true};
  snprintf(s->station, sizeof s->station, "%s", station);
  snprintf(s->attendee, sizeof s->attendee, "%s", number);
  s->count = strcmp(number, "2") ? 1 : 4; /* the whole party */
  memcpy(s->id, &(int){++ids}, sizeof ids);
  return s->id;
}

static void hear(struct room *r, const struct sync_news *n) {
  struct notice none;
  assert_true(mailbox_put(&news_box, n));
  settle(r, &none);
  assert_true(mailbox_empty(&news_box));
}

static void admitted_elsewhere(struct room *r, const char *station, const char *number, int64_t at_ms) {
  struct sync_news n = feed(r);
  add(&n, station, number, at_ms);
  hear(r, &n);
}

static struct notice shows(struct room *r, const char *code) {
  struct notice n = {.kind = NOTICE_HEALTH};
  pass(r, 4000);
  assert_true(show(r, code, &n));
  return n;
}

static void assert_verdict(const struct notice *n, enum verdict_kind kind, bool unconfirmed) {
  if (n->verdict.kind != kind) print_error("%s\n", verdict_name(n->verdict.kind));
  assert_int_equal(n->verdict.kind, kind);
  assert_int_equal(n->verdict.unconfirmed, unconfirmed);
}

/* --- guests --- */

static void test_already_at_number_two(void **state) {
  struct room *r = *state;
  admitted_elsewhere(r, "meet/door", "1", noon - 57 * 60000);
  struct notice n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_AGAIN, false);
  assert_string_equal(n.verdict.where, "2 号机");
  assert_int_equal(n.verdict.when_ms, noon - 57 * 60000);
  assert_string_equal(newest(r, "line ->> '$.view_age_s'"), "4");
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_ADMIT, false);
  assert_int_equal(n.nth, 2); /* of the door, not of this kiosk */
  assert_int_equal(n.health.people, 1);
  assert_int_equal(n.health.elsewhere, 1);
  assert_int_equal(n.health.elsewhere_today, 1);
  pass(r, 3600 * 1000);
  start(r, AT_DOOR); /* an hour without the network, and a restart: what was known is known */
  n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_AGAIN, false);
  assert_string_equal(newest(r, "line ->> '$.view_age_s'"), "3612");
}

static void test_no_view_no_age(void **state) {
  struct room *r = *state;
  shows(r, FIRST);
  assert_string_equal(newest(r, "line ->> '$.view_age_s'"), "-");
}

static void test_each_day(void **state) {
  struct room *r = *state;
  start(r, AT_LUNCH);
  admitted_elsewhere(r, "meet/lunch", "1", noon - 24 * 3600 * 1000); /* yesterday's */
  struct notice n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_ADMIT, false);
  admitted_elsewhere(r, "meet/lunch", "2", noon - 60000);
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_AGAIN, false);
  pass(r, INT64_C(24) * 3600 * 1000);
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_ADMIT, false);
}

/* The step is asked for where the view is fresh; where it isn't, by what the station says. */
static void test_a_step_elsewhere(void **state) {
  struct room *r = *state;
  const struct {
    int16_t station;
    bool fresh, done;
    enum verdict_kind kind;
    bool unconfirmed, ask;
  } cases[] = {
      {AT_FORUM, false, false, VERDICT_MISSING_STEP, false, true}, {AT_FORUM, true, false, VERDICT_MISSING_STEP, false, false},
      {AT_HALL, false, false, VERDICT_ADMIT, true, false},         {AT_HALL, true, false, VERDICT_MISSING_STEP, false, false},
      {AT_FORUM, true, true, VERDICT_ADMIT, false, false},         {AT_FORUM, false, true, VERDICT_ADMIT, false, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    start(r, cases[i].station);
    pass(r, OTHERS_FRESH_MS + 10 * 1000);
    if (cases[i].fresh && cases[i].done) admitted_elsewhere(r, "meet/door", "2", noon);
    if (cases[i].fresh && !cases[i].done)
      hear(r, &(struct sync_news){.kind = NEWS_FEED, .as_of = r->now, .hub = "aa", .event = "meet", .whole = true});
    struct notice n = shows(r, SECOND); /* four of them, one by one */
    if (n.verdict.kind != cases[i].kind) print_error("case %d\n", (int)i);
    assert_verdict(&n, cases[i].kind, cases[i].unconfirmed);
    assert_int_equal(n.verdict.ask_staff, cases[i].ask);
  }
}

static void test_full(void **state) {
  struct room *r = *state;
  start(r, AT_SMALL);
  admitted_elsewhere(r, "meet/small", "71", noon);
  struct notice n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_ADMIT, false);
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_FULL, false);
  pass(r, 60000);
  n = shows(r, SECOND); /* alone again, but that it is full was known */
  assert_verdict(&n, VERDICT_FULL, false);
  start(r, AT_SHARE); /* alone: one */
  n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_ADMIT, false);
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_FULL, false);
  admitted_elsewhere(r, "meet/share", "71", noon); /* with the others: three in all */
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_ADMIT, false);
}

static void test_full_alone(void **state) {
  struct room *r = *state;
  start(r, AT_SMALL);
  struct notice n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_ADMIT, true);
  assert_string_equal(newest(r, "line ->> '$.unconfirmed'"), "1");
}

static void test_guests_first(void **state) {
  struct room *r = *state;
  struct notice n;
  struct sync_news late = feed(r);
  add(&late, "meet/door", "1", noon);
  pass(r, 4000);
  assert_true(mailbox_put(&news_box, &late));
  put(r, &r->camera, FIRST, strlen(FIRST), BY_CAMERA);
  put(r, &r->people, SECOND, strlen(SECOND), BY_READER);
  assert_int_equal(desk_step(&r->desk, r->now), r->now.mono_ms); /* the first one; somebody else waits */
  assert_false(mailbox_empty(&news_box));
  assert_true(settle(r, &n));
  assert_true(mailbox_empty(&news_box));
  assert_int_equal(r->desk.health.people, 2);
}

/* A page a turn. */
static void test_bounded_turns(void **state) {
  struct room *r = *state;
  for (int i = 0; i < 4; i++) {
    struct sync_news n = feed(r);
    for (int k = 0; k < SYNC_PAGE; k++) add(&n, "meet/door", "900", noon);
    assert_true(mailbox_put(&news_box, &n));
  }
  for (int i = 3; i >= 0; i--) {
    const int64_t due = desk_step(&r->desk, r->now);
    assert_int_equal(news_box.count, i);
    if (i) assert_int_equal(due, r->now.mono_ms);
  }
  struct notice n = shows(r, FIRST);
  assert_int_equal(n.health.elsewhere, 4 * SYNC_PAGE);
}

static void test_undo_there_and_here(void **state) {
  struct room *r = *state;
  struct sync_news page = feed(r);
  uint8_t *id = add(&page, "meet/door", "1", noon);
  hear(r, &page);
  open_console(r, DESK);
  struct staff_request undo = {.kind = STAFF_UNDO, .text = "wrong person"};
  memcpy(undo.ref, id, sizeof undo.ref);
  ask(r, undo, NULL);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(newest(r, "kind"), "undo");
  assert_string_equal(newest(r, "attendee"), "1");
  ask(r, undo, NULL);
  assert_int_equal(told.why, STAFF_UNDONE);
  struct notice n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_ADMIT, false);
  struct sync_news back = feed(r); /* and the other kiosk takes that one back again */
  struct shared_record *s = &back.record[back.count++];
  struct journal_row row;
  assert_int_equal(journal_rows(r->journal, n.seq, 1, r->now, &row), 1);
  *s = (struct shared_record){.kind = SHARED_UNDO, .kiosk = "2 号机", .id = {9, 9}};
  memcpy(s->ref, row.id, sizeof s->ref);
  hear(r, &back);
  n = shows(r, FIRST);
  assert_verdict(&n, VERDICT_ADMIT, false);
}

/* --- what sync is told, and tells --- */

static struct sync_work last_work(void) {
  static uint64_t seen;
  static struct sync_work w;
  latest_get(&work, &w, &seen);
  return w;
}

static void test_work(void **state) {
  struct room *r = *state;
  assert_int_equal(last_work().seq, journal_records(r->journal));
  struct notice n = shows(r, FIRST);
  assert_int_equal(last_work().seq, n.seq);
  assert_string_equal(last_work().event, "meet");
  open_console(r, DESK);
  ASK(r, .kind = STAFF_STATION, .index = AT_SECOND);
  assert_int_equal(told.result, STAFF_DONE);
  assert_string_equal(last_work().event, "second");
  assert_string_equal(last_work().station, "second/door");
}

static void test_acknowledged(void **state) {
  struct room *r = *state;
  struct notice n = shows(r, FIRST);
  assert_int_equal(n.health.unsent, journal_records(r->journal));
  struct sync_news ack = {.kind = NEWS_ACKED, .hub = "aa", .seq = n.seq};
  assert_true(journal_chain_at(r->journal, n.seq, ack.chain));
  hear(r, &ack);
  pass(r, 1000);
  settle(r, &n);
  assert_int_equal(r->desk.health.unsent, 0);
  assert_int_equal(r->desk.health.oldest_unsent_ms, 0);
  n = shows(r, SECOND);
  assert_int_equal(n.health.unsent, 1);
  assert_int_equal(n.health.oldest_unsent_ms, r->now.wall_ms);
  start(r, AT_DOOR);
  assert_int_equal(r->desk.health.unsent, journal_records(r->journal) - ack.seq); /* the acknowledgement is kept */
}

/* The file was spoilt: guests are served on, and the feed is asked for anew. */
static void test_spoilt(void **state) {
  struct room *r = *state;
  admitted_elsewhere(r, "meet/door", "1", noon);
  others_checkpoint(r->desk.others);
  size_t len;
  char *bytes = scratch_read(scratch_file(&r->data, "others.db"), &len);
  memset(bytes + 4096, 0xA5, len - 4096);
  FILE *f = fopen(scratch_file(&r->data, "others.db"), "r+b"); /* the same file that desk has open */
  assert_non_null(f);
  assert_int_equal(fwrite(bytes, 1, len, f), len);
  fclose(f);
  free(bytes);
  start(r, AT_DOOR);
  struct notice n = shows(r, FIRST); /* the view is lost */
  assert_verdict(&n, VERDICT_ADMIT, false);
  assert_int_equal(n.fault, DESK_FAULT_NONE);
  settle(r, &n);
  const uint32_t refill = last_work().refill;
  struct sync_news again = feed(r);
  again.refill = refill;
  add(&again, "meet/door", "2", noon);
  hear(r, &again);
  n = shows(r, SECOND);
  assert_verdict(&n, VERDICT_AGAIN, false);
}

static void test_enrolled(void **state) {
  struct room *r = *state;
  struct sync_health h = {.state = SYNC_GOOD, .hub = "https://hub.example:8443"};
  latest_set(&hub_health, &h);
  hear(r, &(struct sync_news){.kind = NEWS_ENROLLED});
  assert_string_equal(newest(r, "note"), "enrolled with https://hub.example:8443");
  assert_int_equal(r->desk.health.hub, SYNC_GOOD);
}

/* --- the time --- */

static struct sync_news time_news(struct room *r, int64_t wall_ms, int64_t error_ms, bool tls) {
  return (struct sync_news){
      .kind = NEWS_CLOCK, .as_of = r->now, .hub = "aa", .wall_ms = wall_ms, .error_ms = error_ms, .tls = tls};
}

static void test_time_by_tls(void **state) {
  struct room *r = *state;
  r->now.wall_ok = false;
  r->now.wall_ms = 0;
  const int64_t before = journal_records(r->journal);
  struct sync_news n = time_news(r, noon + 5000, 40, true);
  pass(r, 100);
  assert_true(mailbox_put(&news_box, &n));
  desk_step(&r->desk, r->now);
  assert_int_equal(told_wall_ms, noon + 5100);
  assert_string_equal(newest(r, "note"), "source=hub-tls error_ms=1040");
  assert_string_equal(newest(r, "wall_ok"), "1");
  assert_string_equal(newest(r, "wall"), "2023-10-28T04:00:05.100Z");
  r->now.wall_ok = true, r->now.wall_ms = told_wall_ms;
  pass(r, 600 * 1000);
  n = time_news(r, r->now.wall_ms + 300, 30, true); /* drifted; not much surer: no record, but better time */
  hear(r, &n);
  assert_int_equal(told_wall_ms, r->now.wall_ms + 300);
  assert_int_equal(journal_records(r->journal), before + 1);
  settle(r, &(struct notice){0});
  assert_string_equal(r->desk.health.clock_source, "hub-tls");
  pass(r, 1000);
  n = time_news(r, r->now.wall_ms + 3600 * 1000, 30, true); /* it was wrong before */
  hear(r, &n);
  assert_int_equal(journal_records(r->journal), before + 2);
  told_wall_ms = 0; /* the process begins anew, in the same boot */
  r->now.wall_ok = false, r->now.wall_ms = 0;
  pass(r, 1000);
  start(r, AT_DOOR);
  assert_int_equal(told_wall_ms, n.wall_ms + 1000);
}

static void test_time_without_tls(void **state) {
  struct room *r = *state;
  r->now.wall_ok = false;
  r->now.wall_ms = 1000;
  struct sync_news n = time_news(r, noon + 5000, 40, false);
  hear(r, &n);
  assert_int_equal(told_wall_ms, 0);
  assert_string_equal(newest(r, "note"), "source=hub wall=2023-10-28T04:00:05.000Z error_ms=5040");
  assert_string_equal(newest(r, "wall_ok"), "0");
  assert_string_equal(newest(r, "wall"), "1970-01-01T00:00:01.000Z");
}

static void test_time_that_counts_less(void **state) {
  struct room *r = *state;
  const int64_t before = journal_records(r->journal);
  disciplined = true; /* the network's */
  struct sync_news n = time_news(r, noon + 9000, 40, true);
  hear(r, &n);
  assert_int_equal(journal_records(r->journal), before);
  disciplined = false;
  told_wall_ms = r->now.wall_ms; /* an operator's */
  hear(r, &n);
  assert_int_equal(told_wall_ms, r->now.wall_ms);
  assert_true(strstr(newest(r, "note"), "source=hub-tls wall=2023-10-28T04:00:09.000Z ") != NULL);
  const struct sync_news odd[] = {time_news(r, noon, -1, true), time_news(r, noon, 70000, true), time_news(r, noon, 1, true)};
  told_wall_ms = 0;
  r->now.wall_ok = false;
  for (int i = 0; i < 3; i++) {
    n = odd[i];
    if (i == 2) n.as_of.mono_ms += 1000; /* of a moment that is yet to come */
    hear(r, &n);
    assert_int_equal(told_wall_ms, 0);
  }
}

/* --- the setup card --- */

static const char setup_lines[] = "v=1\nhub=https://hub.example\nkiosk=door-1\ntoken=0123456789abcdef\n";

static const char *setup_card(void) {
  static char card[200] = "YBSET1:";
  card[7] = '\0';
  base45_encode((const uint8_t *)setup_lines, strlen(setup_lines), card + 7);
  return card;
}

static void assert_no_trace(struct room *r) {
  size_t len;
  char *wal = scratch_read(scratch_file(&r->data, "journal.db-wal"), &len);
  assert_null(memmem(wal, len, setup_card() + 7, 12));
  assert_null(memmem(wal, len, "0123456789abcdef", 16));
  free(wal);
}

static void test_setup_card(void **state) {
  struct room *r = *state;
  struct sync_order order;
  struct notice n = shows(r, setup_card());
  assert_verdict(&n, VERDICT_NOT_A_TICKET, false);
  assert_int_equal(n.card, CARD_ENROLS);
  assert_true(mailbox_front(&order_box, &order));
  assert_int_equal(order.kind, ORDER_ENROL);
  assert_string_equal(order.text, setup_lines);
  n = shows(r, setup_card()); /* sync hasn't taken the first one yet */
  assert_int_equal(n.card, CARD_NONE);
  mailbox_pop(&order_box);
  n = shows(r, "YBSET1:!!");
  assert_int_equal(n.verdict.kind, VERDICT_FORGED);
  assert_true(mailbox_empty(&order_box));
  assert_no_trace(r);
}

static void test_setup_card_of_an_enrolled_kiosk(void **state) {
  struct room *r = *state;
  struct sync_order order;
  struct sync_health h = {.state = SYNC_GOOD, .hub = "https://first.example"};
  latest_set(&hub_health, &h);
  struct notice n = shows(r, setup_card());
  assert_int_equal(n.card, CARD_ASKS_LEAD);
  open_console(r, DESK); /* not a lead's */
  n = shows(r, setup_card());
  assert_int_equal(n.card, CARD_ASKS_LEAD);
  open_console(r, LEAD);
  n = shows(r, setup_card());
  assert_int_equal(n.card, CARD_ASKS_AGAIN);
  pass(r, 61 * 1000);
  n = shows(r, setup_card()); /* too late: it is the first time again */
  assert_int_equal(n.card, CARD_ASKS_AGAIN);
  assert_true(mailbox_empty(&order_box));
  n = shows(r, setup_card());
  assert_int_equal(n.card, CARD_ENROLS);
  assert_true(mailbox_front(&order_box, &order));
  assert_string_equal(order.text, setup_lines);
  mailbox_pop(&order_box);
  n = shows(r, setup_card()); /* each time anew */
  assert_int_equal(n.card, CARD_ASKS_AGAIN);
  h.state = SYNC_REFUSED; /* the hub knows it no longer: anybody may give it a card */
  latest_set(&hub_health, &h);
  n = shows(r, setup_card());
  assert_int_equal(n.card, CARD_ENROLS);
  assert_no_trace(r);
}

/* Only a lead's, and only where the card has the key; sync does it and says so. */
static void test_carries_the_hub(void **state) {
  struct room *r = *state;
  struct sync_order order;
  struct notice n;
  struct sync_health h = {.state = SYNC_WAITING};
  latest_set(&hub_health, &h);
  open_console(r, DESK);
  ASK(r, .kind = STAFF_HUB, .count = 1);
  assert_int_equal(told.result, STAFF_DENIED);
  open_console(r, LEAD);
  ASK(r, .kind = STAFF_HUB, .count = 1);
  assert_int_equal(told.why, STAFF_NO_HUB_KEY);
  assert_true(mailbox_empty(&order_box));
  h.may_carry = true;
  latest_set(&hub_health, &h);
  settle(r, &n);
  const int64_t before = journal_records(r->journal);
  ASK(r, .kind = STAFF_HUB, .count = 1);
  assert_int_equal(told.result, STAFF_DONE);
  assert_int_equal(journal_records(r->journal), before + 1);
  ASK(r, .kind = STAFF_HUB, .count = 1);
  assert_int_equal(told.why, STAFF_BUSY); /* sync hasn't taken the first one yet */
  assert_true(mailbox_front(&order_box, &order));
  assert_int_equal(order.kind, ORDER_CARRY);
  mailbox_pop(&order_box);
  h.carries = true;
  latest_set(&hub_health, &h);
  settle(r, &n);
  assert_true(r->desk.health.hub_here);
  ASK(r, .kind = STAFF_HUB);
  assert_int_equal(told.result, STAFF_DONE);
  assert_true(mailbox_front(&order_box, &order));
  assert_int_equal(order.kind, ORDER_CARRY_NOT);
}

#define WITH_HUB(f) cmocka_unit_test_setup_teardown(f, set_up_hub, tear_down_hub)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_HUB(test_already_at_number_two),
      WITH_HUB(test_no_view_no_age),
      WITH_HUB(test_each_day),
      WITH_HUB(test_a_step_elsewhere),
      WITH_HUB(test_full),
      WITH_HUB(test_full_alone),
      WITH_HUB(test_guests_first),
      WITH_HUB(test_bounded_turns),
      WITH_HUB(test_undo_there_and_here),
      WITH_HUB(test_work),
      WITH_HUB(test_acknowledged),
      WITH_HUB(test_spoilt),
      WITH_HUB(test_enrolled),
      WITH_HUB(test_time_by_tls),
      WITH_HUB(test_time_without_tls),
      WITH_HUB(test_time_that_counts_less),
      WITH_HUB(test_setup_card),
      WITH_HUB(test_carries_the_hub),
      WITH_HUB(test_setup_card_of_an_enrolled_kiosk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
