/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/console.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/action.h"
#include "ui/console_steps.h"
#include "ui/volume.h"

const struct sheet_kind sheet_kinds[SHEET_COUNT] = {
    [SHEET_UNDO] = {.types = true, .enter = step_undo},
    [SHEET_PERSON] = {.enter = step_admit_shown},
    [SHEET_NAME] = {.types = true, .capital = true, .enter = step_name},
    [SHEET_WALKIN] = {.types = true, .capital = true, .enter = step_walkin},
    [SHEET_OPENING] = {.enter = step_opening},
    [SHEET_PASS] = {.types = true, .enter = step_pass},
    [SHEET_HANDOVER] = {.types = true, .enter = step_handover},
    [SHEET_CLOCK] = {.types = true, .digits = true, .enter = step_clock},
    [SHEET_WITHDRAW] = {.types = true, .capital = true, .lead = true, .enter = step_withdraw},
    [SHEET_EXPORT] = {.lead = true, .enter = step_export},
    [SHEET_PHONE] = {.enter = step_grant},
    [SHEET_HUB] = {.lead = true, .enter = step_hub},
    [SHEET_SHUTDOWN] = {.lead = true}, /* no key that somebody leans on */
    [SHEET_PIN] = {.types = true, .digits = true, .enter = step_pin},
    [SHEET_MEETUP] = {.types = true},
};

void console_init(struct console *c, const struct strings *strings, enum lang lang) {
  memset(c, 0, sizeof *c);
  c->strings = strings;
  c->selected = -1;
  c->kept = (struct console_kept){.lang = lang, .station = -1};
}

void console_close(struct console *c) {
  const struct console_kept kept = c->kept;
  const struct strings *strings = c->strings;
  explicit_bzero(c, sizeof *c);
  c->strings = strings;
  c->selected = -1;
  c->kept = kept;
}

bool console_lead(const struct console *c) { return c->who.lead; }
bool console_types(const struct console *c) {
  return c->sheet == SHEET_NONE ? c->tab == TAB_SEARCH : sheet_kinds[c->sheet].types;
}

void console_open(struct console *c, const struct view *v, const struct notice_operator *who) {
  console_close(c);
  c->kept.volume = v->volume;
  c->locked = who == NULL;
  if (c->locked) {
    open_sheet(c, SHEET_PIN);
    return;
  }
  c->who = *who;
  c->want = 1u << STAFF_RECENT;
  if (v->desk_known && !v->desk.opened) open_sheet(c, SHEET_OPENING);
}

void console_open_meetup(struct console *c) {
  console_close(c);
  c->locked = true;
  open_sheet(c, SHEET_MEETUP);
}

void open_sheet(struct console *c, enum console_sheet sheet) {
  const bool stays = c->sheet == SHEET_PERSON || c->sheet == SHEET_OPENING;
  c->below = stays ? c->sheet : SHEET_NONE;
  c->sheet = sheet;
  c->field[0] = c->said[0] = '\0';
  c->page = 0;
  c->selected = -1;
  c->keys = sheet_kinds[sheet].digits ? KEYS_DIGITS : KEYS_LETTERS;
}

void leave_sheet(struct console *c) {
  if (c->locked) {
    c->closes = true;
    return;
  }
  c->sheet = c->below;
  c->below = SHEET_NONE;
  c->field[0] = c->said[0] = '\0';
  c->act_serial = 0; /* whoever leaves doesn't wait any longer */
  c->keys = KEYS_LETTERS;
  c->page = 0;
  c->selected = -1;
}

static void turn_to(struct console *c, enum console_tab tab) {
  if (c->locked) return;
  while (c->sheet != SHEET_NONE) leave_sheet(c);
  c->tab = tab;
  c->page = 0;
  c->selected = -1;
  c->before = 0;
  if (tab == TAB_RECENT) c->want |= 1u << STAFF_RECENT;
  if (tab == TAB_TODAY) c->want |= 1u << STAFF_TODAY;
}

/* --- what is typed --- */

