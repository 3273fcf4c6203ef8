/* SPDX-License-Identifier: Apache-2.0
 * True times, and what counts by them.
 */
#include "merge_room.h"

#include "journal/merge_clock.h"

/* --- clocks --- */

enum { H = 3600 * 1000 };

static void test_notes(void **state) {
  static const struct {
    const char *note;
    enum clock_source source;
    int64_t error_ms;
  } rows[] = {
      {"source=ntp", CLOCK_EVIDENCE, 1000},
      {"source=operator", CLOCK_EVIDENCE, 60000},
      {"source=hub-tls error_ms=300", CLOCK_EVIDENCE, 300},
      {"source=recording", CLOCK_EVIDENCE, 0},
      {"source=sundial", CLOCK_EVIDENCE, MERGE_TRUST_MS},
      {"source=ntp error_ms=-5", CLOCK_EVIDENCE, 1000},
      {"source=floor", CLOCK_FLOOR, 0},
      {"", CLOCK_NONE, MERGE_TRUST_MS},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int64_t error;
    assert_int_equal(clock_note(rows[i].note, &error), rows[i].source);
    assert_int_equal(error, rows[i].error_ms);
  }
}

/* Four boots of one kiosk: no evidence, evidence late, none between two, none at the end. */
static void test_boots(void **state) {
  (void)state;
  struct clocks c = {0};
  static const struct {
    const char *name;
    int64_t seq, last, own;
  } boots[] = {{"a", 1, 1 * H, 5}, {"b", 100, 8 * H, 5}, {"c", 200, 1 * H, 5}, {"d", 300, 2 * H, 5}, {"e", 400, 1 * H, 5}};
  for (int i = 0; i < 5; i++) {
    struct clock_boot *b = clocks_boot(&c, 1, boots[i].name);
    b->first_seq = boots[i].seq, b->last_mono_ms = boots[i].last, b->has_own = true, b->own_ms = boots[i].own;
  }
  assert_true(clock_add(clocks_find(&c, 1, "b"), 4 * H, noon, 60000, true)); /* an operator said so */
  assert_true(clock_add(clocks_find(&c, 1, "b"), 6 * H, noon + 2 * H + 5000, 1000, true));
  assert_true(clock_add(clocks_find(&c, 1, "d"), 0, noon + 10 * H, 1000, true));
  clocks_settle(&c);
  const struct {
    const char *name;
    struct moment at;
    int64_t wall, sure;
  } asked[] = {
      {"b", at(0, 6 * H, false), noon + 2 * H + 5000, 1000},
      {"b", at(0, 7 * H, false), noon + 3 * H + 5000, 1360}, /* 360 ms of drift in an hour */
      {"b", at(0, 1 * H, false), noon - 3 * H + 5000, 2800}, /* NTP of five hours later is surer than the operator's word */
      {"b", at(noon + 1 * H, 5 * H, true), noon + 1 * H + 5000, 1360},
      {"b", at(noon + 3 * H + 77, 7 * H, true), noon + 3 * H + 77, 1000}, /* trusted by NTP: its own time */
      {"a", at(0, 0, false), noon - 5 * H + 5000, -1},                    /* before b, who knows how long */
      {"c", at(0, 0, false), noon + 4 * H + 5000, 5 * H - 5000},          /* after b ended, before d began, an hour long */
      {"e", at(0, 0, false), noon + 12 * H, -1},                          /* after d */
  };
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    struct clock_time t = clock_of(clocks_find(&c, 1, asked[i].name), asked[i].at);
    if (t.wall_ms != asked[i].wall || t.sure_ms != asked[i].sure)
      print_error("row %d: %lld sure %lld\n", (int)i, (long long)(t.wall_ms - noon), (long long)t.sure_ms);
    assert_int_equal(t.wall_ms, asked[i].wall);
    assert_int_equal(t.sure_ms, asked[i].sure);
  }
  assert_null(clocks_find(&c, 2, "a"));
  clocks_free(&c);
}

