/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/console_steps.h"

#include <stdio.h>
#include <string.h>

struct staff_request *step_ask(struct console *c, enum staff_kind kind) {
  c->act = (struct staff_request){.kind = kind, .session = c->who.session, .serial = ++c->serial};
  c->act_serial = c->serial;
  c->acts = true;
  c->said[0] = '\0';
  return &c->act;
}

void step_ask_text(struct console *c, enum staff_kind kind, const char *text) {
  struct staff_request *r = step_ask(c, kind);
  snprintf(r->text, sizeof r->text, "%s", text);
}

void step_say(struct console *c, bool good, const char *key, const char *with) {
  snprintf(c->said, sizeof c->said, "%s", key);
  snprintf(c->said_with, sizeof c->said_with, "%s", with);
  c->said_good = good;
}

/* --- people --- */

static void ask_theirs(struct console *c) {
  c->theirs.count = 0;
  c->want_theirs = c->person.number[0] != '\0';
}

void show_person(struct console *c, int i) {
  c->person = c->found.person[i];
  ask_theirs(c);
  c->may_override = false;
  open_sheet(c, SHEET_PERSON);
}

/* What a record tells of a person; desk knows the rest. */
void show_recorded(struct console *c, int i) {
  const struct staff_record *r = &c->recent.record[i];
  const bool in = r->verdict == VERDICT_ADMIT && !r->undone;
  if (r->number[0] == '\0' && !in) return;
  c->record = *r;
  c->person = (struct staff_person){.event = r->event, .type = -1, .confirmed = true, .party = 1, .inside = in ? r->count : 0};
  snprintf(c->person.number, sizeof c->person.number, "%s", r->number);
  snprintf(c->person.name, sizeof c->person.name, "%s", r->name);
  if (in) c->person.since_ms = r->at.wall_ms;
  c->may_override = false;
  ask_theirs(c);
  open_sheet(c, r->number[0] != '\0' ? SHEET_PERSON : SHEET_NAME); /* who was only counted can be named */
}

void step_admit(struct console *c, int count, bool override) {
  struct staff_request *r = step_ask(c, STAFF_ADMIT);
  snprintf(r->number, sizeof r->number, "%s", c->person.number);
  r->event = c->person.event;
  r->count = count;
  r->override = override;
}

void step_admit_shown(struct console *c, const struct view *v) {
  (void)v;
  if (c->person.inside < c->person.party) step_admit(c, 0, false);
}

/* From the list at once; only what a rule refuses opens the person. */
void step_admit_row(struct console *c, int i) {
  c->person = c->found.person[i];
  ask_theirs(c);
  step_admit(c, 0, false);
}

static bool is_persons(const struct staff_record *r, const struct staff_person *p) {
  return r->verdict == VERDICT_ADMIT && !r->undone && r->event == p->event && strcmp(r->number, p->number) == 0;
}

const struct staff_record *console_record_of(const struct console *c, const struct staff_person *p) {
  if (p->number[0] == '\0') return NULL;
  for (int i = 0; i < c->theirs.count; i++)
    if (is_persons(&c->theirs.record[i], p)) return &c->theirs.record[i];
  return NULL;
}

void step_ask_undo(struct console *c, int i) {
  const struct staff_record *record = i < 0 ? console_record_of(c, &c->person) : &c->recent.record[i];
  if (record == NULL || i >= c->recent.count) return;
  c->record = *record;
  open_sheet(c, SHEET_UNDO);
}

void step_undo(struct console *c, const struct view *v) {
  (void)v;
  if (c->field[0] == '\0') return;
  step_ask_text(c, STAFF_UNDO, c->field);
  memcpy(c->act.ref, c->record.id, sizeof c->act.ref);
}

void step_name(struct console *c, const struct view *v) {
  (void)v;
  if (c->field[0] == '\0') return;
  step_ask_text(c, STAFF_CORRECT, c->field);
  snprintf(c->act.number, sizeof c->act.number, "%s", c->person.number);
  c->act.event = c->person.event;
  if (c->person.number[0] == '\0') memcpy(c->act.ref, c->record.id, sizeof c->act.ref);
}

/* Whoever wasn't found under that name need not be typed again. */
void step_begin_walkin(struct console *c) {
  const bool name = c->tab == TAB_SEARCH && (unsigned char)c->query[0] >= 0x80;
  open_sheet(c, SHEET_WALKIN);
  c->may_override = false;
  if (name) snprintf(c->field, sizeof c->field, "%s", c->query);
}

void step_walkin(struct console *c, const struct view *v) {
  (void)v;
  step_ask_text(c, STAFF_WALKIN, c->field);
  c->act.override = c->may_override;
}
