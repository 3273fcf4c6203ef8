/* SPDX-License-Identifier: Apache-2.0
 * One person: who it is, and what can be done for them; a walk-in, a name put right, something taken back.
 */
#include <stdio.h>
#include <string.h>

#include "ui/console_draw.h"

static void facts(const struct pen *p, struct box box) {
  const struct staff_person *who = &p->c->person;
  char line[ROW_MAX] = "", state[ROW_MAX], more[TEXT_MAX], n[24];
  person_line(p, who, line, sizeof line);
  words_join(line, sizeof line, who->title);
  words_join(line, sizeof line, who->seat);
  snprintf(n, sizeof n, "%d", (int)who->party);
  if (who->party > 1) {
    WORDS(p, more, "party", n);
    words_join(line, sizeof line, more);
  }
  if (who->corrected) {
    WORDS(p, more, "person.corrected");
    words_join(line, sizeof line, more);
  }
  person_state(p, who, state, sizeof state);
  struct box light = part_of(p, box, 1, 2, false);
  pen_text(p, part_of(p, box, 0, 2, false), line, STYLE_BODY);
  if (who->inside > 0 || !who->confirmed) pen_light(p, cut_left(p, &light, 3), who->inside > 0); /* to come is neither */
  pen_text(p, light, state, STYLE_BODY);
}

/* Each has its own place, so that a second tap does nothing else than the first: one beside the other, or below one another
 * where it is narrow. */
static struct box button_at(const struct pen *p, struct box box, int i) {
  const bool wide = units(p, box.w) >= 100;
  const struct box row = {box.x, box.y + (wide ? 0 : i) * pixels(p, 12 + GAP), box.w, pixels(p, 12)};
  return wide ? part_of(p, row, i, 4, true) : row;
}

/* A rule says no, and would say so again. */
static bool refused(const struct console *c) { return c->act_serial == 0 && strcmp(c->said, "why.rule") == 0; }

void draw_person(const struct pen *p, struct box box) {
  const struct staff_person *who = &p->c->person;
  const bool all = who->inside >= who->party;
  char label[TEXT_MAX];
  facts(p, cut_top(p, &box, 14));
  struct box said = cut_top(p, &box, TOUCH);
  if (p->c->may_override && p->c->act_serial == 0) {
    WORDS(p, label, "person.anyway");
    pen_button(p, cut_right(p, &said, units(p, box.w) >= 100 ? 36 : 30), label, BUTTON_CARE, ACTION_DO_ANYWAY, 0);
  }
  draw_refusal(p, said);
  if (all)
    WORDS(p, label, "person.in");
  else
    admit_label(p, who, label);
  pen_button(p, button_at(p, box, 0), label, all ? BUTTON_OFF : refused(p->c) ? BUTTON_PLAIN : BUTTON_MAIN, ACTION_DO, 0);
  if (who->inside > 0 || who->party > 1) {
    WORDS(p, label, all ? "person.another" : "person.one");
    pen_button(p, button_at(p, box, 1), label, BUTTON_PLAIN, ACTION_DO_ONE, 0);
  }
  if (who->inside > 0) {
    const bool here = console_record_of(p->c, who) != NULL;
    WORDS(p, label, here ? "person.undo" : "person.undo.not_here");
    pen_button(p, button_at(p, box, 2), label, here ? BUTTON_PLAIN : BUTTON_OFF, ACTION_UNDO, -1);
  }
  WORDS(p, label, "person.name");
  pen_button(p, button_at(p, box, 3), label, BUTTON_PLAIN, ACTION_NAME, 0);
}