/* A clock that an operator vouched for jumps a day; what a hub said beside it isn't what the clock was set by. */
static void test_jump(void **state) {
  (void)state;
  struct clocks c = {0};
  struct clock_boot *b = clocks_boot(&c, 1, "a");
  b->first_seq = 1, b->last_mono_ms = 3 * H, b->has_own = true, b->own_ms = noon;
  assert_true(clock_add(b, 0, noon, 60000, true));
  assert_true(clock_add(b, 1 * H, noon + 1 * H, 1000, false));
  clocks_settle(&c);
  for (int64_t day = -24 * H; day <= 24 * H; day += 24 * H) {
    const struct clock_time t = clock_of(clocks_find(&c, 1, "a"), at(noon + 2 * H + day, 2 * H, true));
    assert_int_equal(t.wall_ms, noon + 2 * H);
    assert_int_equal(t.sure_ms, 1360);
  }
  clocks_free(&c);
}

static int64_t clock_record(struct kiosk *k, const char *note, struct moment when) {
  struct checkin c = {.kind = RECORD_CLOCK, .at = when, .view_age_s = -1};
  snprintf(c.note, sizeof c.note, "%s", note);
  return append(k, &c);
}

/* The kiosk whose clock was wrong was first. */
static void test_first_by_true_time(void **state) {
  struct room *r = *state;
  struct kiosk a, b;
  kiosk_make(&a, "door-1"), kiosk_make(&b, "door-2");
  admit(&a, "7", 1, at(INT64_C(1000000000000), 1 * H, false)); /* it is 2001, says door-1 */
  clock_record(&a, "source=ntp", at(noon + 1 * H, 2 * H, true));
  clock_record(&b, "source=ntp", at(noon, 0, true));
  admit(&b, "7", 1, at(noon + 1000, 1000, true));
  room_export(r, &a, 1), room_export(r, &b, 1);
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, "SELECT kiosk, ruling, (time_ms - 1698465600000), sure_ms FROM record WHERE kind = 'scan' "
                                  "ORDER BY time_ms"),
                      "door-1|counts|0|1360 door-2|conflict|1000|1000");
  assert_string_equal(room_ask(r, "SELECT f.kiosk FROM record r JOIN record f ON f.n = r.first"), "door-1");
  kiosk_done(&a), kiosk_done(&b);
}

/* A hub without TLS sets no clock; what it says puts the records right all the same, and nothing that isn't a time does. */
static void test_time_beside_the_clock(void **state) {
  struct room *r = *state;
  struct kiosk k;
  kiosk_make(&k, "door-1");
  admit(&k, "7", 1, at(INT64_C(1000000000000), 1 * H, false));
  clock_record(&k, "source=hub wall=2023-10-28T0x:00:00.000Z error_ms=0", at(INT64_C(1000003500000), 2 * H - 100000, false));
  clock_record(&k, "source=hub wall=2023-10-28T05:00:00.000Z error_ms=40", at(INT64_C(1000003600000), 2 * H, false));
  room_export(r, &k, 1);
  room_same(r, "0", "00");
  assert_string_equal(room_ask(r, "SELECT (time_ms - 1698465600000), sure_ms FROM record WHERE kind = 'scan'"), "0|400");
  kiosk_done(&k);
}

/* The operator said a time, and took it back: neither that evidence nor the clock that it set is believed. */
static void test_time_taken_back(void **state) {
  struct room *r = *state;
  struct kiosk k;
  kiosk_make(&k, "door-1");
  struct checkin said = {
      .kind = RECORD_CLOCK, .at = at(noon + 9 * H, 1 * H, true), .note = "source=operator", .view_age_s = -1};
  append(&k, &said);
  admit(&k, "7", 1, at(noon + 9 * H + 60000, 1 * H + 60000, true));
  struct checkin back = {.kind = RECORD_UNDO, .at = at(noon + 9 * H + 90000, 1 * H + 90000, false), .view_age_s = -1};
  memcpy(back.ref, said.id, sizeof back.ref);
  append(&k, &back);
  clock_record(&k, "source=ntp", at(noon + 1 * H, 2 * H, true));
  room_export(r, &k, 1);
  room_same(r, "0", "00");
  assert_string_equal(room_ask(r, "SELECT (time_ms - 1698465600000), sure_ms FROM record WHERE kind = 'scan'"), "60000|1354");
  kiosk_done(&k);
}

