/* SPDX-License-Identifier: Apache-2.0
 * What the screen is, for whoever drives the kiosk from outside (log = debug): where it can be tapped, a line each, then
 * which screen that is. Kinds and numbers alone, no text that was typed or found.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "ui/action.h"
#include "ui/ui_state.h"

static const char *const actions[] = {[ACTION_NONE] = "none",
                                      [ACTION_PRESENCE] = "presence",
                                      [ACTION_HEADS] = "heads",
                                      [ACTION_LANG] = "lang",
                                      [ACTION_NO_CODE] = "no_code",
                                      [ACTION_MEETUP] = "meetup",
                                      [ACTION_CLOSE] = "close",
                                      [ACTION_TAB] = "tab",
                                      [ACTION_KEY] = "key",
                                      [ACTION_FIELD] = "field",
                                      [ACTION_ROW] = "row",
                                      [ACTION_ROW_ADMIT] = "row_admit",
                                      [ACTION_PAGE] = "page",
                                      [ACTION_BACK] = "back",
                                      [ACTION_DO] = "do",
                                      [ACTION_DO_ONE] = "do_one",
                                      [ACTION_DO_ANYWAY] = "do_anyway",
                                      [ACTION_UNDO] = "undo",
                                      [ACTION_NAME] = "name",
                                      [ACTION_WALKIN] = "walkin",
                                      [ACTION_REASON] = "reason",
                                      [ACTION_SET] = "set",
                                      [ACTION_SET_LESS] = "set_less",
                                      [ACTION_STEP] = "step",
                                      [ACTION_CHOOSE] = "choose",
                                      [ACTION_TONE] = "tone",
                                      [ACTION_SHEET] = "sheet",
                                      [ACTION_OLDER] = "older",
                                      [ACTION_SELF_KEY] = "digit",
                                      [ACTION_SELF_FIND] = "find",
                                      [ACTION_SELF_CHOOSE] = "me",
                                      [ACTION_SELF_BACK] = "leave"};
static const char *const selves[] = {[SELF_STATE_TYPING] = "typing",
                                     [SELF_STATE_ASKING] = "asking",
                                     [SELF_STATE_CHOOSING] = "choosing",
                                     [SELF_STATE_SAID] = "said"};
static const char *const tabs[TAB_COUNT] = {[TAB_SEARCH] = "search",
                                            [TAB_RECENT] = "recent",
                                            [TAB_TODAY] = "today",
                                            [TAB_HEALTH] = "health",
                                            [TAB_SETTINGS] = "settings"};
static const char *const sheets[SHEET_COUNT] = {
    [SHEET_NONE] = "none",       [SHEET_PERSON] = "person",   [SHEET_UNDO] = "undo",   [SHEET_NAME] = "name",
    [SHEET_WALKIN] = "walkin",   [SHEET_OPENING] = "opening", [SHEET_PASS] = "pass",   [SHEET_HANDOVER] = "handover",
    [SHEET_STATION] = "station", [SHEET_GROUP] = "group",     [SHEET_CLOCK] = "clock", [SHEET_WITHDRAW] = "withdraw",
    [SHEET_EXPORT] = "export",   [SHEET_PHONE] = "phone",     [SHEET_HUB] = "hub",     [SHEET_SHUTDOWN] = "shutdown",
    [SHEET_PIN] = "pin",         [SHEET_MEETUP] = "meetup"};

static void console_line(const struct console *c, char *out, size_t size) {
  const bool waits = c->query[0] != '\0' && (c->found.serial != c->search_serial || c->found.more < 0);
  const char *said = c->act_serial != 0 ? "working" : c->said[0] != '\0' ? c->said : "nothing";
  snprintf(out, size, "console tab=%s sheet=%s said=%s found=%s%d typed=%d mirror=%s volume=%d", tabs[c->tab], sheets[c->sheet],
           said, waits ? "waits-" : "", c->query[0] != '\0' ? c->found.count : 0,
           c->sheet == SHEET_PIN ? 0 : (int)strlen(c->sheet == SHEET_NONE ? c->query : c->field),
           c->kept.mirror_off ? "off" : "on", c->kept.volume);
}

static uint64_t mix(uint64_t sum, const void *bytes, size_t len) { /* FNV-1a */
  for (const unsigned char *b = bytes; len-- > 0; b++) sum = (sum ^ *b) * UINT64_C(1099511628211);
  return sum;
}

void ui_tell_screen(struct ui *ui) {
  struct ui_state *s = ui->state;
  const struct canvas *canvas = &s->canvas;
  char line[256], number[16];
  if (!log_tells(LOG_LEVEL_DEBUG)) return;
  if (s->view.screen == SCREEN_CONSOLE)
    console_line(&s->console, line, sizeof line);
  else if (s->view.screen == SCREEN_SELF)
    snprintf(line, sizeof line, "self %s typed=%d", selves[s->self.state], (int)strlen(s->self.digits));
  else
    snprintf(line, sizeof line, "%s", screen_name(&s->view));
  const uint64_t told =
      mix(mix(UINT64_C(14695981039346656037), line, strlen(line)), canvas->hit, (size_t)canvas->hits * sizeof *canvas->hit);
  if (told == s->told) return;
  s->told = told;
  for (int i = 0; i < canvas->hits; i++) {
    const struct hit *h = &canvas->hit[i];
    const bool named = h->action >= 0 && (size_t)h->action < sizeof actions / sizeof *actions && actions[h->action];
    snprintf(number, sizeof number, "%d", h->action);
    log_debug("tap %s %d at %d,%d", named ? actions[h->action] : number, h->arg, h->box.x + h->box.w / 2,
              h->box.y + h->box.h / 2);
  }
  log_debug("screen %s", line);
}