/* What the last request came to, and which rule says no. */
void draw_refusal(const struct pen *p, struct box box) {
  const struct verdict *v = &p->c->refused;
  char words[ROW_MAX], lead[TEXT_MAX], clock[64], key[40];
  if (!refused(p->c)) {
    pen_said(p, box);
    return;
  }
  snprintf(key, sizeof key, "record.%s", verdict_name(v->kind));
  const struct box shape = cut_left(p, &box, units(p, box.h));
  WORDS(p, words, key);
  if (v->kind == VERDICT_MISSING_STEP && v->station >= 0)
    words_join(words, sizeof words, words_text(&p->v->catalog->station[v->station].label, p->lang));
  pen_time(p, v->when_ms, clock, sizeof clock);
  words_join(words, sizeof words, clock);
  words_join(words, sizeof words, v->where);
  WORDS(p, lead, "why.for_lead");
  if (p->c->lead_may) words_join(words, sizeof words, lead);
  p->canvas->ops->shape(p->canvas->self, inset(p, shape, 0.6), SHAPE_MARK, COLOUR_CARE);
  pen_text(p, box, words, STYLE_BODY);
}

/* Four that are a tap away, or words of one's own. */
void draw_reasons(const struct pen *p, struct box box, const char *key) {
  const bool wide = units(p, box.w) >= 100;
  for (int i = 0; i < CONSOLE_REASONS; i++) {
    char label[TEXT_MAX], name[40];
    const struct box row = wide ? box : part_of(p, box, i / 2, 2, false);
    snprintf(name, sizeof name, "%s.%d", key, i + 1);
    WORDS(p, label, name);
    pen_button(p, wide ? part_of(p, row, i, CONSOLE_REASONS, true) : part_of(p, row, i % 2, 2, true), label, BUTTON_PLAIN,
               ACTION_REASON, i);
  }
}

double reasons_height(const struct pen *p, struct box box) { return units(p, box.w) >= 100 ? TOUCH : 2 * TOUCH + GAP; }

/* A field, and the button that does it. */
void draw_ask(const struct pen *p, struct box box, const char *hint_key, const char *do_key, bool ready) {
  char hint[TEXT_MAX], label[TEXT_MAX];
  WORDS(p, hint, hint_key);
  WORDS(p, label, do_key);
  pen_button(p, cut_right(p, &box, units(p, box.w) >= 100 ? 30 : 26), label, ready ? BUTTON_MAIN : BUTTON_OFF, ACTION_DO, 0);
  pen_field(p, box, p->c->field, hint, p->c->sheet == SHEET_PIN);
}

void draw_undo(const struct pen *p, struct box box) {
  const struct staff_record *r = &p->c->record;
  char line[ROW_MAX] = "", clock[64], name[TEXT_MAX];
  pen_time(p, r->at.wall_ms, clock, sizeof clock);
  WORDS(p, name, "recent.nameless");
  words_join(line, sizeof line, clock);
  words_join(line, sizeof line, r->name[0] != '\0' ? r->name : p->c->below == SHEET_PERSON ? p->c->person.name : name);
  pen_text(p, cut_top(p, &box, 5), line, STYLE_BODY);
  draw_reasons(p, cut_top(p, &box, reasons_height(p, box)), "undo.reason");
  draw_ask(p, cut_top(p, &box, TOUCH), "undo.hint", "undo.do", p->c->field[0] != '\0');
  pen_said(p, cut_top(p, &box, 8));
}

void draw_name(const struct pen *p, struct box box) {
  pen_text(p, cut_top(p, &box, 6), p->c->person.name, STYLE_BODY);
  draw_ask(p, cut_top(p, &box, TOUCH), "name.hint", "name.do", p->c->field[0] != '\0');
  pen_said(p, cut_top(p, &box, 8));
}

void draw_walkin(const struct pen *p, struct box box) {
  char words[TEXT_MAX];
  draw_ask(p, cut_top(p, &box, TOUCH), "walkin.hint", p->c->may_override ? "person.anyway" : "walkin.do", true);
  draw_refusal(p, cut_top(p, &box, 8));
  WORDS(p, words, "walkin.note");
  pen_text(p, cut_top(p, &box, 8), words, STYLE_SMALL);
}