/* --- what counts --- */

static struct catalog catalog;

static struct station *station(const char *id, int32_t times) {
  struct station *s = &catalog.station[catalog.stations++];
  *s = (struct station){.times = times, .admits = UINT64_MAX, .after = -1};
  snprintf(s->id, sizeof s->id, "%s", id);
  return s;
}

static void make_catalog(void) {
  memset(&catalog, 0, sizeof catalog);
  catalog.event[catalog.events++] = china();
  station("meet/door", 1);
  station("meet/daily", TIMES_DAILY);
  station("meet/tea", TIMES_EVERY);
  struct station *lunch = station("meet/lunch", 1);
  lunch->closes = (struct hours){.set = true, .at = noon};
  lunch->capacity = 2;
  station("meet/talk", 1)->after = 0;
}

static bool attendee(void *self, const char *number, struct attendee *out) {
  (void)self;
  if (!strcmp(number, "404")) return false;
  *out = (struct attendee){.type = -1, .party = !strcmp(number, "3") ? 3 : 1, .confirmed = true};
  snprintf(out->number, sizeof out->number, "%s", number);
  return true;
}

struct came {
  const char *station, *who;
  int kiosk;
  int64_t after_s;
  bool unconfirmed, adrift;
  const char *override;
  int32_t count;
};

static void come(struct kiosk *k, const struct came *c) {
  struct checkin s =
      scan(*c->who == '#' ? "" : c->who, c->count ? c->count : 1, at(noon + c->after_s * 1000, c->after_s * 1000, !c->adrift));
  snprintf(s.station, sizeof s.station, "%s", c->station);
  if (*c->who == '#') snprintf(s.code, sizeof s.code, "%s", c->who + 1);
  if (c->override) snprintf(s.override, sizeof s.override, "%s", c->override);
  s.unconfirmed = c->unconfirmed;
  append(&k[c->kiosk], &s);
}

