/* SPDX-License-Identifier: Apache-2.0
 * A desk on a pack that was built with operator cards: of the desk, of a lead, one that is withdrawn, one of another
 * organizer; and the console's two mailboxes, with short ways to ask and to look at the answer.
 */
#ifndef YINGBIN_TESTS_DESK_CARDS_H
#define YINGBIN_TESTS_DESK_CARDS_H

#include "core/staff.h"
#include "desk_room.h"
#include "tools/yingbin/build.h"
#include "tools/yingbin/cards.h"

static const char ini[] =
    "[pack]\nname = test\nseal = seal.pub\n[host kcc]\nname.en = KCC\n[host tidb]\nname.en = TiDB\n"
    "[event meet]\ntitle.en = Meet\nstarts = 2023-10-28 09:00\nends = 2023-10-28 18:00\ntz = Asia/Shanghai\n"
    "[type vip]\nlabel.en = VIP\nmatch = vip\n[type day2]\nlabel.en = Day 2\nmatch = day2\nvalid = 2023-10-29\n"
    "[roster kcc.csv]\nevent = meet\nhost = kcc\nstatus.ok = paid\nstatus.no = unpaid\n"
    "[station meet/door]\nkind = entry\nadmits = *\n"
    "[station meet/kit]\nkind = redeem\nadmits = *\nagain = stop\n[station meet/small]\nkind = entry\nadmits = *\ncapacity = "
    "1\n";
static const char people[] = "number,name,organization,type,phone,party,attention,status,code\n"
                             "1,张三,开源社,vip,13800001234,1,,paid,K7M3QX9RTV2BHN4D\n"
                             "2,欧阳晓晴,武当山,vip,13800005678,4,轮椅,paid,K7M3QX9RTV2BHN4E\n"
                             "3,单雄信,瓦岗寨,day2,13800009999,1,,paid,K7M3QX9RTV2BHN4F\n"
                             "4,吕布,,vip,13900001111,1,,unpaid,K7M3QX9RTV2BHN4G\n";

enum { DESK, LEAD, WITHDRAWN, OTHER_DESK, CARDS };
static const struct {
  const char *name, *host;
  bool lead, valid;
} staff[CARDS] = {
    {"小王", "kcc", false, true}, {"组长", "", true, true}, {"旧卡", "", true, false}, {"小李", "kcc", false, true}};

static char payload[CARDS + 1][sizeof((struct card *)0)->payload]; /* the last one: of another organizer */

static struct mailbox requests, answers;
static struct staff_request request_slot[8];
static struct staff_answer answer_slot[2], told; /* told: the last answer */
static uint32_t session;

static inline void make_cards(struct cards *cards) {
  cards->at = calloc(CARDS, sizeof *cards->at);
  assert_non_null(cards->at);
  for (int i = 0; i <= CARDS; i++) {
    struct card card;
    struct operator_card row = {.id = i + 1};
    const int k = i < CARDS ? i : LEAD;
    row.name = staff[k].name, row.host = staff[k].host, row.lead = staff[k].lead, row.valid = staff[k].valid;
    card_operator(row.name, row.lead, row.host, &card, row.key);
    strcpy(payload[i], card.payload);
    if (i < CARDS) cards->at[cards->count++] = row;
  }
}

static inline void build_pack(struct room *r, const char *text) {
  struct folder *f = calloc(1, sizeof *f);
  struct cards cards = {.at = NULL};
  struct minisign_key key;
  struct build b;
  uint32_t number;
  bool locked;
  assert_non_null(f);
  MUST(r, minisign_new(scratch_file(&r->data, "k"), NULL, &r->problem));
  MUST(r, minisign_new(scratch_file(&r->data, "seal"), NULL, &r->problem));
  MUST(r, minisign_read_key(scratch_file(&r->data, "k.key"), NULL, &locked, &key, &r->problem));
  scratch_write(scratch_file(&r->data, "pack.ini"), text, strlen(text));
  scratch_write(scratch_file(&r->data, "kcc.csv"), people, strlen(people));
  make_cards(&cards);
  MUST(r, cards_write(scratch_file(&r->data, "cards.csv"), &cards, &r->problem));
  MUST(r, folder_read(r->data.path, f, &r->problem));
  build_count(f, &b);
  MUST(r, folder_next_build(f, &number, &r->problem));
  MUST(r, build_write(f, scratch_file(&r->data, "test.ybp"), &key, &b, &r->problem));
  folder_free(f);
  free(f);
  cards_free(&cards);
}

/* As the process was started again. */
static inline void open_counter(struct room *r, int16_t station) {
  open_desk(r, station);
  r->desk.staff_requests = &requests;
  r->desk.staff_answers = &answers;
}

static inline int set_up_pack(void **state, const char *text) {
  assert_int_equal(set_up(state), 0);
  struct room *r = *state;
  build_pack(r, text);
  desk_fini(&r->desk, r->now);
  pack_close(r->pack);
  MUST(r, pack_open(scratch_file(&r->data, "test.ybp"), &r->pack, &r->problem));
  mailbox_init(&requests, request_slot, sizeof *request_slot, 8, &r->bell);
  mailbox_init(&answers, answer_slot, sizeof *answer_slot, 2, &r->bell);
  open_counter(r, 0);
  return 0;
}

static inline int set_up_cards(void **state) { return set_up_pack(state, ini); }

static inline int tear_down_cards(void **state) {
  mailbox_fini(&requests);
  mailbox_fini(&answers);
  return tear_down(state);
}

/* The notice of a card or a code shown now, other than of health; false: there was none. */
static inline bool shown(struct room *r, struct mailbox *to, const char *text, enum by by, struct notice *out) {
  bool any = false;
  struct notice n;
  put(r, to, text, strlen(text), by);
  while (desk_step(&r->desk, r->now) <= r->now.mono_ms) {
  }
  for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
    if (n.kind != NOTICE_HEALTH) *out = n, any = true;
  return any;
}

static inline void open_console(struct room *r, int card) {
  struct notice n = {.seq = 0};
  pass(r, 5000);
  assert_true(shown(r, &r->camera, payload[card], BY_CAMERA, &n));
  assert_int_equal(n.kind, NOTICE_CONSOLE);
  session = n.staff.session;
}

/* Asks, and steps until nothing more is due; `told` is the last answer, *out the verdict's notice if there was one. How
 * many answers. */
static inline int ask(struct room *r, struct staff_request request, struct notice *out) {
  struct notice n;
  int count = 0;
  static uint32_t serial;
  if (request.session == 0) request.session = session;
  request.serial = ++serial;
  memset(&told, 0, sizeof told);
  assert_true(mailbox_put(&requests, &request));
  for (bool due = true; due;) {
    due = desk_step(&r->desk, r->now) <= r->now.mono_ms;
    for (; mailbox_front(&answers, &told); mailbox_pop(&answers), count++) {
      assert_int_equal(told.serial, serial);
      assert_int_equal(told.kind, request.kind);
    }
    for (; mailbox_front(&r->notices, &n); mailbox_pop(&r->notices))
      if (n.kind == NOTICE_VERDICT && out) *out = n;
  }
  return count;
}

#define ASK(r, ...) ask(r, (struct staff_request){__VA_ARGS__}, NULL)
#define WITH_CARDS(f) cmocka_unit_test_setup_teardown(f, set_up_cards, tear_down_cards)

#endif
