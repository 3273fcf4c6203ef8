/* SPDX-License-Identifier: Apache-2.0
 * The screen on which a guest without a code types their phone number and says which of the masked names is
 * theirs: what it is in, and how it is drawn. Pure but for what it records while drawing. Ui thread. What was
 * typed is wiped when it closes.
 */
#ifndef YINGBIN_UI_SELF_SCREEN_H
#define YINGBIN_UI_SELF_SCREEN_H

#include "core/self.h"
#include "ui/action.h"
#include "ui/screens.h"

enum self_state {
  SELF_STATE_TYPING,
  SELF_STATE_ASKING,   /* desk looks */
  SELF_STATE_CHOOSING, /* answer.person[]: who are you? */
  SELF_STATE_SAID      /* answer.result: why not */
};

enum {
  ACTION_SELF_KEY = ACTION_GUEST /* arg: a digit, or enum key_code */,
  ACTION_SELF_FIND,
  ACTION_SELF_CHOOSE /* arg: which */,
  ACTION_SELF_BACK
};

struct self_screen {
  bool open;
  enum self_state state;
  char digits[SELF_DIGITS_MOST + 1];
  struct self_answer answer;
};

void self_screen_open(struct self_screen *s);
void self_screen_close(struct self_screen *s); /* wipes it */

/* A key; true: it changed what is typed. After an answer typing begins anew. */
bool self_screen_key(struct self_screen *s, char key);
bool self_screen_ready(const struct self_screen *s); /* as many digits as a number has */

void self_screen_answer(struct self_screen *s, const struct self_answer *answer);

/* 3-4-4 for the numbers of China, as people read them; else in fours. */
void self_screen_group(const char *digits, char *out, size_t size);

void self_screen_draw(const struct stage *stage, struct canvas *canvas, const struct view *view);

#endif