static void test_rules(void **state) {
  static const struct {
    const char *of;
    struct came came[4];
    const char *rulings, *without_rules;
  } rows[] = {
      {"once",
       {{.station = "meet/door", .who = "1", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "1", .kiosk = 1, .after_s = 2},
        {.station = "meet/door", .who = "1", .kiosk = 0, .after_s = 3}},
       "counts conflict conflict",
       "counts conflict counts"},
      {"two people",
       {{.station = "meet/door", .who = "1", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "2", .kiosk = 1, .after_s = 2}},
       "counts counts",
       "counts counts"},
      {"daily",
       {{.station = "meet/daily", .who = "1", .kiosk = 0, .after_s = 1},
        {.station = "meet/daily", .who = "1", .kiosk = 1, .after_s = 86400},
        {.station = "meet/daily", .who = "1", .kiosk = 0, .after_s = 86401}},
       "counts counts conflict",
       "counts counts conflict"},
      {"every time",
       {{.station = "meet/tea", .who = "1", .kiosk = 0, .after_s = 1},
        {.station = "meet/tea", .who = "1", .kiosk = 1, .after_s = 2}},
       "counts counts",
       "counts conflict"},
      {"a party one by one",
       {{.station = "meet/door", .who = "3", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "3", .kiosk = 1, .after_s = 2},
        {.station = "meet/door", .who = "3", .kiosk = 1, .after_s = 3},
        {.station = "meet/door", .who = "3", .kiosk = 0, .after_s = 4}},
       "counts counts counts conflict",
       "counts conflict conflict counts"},
      {"a guest's code",
       {{.station = "meet/door", .who = "#aa", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "#aa", .kiosk = 1, .after_s = 2}},
       "counts conflict",
       "counts conflict"},
      {"against the rule",
       {{.station = "meet/door", .who = "1", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "1", .kiosk = 1, .after_s = 2, .override = "again"}},
       "counts counts",
       "counts counts"},
      {"nobody known",
       {{.station = "meet/door", .who = "", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "", .kiosk = 1, .after_s = 1}},
       "counts counts",
       "counts counts"},
      {"not on the roster",
       {{.station = "meet/door", .who = "404", .kiosk = 0, .after_s = 1},
        {.station = "meet/door", .who = "404", .kiosk = 1, .after_s = 2}},
       "counts conflict",
       "counts conflict"},
      {"closed by then",
       {{.station = "meet/lunch", .who = "1", .kiosk = 0, .after_s = -10, .unconfirmed = true},
        {.station = "meet/lunch", .who = "2", .kiosk = 1, .after_s = 10, .unconfirmed = true},
        {.station = "meet/lunch", .who = "4", .kiosk = 1, .after_s = 11}},
       "counts counts>closed counts",
       "counts counts counts"},
      {"closed by then, as far as is known",
       {{.station = "meet/lunch", .who = "1", .kiosk = 0, .after_s = 1, .unconfirmed = true},
        {.station = "meet/lunch", .who = "2", .kiosk = 0, .after_s = 9 * 3600, .unconfirmed = true, .adrift = true}},
       "counts>closed? counts>closed?",
       "counts counts"},
      {"closed to strangers, too",
       {{.station = "meet/lunch", .who = "#aa", .kiosk = 0, .after_s = 10, .unconfirmed = true},
        {.station = "meet/lunch", .who = "", .kiosk = 0, .after_s = 11, .unconfirmed = true},
        {.station = "meet/lunch", .who = "", .kiosk = 0, .after_s = 12}},
       "counts>closed counts>closed counts",
       "counts counts counts"},
      {"too many",
       {{.station = "meet/lunch", .who = "1", .kiosk = 0, .after_s = -10, .unconfirmed = true},
        {.station = "meet/lunch", .who = "2", .kiosk = 1, .after_s = -9, .unconfirmed = true},
        {.station = "meet/lunch", .who = "4", .kiosk = 1, .after_s = -8, .unconfirmed = true}},
       "counts counts counts>full",
       "counts counts counts"},
      {"a step that was taken elsewhere",
       {{.station = "meet/door", .who = "1", .kiosk = 0, .after_s = 1},
        {.station = "meet/talk", .who = "1", .kiosk = 1, .after_s = 2, .unconfirmed = true},
        {.station = "meet/talk", .who = "2", .kiosk = 1, .after_s = 3, .unconfirmed = true}},
       "counts counts counts>missing_step",
       "counts counts counts"},
  };
  struct room *r = *state;
  make_catalog();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct kiosk k[2];
    kiosk_make(&k[0], "door-1"), kiosk_make(&k[1], "door-2");
    for (int n = 0; n < 4 && rows[i].came[n].station; n++) come(k, &rows[i].came[n]);
    r->texts = 0;
    room_export(r, &k[0], 1), room_export(r, &k[1], 1);
    for (int with = 0; with < 2; with++) {
      r->rules = with ? (struct merge_rules){.catalog = &catalog, .attendee = attendee} : (struct merge_rules){.catalog = NULL};
      room_same(r, "01", "10");
      const char *found = room_ask(r, "SELECT ruling || coalesce('>' || again, '') FROM record ORDER BY time_ms, n");
      if (strcmp(found, with ? rows[i].rulings : rows[i].without_rules)) print_error("%s:\n", rows[i].of);
      assert_string_equal(found, with ? rows[i].rulings : rows[i].without_rules);
    }
    free(r->text[0]), free(r->text[1]);
    r->texts = 0;
    kiosk_done(&k[0]), kiosk_done(&k[1]);
  }
}