static void changed(struct console *c) {
  c->said[0] = '\0';
  if (c->sheet != SHEET_NONE) return;
  c->page = 0;
  c->selected = -1;
  c->enter_waits = false;
  if (c->query[0] == '\0') {
    c->found.count = 0;
    c->found.more = 0;
    c->search_serial = 0;
    c->want &= ~(1u << STAFF_SEARCH);
  } else
    c->want |= 1u << STAFF_SEARCH;
}

static char *typed(struct console *c) { return c->sheet == SHEET_NONE ? c->query : c->field; }

static void backspace(struct console *c) {
  char *text = typed(c);
  size_t len = strlen(text);
  if (len == 0) return;
  text[utf8_cut(text, len, len - 1)] = '\0';
  changed(c);
}

void console_untype(struct console *c, int characters) {
  if (!console_types(c)) return;
  while (characters-- > 0) backspace(c);
}

/* Whoever types means the search, unless something else asks for words. */
void console_text(struct console *c, const struct view *v, const char *utf8) {
  (void)v;
  if (!console_types(c)) {
    if (c->locked || c->who.pin) return;
    turn_to(c, TAB_SEARCH);
  }
  char *text = typed(c);
  size_t len = strlen(text), more = strlen(utf8);
  if (!utf8_valid(utf8, more) || (unsigned char)utf8[0] < ' ' || len + more >= TEXT_MAX) return;
  if (len == 0 && utf8[0] == ' ') return;
  memcpy(text + len, utf8, more + 1);
  changed(c);
}

static bool capital(const struct console *c) {
  const size_t len = strlen(c->field);
  return c->sheet != SHEET_NONE && sheet_kinds[c->sheet].capital && (len == 0 || c->field[len - 1] == ' ');
}

static void screen_key(struct console *c, const struct view *v, int key) {
  char text[2] = {(char)key};
  switch (key) {
  case KEY_BACKSPACE: backspace(c); return;
  case KEY_TURN: c->keys = c->keys == KEYS_LETTERS ? KEYS_DIGITS : KEYS_LETTERS; return;
  case KEY_CLEAR:
    typed(c)[0] = '\0';
    changed(c);
    return;
  default:
    if (key >= 'a' && key <= 'z' && capital(c)) text[0] = (char)(key - 'a' + 'A');
    console_text(c, v, text);
  }
}

/* --- keys --- */

/* How many can be walked through. */
static int list_count(const struct console *c) {
  if (c->sheet != SHEET_NONE) return 0;
  return c->tab == TAB_SEARCH ? c->found.count : c->tab == TAB_RECENT ? c->recent.count : 0;
}

static void walk(struct console *c, int by) {
  const int count = list_count(c), to = c->selected + by;
  if (count > 0) c->selected = to < 0 ? 0 : to >= count ? count - 1 : to;
}

/* On the search: who is alone, or was chosen, is checked in by the first or the second Enter; nobody by mistake. */
static void enter_search(struct console *c) {
  const bool known = c->found.serial == c->search_serial && c->found.more >= 0 && (c->want & (1u << STAFF_SEARCH)) == 0;
  if (c->query[0] == '\0') return;
  c->enter_waits = !known;
  if (!known || c->found.count == 0) return;
  const bool alone = c->found.count == 1 && c->found.more == 0;
  show_person(c, c->selected < 0 ? 0 : c->selected);
  if (alone && c->person.inside == 0 && c->person.confirmed) step_admit_shown(c, NULL);
}

static void enter(struct console *c, const struct view *v) {
  if (c->sheet != SHEET_NONE) {
    if (sheet_kinds[c->sheet].enter != NULL && c->act_serial == 0) sheet_kinds[c->sheet].enter(c, v);
  } else if (c->tab == TAB_SEARCH)
    enter_search(c);
  else if (c->tab == TAB_RECENT && c->selected >= 0)
    show_recorded(c, c->selected);
}

static void escape(struct console *c) {
  if (c->sheet != SHEET_NONE)
    leave_sheet(c);
  else if (c->tab == TAB_SEARCH && c->query[0] != '\0') {
    c->query[0] = '\0';
    changed(c);
  } else
    c->closes = true;
}

