/* SPDX-License-Identifier: Apache-2.0
 * Volunteers' phones on the console: the code that signs one in, what its browser will show of the certificate, and who is
 * signed in.
 */
#include <stdio.h>
#include <string.h>

#include <SDL_stdinc.h>

#include "ui/console_draw.h"
#include "ui/console_steps.h"
#include "ui/qr.h"

/* --- steps --- */

void step_grant(struct console *c, const struct view *v) {
  c->phones.token[0] = '\0';
  if (v->monitor.state == MONITOR_GOOD) step_ask(c, STAFF_GRANT);
}

void step_revoke(struct console *c, int i) {
  if (i >= c->phones.count) return;
  step_ask(c, STAFF_REVOKE)->count = i < 0 ? 0 : (int32_t)c->phones.phone[i].session;
}

/* A list has no token: the one that is shown stays while it is good. */
void take_phones(struct console *c, const struct staff_answer *a) {
  char token[PHONE_TOKEN];
  memcpy(token, c->phones.token, sizeof token);
  c->phones = *a;
  if (a->kind != STAFF_GRANT && a->wait_ms > 0) memcpy(c->phones.token, token, sizeof token);
  explicit_bzero(token, sizeof token);
  c->phones_known = a->count;
}

/* Somebody signed in, or out: the list, and no code that is used up. */
void tend_phones(struct console *c, const struct view *v) {
  if (c->sheet != SHEET_PHONE || v->desk.phones == c->phones_known || c->act_serial != 0) return;
  c->phones_known = v->desk.phones;
  c->want |= 1u << STAFF_PHONES;
}

/* --- drawing --- */

static void line(const struct pen *p, struct box *box, const char *text, enum style style, double h) {
  pen_text(p, cut_top(p, box, h), text, style);
}

static void words(const struct pen *p, struct box *box, const char *key, enum style style, double h) {
  char text[TEXT_MAX];
  WORDS(p, text, key);
  line(p, box, text, style, h);
}

/* As browsers show it: pairs, eight in a line. */
static void fingerprint(const struct pen *p, struct box *box) {
  const uint8_t *f = p->v->monitor.fingerprint;
  char text[32];
  words(p, box, "phone.fingerprint", STYLE_SMALL, 3);
  for (int row = 0; row < 4; row++, f += 8) {
    snprintf(text, sizeof text, "%02X %02X %02X %02X %02X %02X %02X %02X", f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]);
    line(p, box, text, STYLE_LABEL, 3);
  }
}

static void code(const struct pen *p, struct box box) {
  static struct qr qr; /* large */
  char text[200];
  const struct staff_answer *a = &p->c->phones;
  if (a->token[0] == '\0') {
    pen_card(p, box);
    WORDS(p, text, p->c->act_serial != 0 ? "said.working" : "phone.used");
    pen_text(p, inset(p, box, 2), text, STYLE_SMALL);
    return;
  }
  snprintf(text, sizeof text, "%s/#%s", p->v->monitor.url, a->token);
  if (qr_make(text, &qr)) p->canvas->ops->qr(p->canvas->self, box, &qr);
  explicit_bzero(text, sizeof text);
  explicit_bzero(&qr, sizeof qr);
}

static void phones(const struct pen *p, struct box box) {
  const struct staff_answer *a = &p->c->phones;
  char text[TEXT_MAX], end[64], left[24];
  struct box head = cut_top(p, &box, TOUCH);
  WORDS(p, end, "phone.end_all");
  pen_button(p, cut_right(p, &head, 24), end, a->count > 0 ? BUTTON_CARE : BUTTON_OFF, ACTION_CHOOSE, -1);
  const int rows = (int)((units(p, box.h) + GAP) / (TOUCH + GAP)), each = SDL_max(rows, 1);
  struct box pager = head;
  if (a->count > each) pager = cut_right(p, &head, 30);
  const int page = pen_pager(p, pager, a->count, each);
  WORDS(p, text, a->count > 0 ? "phone.on_duty" : "phone.none");
  pen_text(p, head, text, STYLE_BODY);
  WORDS(p, end, "phone.end");
  for (int i = page * each; i < a->count && i < page * each + rows; i++) {
    struct box row = cut_top(p, &box, TOUCH);
    snprintf(left, sizeof left, "%lld:%02lld", (long long)(a->phone[i].left_ms / 3600000),
             (long long)(a->phone[i].left_ms / 60000 % 60));
    strings_put(p->stage->strings, p->lang, text, sizeof text, "phone.row", a->phone[i].name, left, NULL);
    pen_button(p, cut_right(p, &row, 16), end, BUTTON_PLAIN, ACTION_CHOOSE, i);
    pen_text(p, row, text, STYLE_BODY);
  }
}

static void explain(const struct pen *p, struct box box) {
  const struct monitor_health *m = &p->v->monitor;
  words(p, &box,
        m->state == MONITOR_OFF      ? "phone.off"
        : m->state == MONITOR_COUNTS ? "phone.plain"
                                     : "phone.failed",
        STYLE_BODY, 12);
  if (m->url[0] != '\0') line(p, &box, m->url, STYLE_LABEL, 5);
  if (m->state == MONITOR_FAILED) line(p, &box, m->why, STYLE_SMALL, 10);
}

void draw_phone(const struct pen *p, struct box box) {
  if (p->v->monitor.state != MONITOR_GOOD || p->v->monitor.url[0] == '\0') {
    explain(p, box);
    return;
  }
  char again[64];
  const bool wide = box.w > box.h;
  struct box side = wide ? cut_left(p, &box, SDL_min(units(p, box.h) - TOUCH - GAP, units(p, box.w) * 0.45))
                         : cut_top(p, &box, units(p, box.h) * 0.3);
  struct box button = wide ? cut_bottom(p, &side, TOUCH) : cut_right(p, &side, units(p, side.w) * 0.4);
  if (!wide) button = cut_bottom(p, &button, TOUCH);
  code(p, side);
  WORDS(p, again, p->c->act_serial != 0 ? "said.working" : "phone.again");
  pen_button(p, button, again, BUTTON_PLAIN, ACTION_DO, 0);
  words(p, &box, "phone.steps.1", STYLE_SMALL, 4);
  line(p, &box, p->v->monitor.url, STYLE_BODY, 4);
  words(p, &box, "phone.steps.2", STYLE_SMALL, 4);
  fingerprint(p, &box);
  pen_said(p, cut_bottom(p, &box, 5));
  phones(p, box);
}
