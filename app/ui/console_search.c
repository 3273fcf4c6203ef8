/* SPDX-License-Identifier: Apache-2.0
 * Finding somebody: what is typed, who fits, and whoever stands there without being on any list.
 */
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#include "ui/console_draw.h"

#define ROW 10.4

enum { NAME_LONG = 36 };

/* "Kaiyuanshe · Speaker · 8842" */
void person_line(const struct pen *p, const struct staff_person *who, char *out, size_t size) {
  char text[TEXT_MAX];
  out[0] = '\0';
  if (who->attention[0] != '\0') {
    WORDS(p, text, "person.attention", pen_care(p, who->attention));
    words_join(out, size, text);
  }
  words_join(out, size, who->organization);
  words_join(out, size, pen_type(p, who->type));
  if (who->phone[0] != '\0') {
    WORDS(p, text, "person.phone", who->phone);
    words_join(out, size, text);
  }
}

/* In since when and where, or what keeps them out. */
void person_state(const struct pen *p, const struct staff_person *who, char *out, size_t size) {
  char clock[64], n[24], all[24], text[TEXT_MAX];
  const bool here = p->event != NULL && who->event == p->v->catalog->station[p->v->station].event;
  snprintf(n, sizeof n, "%d", (int)who->inside);
  snprintf(all, sizeof all, "%d", (int)who->party);
  pen_time(p, who->since_ms, clock, sizeof clock);
  out[0] = '\0';
  if (who->inside > 0) {
    if (who->party > 1)
      WORDS(p, text, "person.in.some", n, all);
    else
      WORDS(p, text, "person.in");
    words_join(out, size, text);
    words_join(out, size, clock);
    words_join(out, size, who->where);
  } else if (!who->confirmed || !here) {
    WORDS(p, text, who->confirmed ? "person.elsewhere" : "record.not_confirmed");
    words_join(out, size, text);
  } else
    strings_put(p->stage->strings, p->lang, out, size, "person.out", NULL);
}

static bool admits_at_once(const struct pen *p, const struct staff_person *who) {
  return who->inside < who->party && who->confirmed && p->event != NULL &&
         who->event == p->v->catalog->station[p->v->station].event;
}

void admit_label(const struct pen *p, const struct staff_person *who, char out[TEXT_MAX]) {
  char n[24];
  const int left = who->party - who->inside;
  snprintf(n, sizeof n, "%d", left);
  strings_put(p->stage->strings, p->lang, out, TEXT_MAX, left > 1 ? "person.admit.some" : "person.admit", n, NULL);
}

static void person_row(const struct pen *p, struct box box, int i) {
  const struct staff_person *who = &p->c->found.person[i];
  char line[ROW_MAX], label[TEXT_MAX];
  if (p->c->selected == i) p->canvas->ops->round(p->canvas->self, box, pixels(p, 1.4), COLOUR_GOOD);
  const struct box card = inset(p, box, p->c->selected == i ? 0.5 : 0);
  pen_card(p, card);
  canvas_hit(p->canvas, box, ACTION_ROW, i);
  struct box in = card;
  const struct box right = cut_right(p, &in, units(p, in.w) > 70 ? 22 : 18);
  in = inset(p, in, 0.8);
  cut_left(p, &in, 0.2);
  person_line(p, who, line, sizeof line);
  struct box name = in;
  const bool is_long = u8_mbsnlen((const uint8_t *)who->name, strlen(who->name)) > NAME_LONG; /* worth the whole row */
  if (line[0] != '\0' && !is_long)
    pen_text_in(p, cut_bottom(p, &name, 3), line, STYLE_SMALL, who->attention[0] != '\0' ? COLOUR_INK : COLOUR_SOFT);
  pen_text(p, name, who->name, STYLE_NAME);
  if (admits_at_once(p, who)) {
    admit_label(p, who, label);
    pen_button_in(p, right, label, BUTTON_MAIN, ACTION_ROW_ADMIT, i);
    return;
  }
  person_state(p, who, line, sizeof line);
  const struct box state = inset(p, right, 1);
  pen_text(p, state, line, STYLE_BODY);
}

static void walkin_row(const struct pen *p, struct box box) {
  char label[TEXT_MAX];
  WORDS(p, label, "walkin.button");
  pen_button(p, box, label, BUTTON_PLAIN, ACTION_WALKIN, 0);
}

/* How many fit, or what can be typed. */
static void found_line(const struct pen *p, struct box box) {
  const struct staff_answer *a = &p->c->found;
  char n[24], line[ROW_MAX], broken[TEXT_MAX];
  snprintf(n, sizeof n, "%lld", (long long)a->count + (a->more > 0 ? a->more : 0));
  const bool waits = p->c->query[0] != '\0' && (a->serial != p->c->search_serial || a->more < 0);
  if (p->c->who.pin)
    WORDS(p, line, "why.no_search");
  else if (p->c->query[0] == '\0')
    WORDS(p, line, "search.empty");
  else if (a->result != STAFF_DONE)
    WORDS(p, line, a->why == STAFF_NO_SEARCH ? "why.no_search" : a->result == STAFF_LOCKED ? "why.locked" : "why.failed");
  else
    WORDS(p, line, waits ? "search.waits" : a->count == 0 ? "search.none" : a->more > 0 ? "search.more" : "search.found", n);
  if (a->broken && p->c->query[0] != '\0') {
    WORDS(p, broken, "search.broken");
    words_join(line, sizeof line, broken);
  }
  pen_text(p, box, line, STYLE_SMALL);
}

/* Down the first column, then the next: so that the arrow keys go on. The walk-in is the last entry. */
static void list(const struct pen *p, struct box box, struct box pager) {
  const int columns = units(p, box.w) >= 100 ? 2 : 1, count = p->c->query[0] != '\0' ? p->c->found.count : 0;
  const int rows = (int)((units(p, box.h) + GAP) / (ROW + GAP)), each = rows * columns, entries = count + 1;
  if (rows < 1) return;
  const int page = pen_pager(p, pager, entries, each);
  for (int k = 0; k < each && page * each + k < entries; k++) {
    const int i = page * each + k;
    const struct box column = part_of(p, box, k / rows, columns, true);
    const int y = column.y + (k % rows) * pixels(p, ROW + GAP);
    const struct box row = {column.x, y, column.w, pixels(p, ROW)};
    if (i < count)
      person_row(p, row, i);
    else
      walkin_row(p, row);
  }
}

void draw_search(const struct pen *p, struct box box) {
  char hint[TEXT_MAX];
  struct box top = cut_top(p, &box, TOUCH);
  const bool wide = units(p, top.w) >= 100;
  const struct box pager = cut_right(p, &top, wide ? 32 : 30);
  WORDS(p, hint, "search.hint");
  pen_field(p, top, p->c->query, hint, false);
  found_line(p, cut_top(p, &box, 3.4));
  list(p, box, pager);
}
