/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/accent.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/plan_inner.h"

/* --- colours --- */

/* Of the theme that the event wishes; the other one takes colours of its own without a word, for no colour suits both. The
 * kiosk's theme does it in the end: here it is only said. Returns what the theme that ships will show. */
static uint32_t tell_fitted(struct plan *p, int line, int theme, uint32_t given, double least) {
  const struct accent_on *on = &accent_usual[theme];
  const uint32_t taken = accent_fit(given, on, least);
  if (given == taken) return taken;
  remarks_say(
      &p->f->warnings, "%1$s 第 %2$d 行：#%3$06X 在%4$s底上对比度只有 %6$.1f（至少要 %7$.1f），屏幕上改用 #%8$06X%5$.0s",
      "%1$s, line %2$d: #%3$06X has a contrast of only %6$.1f on the %5$s ground (%7$.1f is needed); screens take "
      "#%8$06X instead%4$.0s",
      p->s->file, line, given, theme ? "深色" : "浅色", theme ? "dark" : "light", accent_worst(given, on), least, taken);
  return taken;
}

static void event_colours(struct plan *p, const struct section *s, struct event *e) {
  const char *value = settings_value(s, "colours");
  struct list_item item;
  uint32_t colour[2] = {0};
  int n = 0, theme = e->theme == EVENT_THEME_DARK, line = plan_line(s, "colours");
  if (!*value) return;
  for (const char *at = value; n < 2 && list_next(&at, &item); n++)
    form_colour(pool_add(&p->f->texts, item.at, item.len), &colour[n]);
  e->accents = (struct accents){colour[0], colour[1]};
  const uint32_t good = tell_fitted(p, line, theme, colour[0], ACCENT_TEXT),
                 care = tell_fitted(p, line, theme, colour[1], accent_shape[theme]);
  if (accent_distance(good, care) < ACCENT_ALIKE)
    remarks_say(&p->f->warnings, "%1$s 第 %2$d 行：两种颜色太接近，“欢迎”和“请注意”会看不出区别，请换一种",
                "%1$s, line %2$d: the two colours are too alike to tell “welcome” from “take care”; choose another one",
                p->s->file, line);
}

/* --- pictures, voices, languages --- */

static void event_slides(struct plan *p, const struct section *s, struct event *e) {
  struct list_item item;
  for (const char *at = settings_value(s, "slides"); list_next(&at, &item);) {
    const char *name = pool_add(&p->f->texts, item.at, item.len);
    if (e->slides == SLIDES_MAX) {
      plan_bad(p, plan_line(s, "slides"), "最多 8 张图片", "there can be at most 8 pictures", name);
      return;
    }
    plan_file(p, s, "slides", name, e->slide[e->slides++]);
  }
}

static void event_languages(struct plan *p, const struct section *s, struct event *e) {
  static const char *const name[LANG_COUNT] = {"zh-Hans", "zh-Hant", "en"};
  struct list_item item;
  (void)p;
  for (const char *at = settings_value(s, "langs"); list_next(&at, &item) && e->langs < LANG_COUNT;)
    for (enum lang l = 0; l < LANG_COUNT; l++)
      if (strlen(name[l]) == item.len && !memcmp(name[l], item.at, item.len)) e->lang[e->langs++] = l;
}

void plan_face(struct plan *p, const struct section *s, struct event *e) {
  static const char *const voice[VOICE_COUNT] = {"voice.admit", "voice.again", "voice.sorry", "voice.fault", "voice.ready"};
  e->theme = (enum event_theme)plan_choice(s, "theme", -1) + 1;
  event_colours(p, s, e);
  if (plan_given(s, "logo")) plan_file(p, s, "logo", settings_value(s, "logo"), e->logo);
  event_slides(p, s, e);
  for (int i = 0; i < VOICE_COUNT; i++)
    if (plan_given(s, voice[i])) plan_file(p, s, voice[i], settings_value(s, voice[i]), e->voice[i]);
  event_languages(p, s, e);
  plan_texts(s, "help", &e->help);
  e->self_lookup = (enum self_lookup)plan_choice(s, "self_lookup", SELF_LOOKUP_NO);
}
