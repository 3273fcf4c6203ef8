/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_face.h"

#include "base/log.h"

static void show(struct pack *pack, struct ui *ui, const char *name, enum picture_kind kind) {
  const uint8_t *bytes;
  size_t len;
  if (name[0] == '\0') return;
  if (pack_picture(pack, name, &bytes, &len))
    ui_picture(ui, name, kind, bytes, len);
  else
    log_warn("the pack has no picture %s", name);
}

static void show_event(struct pack *pack, struct ui *ui, const struct event *e) {
  show(pack, ui, e->logo, PICTURE_LOGO);
  for (int i = 0; i < e->slides; i++) show(pack, ui, e->slide[i], PICTURE_SLIDE);
}

static void speak(struct pack *pack, struct ui *ui, const struct event *e) {
  static const enum tone tone[VOICE_COUNT] = {TONE_ADMIT, TONE_AGAIN, TONE_SORRY, TONE_FAULT, TONE_READY};
  for (int i = 0; i < VOICE_COUNT; i++) {
    const uint8_t *bytes;
    size_t len;
    const bool has = e->voice[i][0] != '\0' && pack != NULL && pack_picture(pack, e->voice[i], &bytes, &len);
    ui_prompt(ui, tone[i], has ? bytes : NULL, has ? len : 0);
  }
}

void kiosk_voice(const struct pack *pack, int16_t station, struct ui *ui) {
  const struct catalog *c = pack_catalog(pack);
  const struct event *e = &c->event[c->station[station].event];
  struct pack *own = NULL;
  struct problem problem;
  bool any = false;
  for (int i = 0; i < VOICE_COUNT; i++) any = any || e->voice[i][0] != '\0';
  if (any && !pack_again(pack, &own, &problem)) log_warn("no voices: %s", problem.en);
  speak(own, ui, e);
  pack_close(own);
}

/* The station's own event first: if the pictures of a large pack are too many, they are another one's. */
void kiosk_face(struct pack *pack, int16_t station, struct ui *ui) {
  const struct catalog *c = pack_catalog(pack);
  const struct event *own = &c->event[c->station[station].event];
  int logos = 0, slides = 0;
  for (int i = 0; i < c->events; i++) logos += c->event[i].logo[0] != '\0', slides += c->event[i].slides;
  for (int i = 0; i < c->hosts; i++) logos += c->host[i].logo[0] != '\0';
  ui_expect_pictures(ui, logos, slides);
  show_event(pack, ui, own);
  for (int i = 0; i < c->hosts; i++) show(pack, ui, c->host[i].logo, PICTURE_LOGO);
  for (int i = 0; i < c->events; i++)
    if (&c->event[i] != own) show_event(pack, ui, &c->event[i]);
  speak(pack, ui, own);
  pack_drop_pictures(pack);
}