void console_key(struct console *c, const struct view *v, enum console_key key) {
  c->keys_hidden = true;
  switch (key) {
  case CONSOLE_ENTER: enter(c, v); break;
  case CONSOLE_ESCAPE: escape(c); break;
  case CONSOLE_BACKSPACE:
    if (console_types(c)) backspace(c);
    break;
  case CONSOLE_NEXT: walk(c, 1); break;
  case CONSOLE_PREVIOUS: walk(c, -1); break;
  case CONSOLE_TAB_KEY: turn_to(c, (enum console_tab)((c->tab + 1) % TAB_COUNT)); break;
  }
}

/* --- taps --- */

static void set(struct console *c, int setting, int by) {
  struct console_kept *k = &c->kept;
  if (setting == SETTING_MIRROR) k->mirror_off = !k->mirror_off;
  if (setting == SETTING_LANG) k->lang = (enum lang)((k->lang + 1) % LANG_COUNT);
  if (setting == SETTING_VOLUME && k->volume + by >= 0 && k->volume + by <= VOLUME_MOST) k->volume += by;
}

static void tap_list(struct console *c, const struct view *v, int action, int i) {
  if (c->sheet == SHEET_STATION || c->sheet == SHEET_GROUP) {
    step_choose(c, v, i);
    return;
  }
  const bool recent = c->tab == TAB_RECENT, known = i >= 0 && i < (recent ? c->recent.count : c->found.count);
  if (!known) return;
  if (action == ACTION_ROW && recent) show_recorded(c, i);
  if (action == ACTION_ROW && !recent) show_person(c, i);
  if (action == ACTION_ROW_ADMIT && !recent && !console_waits(c, action)) step_admit_row(c, i);
}

bool console_waits(const struct console *c, int action) {
  switch (action) {
  case ACTION_DO:
  case ACTION_DO_ONE:
  case ACTION_DO_ANYWAY:
  case ACTION_UNDO:
  case ACTION_REASON:
  case ACTION_NAME:
  case ACTION_CHOOSE:
  case ACTION_ROW_ADMIT: return c->act_serial != 0;
  default: return false;
  }
}

/* A sheet's own buttons. */
static void tap_sheet(struct console *c, const struct view *v, int action, int arg) {
  if (console_waits(c, action)) return;
  switch (action) {
  case ACTION_DO:
    if (c->sheet == SHEET_SHUTDOWN)
      step_shutdown(c, v);
    else if (sheet_kinds[c->sheet].enter != NULL)
      sheet_kinds[c->sheet].enter(c, v);
    break;
  case ACTION_DO_ONE: step_admit(c, 1, c->person.inside >= c->person.party); break;
  case ACTION_DO_ANYWAY: step_admit(c, c->person.inside >= c->person.party ? 1 : 0, true); break;
  case ACTION_UNDO: step_ask_undo(c, arg); break;
  case ACTION_REASON: step_reason(c, v, arg); break;
  case ACTION_NAME: open_sheet(c, SHEET_NAME); break;
  case ACTION_CHOOSE: step_choose(c, v, arg); break;
  default: break;
  }
}

static void tap_sheet_or_check(struct console *c, const struct view *v, int action, int arg) {
  if (action != ACTION_STEP || c->sheet != SHEET_OPENING) {
    tap_sheet(c, v, action, arg);
    return;
  }
  if (arg == CHECK_CLOCK) c->clock_yes = true;
  if (arg == CHECK_SOUND) c->heard = true;
}

static void ask_sticks(struct console *c, const struct view *v) {
  c->sticks_known = v->desk.stick_changes;
  c->want |= 1u << STAFF_STICKS;
}