/* --- whose code it was --- */

static bool holder(void *self, const char *event, const char *code, char number[ID_MAX]) {
  (void)self;
  if (strcmp(event, "meet") != 0 || strcmp(code, "cc") != 0) return false;
  strcpy(number, "5");
  return true;
}

static void show(struct kiosk *k, const char *who, const char *code, enum verdict_kind verdict, int64_t after_s) {
  struct checkin c = scan(who, 1, at(noon + after_s * 1000, after_s * 1000, true));
  strcpy(c.code, code);
  c.verdict = verdict;
  append(k, &c);
}

/* Walk-ins by a code that a later pack, or the roster, knows are that person, and have come once. */
static void test_known_code(void **state) {
  struct room *r = *state;
  struct kiosk a, b;
  kiosk_make(&a, "door-1"), kiosk_make(&b, "door-2");
  show(&a, "", "aa", VERDICT_ADMIT, 1), show(&a, "", "bb", VERDICT_ADMIT, 2), show(&a, "", "cc", VERDICT_ADMIT, 3);
  show(&a, "", "dd", VERDICT_ADMIT, 4);
  show(&b, "7", "aa", VERDICT_ADMIT, 10); /* let in once more by a kiosk that didn't know */
  show(&b, "8", "bb", VERDICT_CLOSED, 11);
  show(&b, "8", "dd", VERDICT_CLOSED, 12), show(&b, "9", "dd", VERDICT_CLOSED, 13); /* one of the two is wrong */
  struct checkin other = scan("6", 1, at(noon + 14000, 14000, true));               /* each event has hashes of its own */
  strcpy(other.code, "dd"), strcpy(other.event, "elsewhere");
  append(&b, &other);
  room_export(r, &a, 1), room_export(r, &b, 1);
  static const char sql[] = "SELECT who, ruling FROM record WHERE ruling IS NOT NULL AND event = 'meet' ORDER BY time_ms";
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, sql), "7|counts 8|counts #cc|counts #dd|counts 7|conflict");
  make_catalog();
  r->rules = (struct merge_rules){.catalog = &catalog, .attendee = attendee, .holder = holder};
  room_same(r, "01", "10");
  assert_string_equal(room_ask(r, sql), "7|counts 8|counts 5|counts #dd|counts 7|conflict");
  assert_string_equal(room_ask(r, "SELECT DISTINCT attendee FROM record WHERE code = 'cc'"),
                      "-"); /* the line stays as it was written */
  kiosk_done(&a), kiosk_done(&b);
}

static void test_undo_and_correct(void **state) {
  struct room *r = *state;
  struct kiosk a, b;
  kiosk_make(&a, "door-1"), kiosk_make(&b, "door-2");
  struct checkin first = scan("1", 1, at(noon, 0, true)), walkin = scan("", 1, at(noon, 1, true));
  append(&a, &first), append(&a, &walkin);
  admit(&b, "1", 1, at(noon + 1000, 1000, true)); /* counts, as door-1's was undone, by door-2 */
  struct checkin undo = {.kind = RECORD_UNDO, .event = "meet", .at = at(noon + 2000, 2000, true), .view_age_s = -1};
  memcpy(undo.ref, first.id, sizeof undo.ref);
  append(&b, &undo);
  struct checkin correct = {
      .kind = RECORD_CORRECT, .attendee = "2", .count = 4, .at = at(noon + 3000, 3000, true), .view_age_s = -1};
  memcpy(correct.ref, walkin.id, sizeof correct.ref);
  append(&b, &correct);
  room_export(r, &a, 1), room_export(r, &b, 1);
  room_same(r, "01", "10");
  assert_string_equal(
      room_ask(r, "SELECT kiosk, who, ruling, people FROM record WHERE kind = 'scan' ORDER BY time_ms, kiosk, seq"),
      "door-1|1|undone|1 door-1|2|counts|4 door-2|1|counts|1");
  assert_int_equal(r->counts.people, 5);
  kiosk_done(&a), kiosk_done(&b);
}

