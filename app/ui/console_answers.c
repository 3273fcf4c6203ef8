/* SPDX-License-Identifier: Apache-2.0
 * What desk's answers change on the console.
 */
#include <stdio.h>
#include <string.h>

#include "ui/console_steps.h"

/* In place of what the lists showed, until they are asked anew. */
static void take_person(struct console *c, const struct staff_answer *a) {
  if (a->count < 1) return;
  c->person = a->person[0];
  for (int i = 0; i < c->found.count; i++) {
    struct staff_person *p = &c->found.person[i];
    if (p->event == c->person.event && strcmp(p->number, c->person.number) == 0) *p = c->person;
  }
}

static void admitted(struct console *c, const struct staff_answer *a) {
  take_person(c, a);
  c->may_override = false;
  step_say(c, true, "said.admitted", "");
}

static void walked_in(struct console *c, const struct staff_answer *a) {
  step_say(c, a->why == STAFF_NO_REASON, a->why == STAFF_NAME_NOT_KEPT ? "why.name_not_kept" : "said.walkin",
           c->field[0] != '\0' ? c->field : "");
  c->field[0] = '\0';
  c->may_override = false;
}

static void undone(struct console *c) {
  const bool person = c->below == SHEET_PERSON;
  const int count = c->record.count;
  leave_sheet(c);
  if (!person) return;
  c->person.inside = c->person.inside > count ? c->person.inside - count : 0;
  if (c->person.inside == 0) c->person.since_ms = 0;
  step_say(c, true, "said.undone", "");
}

static void renamed(struct console *c, const struct staff_answer *a) {
  leave_sheet(c);
  take_person(c, a);
  step_say(c, a->why == STAFF_NO_REASON, a->why == STAFF_NAME_NOT_KEPT ? "why.name_not_kept" : "said.renamed", "");
}

static void begun(struct console *c, const struct staff_answer *a) {
  (void)a;
  if (c->sheet == SHEET_HANDOVER) {
    c->field[0] = '\0';
    step_say(c, true, "said.handover", "");
    return;
  }
  while (c->sheet != SHEET_NONE) leave_sheet(c);
}

static void exported(struct console *c, const struct staff_answer *a) { step_say(c, true, "said.exported", a->file); }

static void done(struct console *c, const struct staff_answer *a) {
  switch (a->kind) {
  case STAFF_ADMIT: admitted(c, a); break;
  case STAFF_WALKIN: walked_in(c, a); break;
  case STAFF_UNDO: undone(c); break;
  case STAFF_CORRECT: renamed(c, a); break;
  case STAFF_SHIFT: begun(c, a); break;
  case STAFF_STATION:
    c->kept.station = a->index;
    leave_sheet(c);
    break;
  case STAFF_CLOCK:
    leave_sheet(c);
    c->clock_yes = true;
    break;
  case STAFF_WITHDRAW:
    step_say(c, true, c->act.count != 0 ? "said.withdrawn" : "said.valid_again", c->act.text);
    c->field[0] = '\0';
    c->want |= 1u << STAFF_WITHDRAWN;
    break;
  case STAFF_EXPORT: exported(c, a); break;
  case STAFF_GRANT:
  case STAFF_REVOKE: take_phones(c, a); break;
  case STAFF_HUB: step_say(c, true, c->act.count != 0 ? "said.hub_here" : "said.hub_not_here", ""); break;
  case STAFF_SHUTDOWN: step_say(c, true, "said.shutdown", ""); break;
  case STAFF_MEETUP: c->closes = true; break;
  default: break;
  }
  c->want |= 1u << STAFF_RECENT;
  c->want_theirs = c->person.number[0] != '\0';
  if (c->query[0] != '\0') c->want |= 1u << STAFF_SEARCH;
  if (c->tab == TAB_TODAY) c->want |= 1u << STAFF_TODAY;
}

/* The key of its text. */
static void why_of(const struct staff_answer *a, char out[48]) {
  const char *why = a->why != STAFF_NO_REASON ? staff_why_name(a->why) : a->result == STAFF_DENIED ? "denied" : "failed";
  if (a->result == STAFF_LOCKED) why = "locked";
  if (a->why == STAFF_PLACE_FULL)
    strcpy(out, "health.stick.full");
  else if (a->why == STAFF_PLACE_READ_ONLY)
    strcpy(out, "health.stick.read_only");
  else
    snprintf(out, 48, "why.%s", why);
}

void take_done(struct console *c, const struct staff_answer *a) {
  char wait[24] = "", why[48];
  if (a->result == STAFF_DONE) {
    done(c, a);
    return;
  }
  if (a->kind == STAFF_ADMIT && c->sheet == SHEET_NONE) open_sheet(c, SHEET_PERSON);
  if (a->why == STAFF_PIN_WAIT) snprintf(wait, sizeof wait, "%lld", (long long)(a->wait_ms + 999) / 1000);
  why_of(a, why);
  step_say(c, false, why, wait);
  c->may_override = a->may_override;
  c->lead_may = a->lead_may;
  c->refused = a->verdict;
}