void console_tap(struct console *c, const struct view *v, int action, int arg) {
  switch (action) {
  case ACTION_CLOSE: c->closes = true; break;
  case ACTION_TAB: turn_to(c, (enum console_tab)arg); break;
  case ACTION_KEY: screen_key(c, v, arg); break;
  case ACTION_FIELD: c->keys_hidden = !c->keys_hidden; break;
  case ACTION_ROW:
  case ACTION_ROW_ADMIT: tap_list(c, v, action, arg); break;
  case ACTION_PAGE:
    c->page = arg;
    c->selected = -1;
    break;
  case ACTION_BACK: leave_sheet(c); break;
  case ACTION_WALKIN: step_begin_walkin(c); break;
  case ACTION_SET: set(c, arg, 1); break;
  case ACTION_SET_LESS: set(c, arg, -1); break;
  case ACTION_SHEET:
    if (!sheet_kinds[arg].lead || c->who.lead) open_sheet(c, (enum console_sheet)arg);
    if (arg == SHEET_CLOCK) write_clock(c, v);
    if (arg == SHEET_EXPORT) c->sticks.count = 0, ask_sticks(c, v); /* what was there the last time isn't offered */
    if (arg == SHEET_PHONE) step_grant(c, v);
    if (arg == SHEET_WITHDRAW && c->who.lead) c->want |= 1u << STAFF_WITHDRAWN;
    break;
  case ACTION_OLDER:
    c->before = arg != 0 ? c->recent.older : 0;
    c->page = 0;
    c->selected = -1;
    c->want |= 1u << STAFF_RECENT;
    break;
  default: tap_sheet_or_check(c, v, action, arg); break;
  }
}

/* --- what desk is asked, and answers --- */

bool console_request(struct console *c, struct staff_request *out) {
  static const enum staff_kind reads[] = {STAFF_SEARCH, STAFF_RECENT, STAFF_TODAY, STAFF_STICKS, STAFF_PHONES, STAFF_WITHDRAWN};
  if (c->acts) {
    *out = c->act;
    c->acts = false;
    return true;
  }
  if (c->want_theirs) {
    *out = (struct staff_request){
        .kind = STAFF_RECENT, .session = c->who.session, .serial = ++c->serial, .event = c->person.event};
    memcpy(out->number, c->person.number, sizeof out->number);
    c->theirs_serial = c->serial;
    c->want_theirs = false;
    return true;
  }
  for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
    if ((c->want & (1u << reads[i])) == 0) continue;
    c->want &= ~(1u << reads[i]);
    *out = (struct staff_request){.kind = reads[i], .session = c->who.session, .serial = ++c->serial};
    if (reads[i] == STAFF_SEARCH) {
      snprintf(out->text, sizeof out->text, "%s", c->query);
      c->search_serial = c->serial;
    }
    if (reads[i] == STAFF_RECENT) out->before = c->before;
    return true;
  }
  return false;
}

static void take_found(struct console *c, const struct staff_answer *a) {
  if (a->serial != c->search_serial || c->query[0] == '\0') return;
  c->found = *a;
  if (c->enter_waits && c->sheet == SHEET_NONE && c->tab == TAB_SEARCH) enter_search(c);
}

void console_answer(struct console *c, const struct view *v, const struct staff_answer *a) {
  (void)v;
  if (a->session != c->who.session) return; /* somebody else's */
  switch (a->kind) {
  case STAFF_SEARCH: take_found(c, a); return;
  case STAFF_RECENT:
    if (a->result == STAFF_DONE) *(a->serial == c->theirs_serial ? &c->theirs : &c->recent) = *a;
    return;
  case STAFF_TODAY:
    if (a->result == STAFF_DONE) c->today = *a;
    return;
  case STAFF_STICKS: c->sticks = *a; return;
  case STAFF_PHONES: take_phones(c, a); return;
  case STAFF_WITHDRAWN: c->cards = *a; return;
  default:
    if (a->serial != c->act_serial || c->act_serial == 0) return;
    c->act_serial = 0;
    take_done(c, a);
  }
}

void console_tend(struct console *c, const struct view *v) {
  tend_phones(c, v);
  if (c->sheet == SHEET_EXPORT && v->desk.stick_changes != c->sticks_known && c->act_serial == 0) ask_sticks(c, v);
}

void console_noticed(struct console *c) {
  if (c->locked) return;
  if (c->tab == TAB_RECENT) c->want |= 1u << STAFF_RECENT;
  if (c->tab == TAB_TODAY) c->want |= 1u << STAFF_TODAY;
}