static struct checkin amend(struct kiosk *k, enum record_kind kind, const struct checkin *of, const char *who, int minute) {
  struct checkin c = {.kind = kind, .event = "meet", .at = at(noon + minute * 60000, minute * 60000, true), .view_age_s = -1};
  memcpy(c.ref, of->id, sizeof c.ref);
  if (kind == RECORD_CORRECT) strcpy(c.attendee, who), c.count = 3;
  append(k, &c);
  return c;
}

static bool is_first_kiosk(void *self, const uint8_t key[32]) { return !memcmp(self, key, 32); }

/* door-2 is nobody's: what it takes back or corrects of door-1's has no effect, of its own it has. */
static void test_strangers(void **state) {
  static const struct {
    bool enrolled; /* some kiosk is */
    const char *said, *ruled;
    int conflicts, people;
  } rows[] = {{false, "1|undone|1 9|counts|3 3|undone|1 4|undone|1 5|counts|3",
               "undo|-|-|- correct|-|-|- undo|-|-|- undo|-|-|- correct|-|-|-", 0, 6},
              {true, "1|counts|1 2|counts|1 3|undone|1 4|undone|1 5|counts|3",
               "undo|undo_refused|1|1 correct|correct_refused|2|2 undo|undo_refused||- undo|-|-|- correct|-|-|-", 3, 5}};
  struct room *r = *state;
  struct kiosk a, b;
  struct checkin theirs[4], own[2];
  kiosk_make(&a, "door-1"), kiosk_make(&b, "door-2");
  for (int i = 0; i < 3; i++) {
    static const char *const number[] = {"1", "2", "3"};
    theirs[i] = scan(number[i], 1, at(noon + i * 1000, i * 1000, true));
    append(&a, &theirs[i]);
  }
  theirs[3] = amend(&a, RECORD_UNDO, &theirs[2], "", 1);
  own[0] = scan("4", 1, at(noon + 5000, 5000, true)), own[1] = scan("5", 1, at(noon + 6000, 6000, true));
  append(&b, &own[0]), append(&b, &own[1]);
  amend(&b, RECORD_UNDO, &theirs[0], "", 2), amend(&b, RECORD_CORRECT, &theirs[1], "9", 3);
  amend(&b, RECORD_UNDO, &theirs[3], "", 4), amend(&b, RECORD_UNDO, &own[0], "", 5);
  amend(&b, RECORD_CORRECT, &own[1], "", 6);
  room_export(r, &a, 1), room_export(r, &b, 1);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    r->rules = (struct merge_rules){.self = a.identity.public_key, .enrolled = rows[i].enrolled ? is_first_kiosk : NULL};
    room_same(r, "01", "110");
    assert_string_equal(room_ask(r, "SELECT who, ruling, people FROM record WHERE kind = 'scan' ORDER BY time_ms"),
                        rows[i].said);
    assert_string_equal(room_ask(r,
                                 "SELECT r.kind, r.ruling, r.who, f.attendee FROM record r LEFT JOIN record f ON f.n = r.first "
                                 "WHERE r.kiosk = 'door-2' AND r.kind <> 'scan' ORDER BY r.time_ms"),
                        rows[i].ruled);
    assert_int_equal(r->counts.conflicts, rows[i].conflicts);
    assert_int_equal(r->counts.people, rows[i].people);
  }
  kiosk_done(&a), kiosk_done(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_notes),
      cmocka_unit_test(test_boots),
      cmocka_unit_test(test_jump),
      IN_ROOM(test_first_by_true_time),
      IN_ROOM(test_time_beside_the_clock),
      IN_ROOM(test_time_taken_back),
      IN_ROOM(test_rules),
      IN_ROOM(test_known_code),
      IN_ROOM(test_undo_and_correct),
      IN_ROOM(test_strangers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
