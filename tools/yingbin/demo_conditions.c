/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_conditions.h"

#include <math.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "core/base45.h"
#include "tools/yingbin/demo_phone.h"
#include "tools/yingbin/ticket_face.h"

static const double TURN = 6.283185307;

static double between(uint64_t *chance, double least, double most) { return least + (most - least) * people_share(chance); }

/* --- one condition each; `nth` counts through those of a condition --- */

static void clean(struct people_scene *scene, int nth, uint64_t *chance) { (void)scene, (void)nth, (void)chance; }

static void rot(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->guest[0].turn = between(chance, -180, 180);
}

static void tilt(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->guest[0].tilt = between(chance, 15, 48) * (people_chance(chance) % 2 ? 1 : -1);
  scene->guest[0].lean = between(chance, 5, 35) * (people_chance(chance) % 2 ? 1 : -1);
  scene->guest[0].turn = between(chance, -25, 25);
}

static void motion(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->guest[0].shake = between(chance, 1.2, 3.4) * scene->guest[0].module;
  scene->guest[0].shake_angle = between(chance, 0, TURN);
  scene->exposure_s = 0.02;
}

static void defocus(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->defocus = between(chance, 0.22, 0.7) * scene->guest[0].module;
}

static void lowlight(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->gain = between(chance, 0.35, 0.75);
  scene->noise = between(chance, 17, 28);
  scene->defocus = 0.5;
}

static void bright(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->gain = between(chance, 1.6, 3);
  scene->lift = between(chance, 10, 60);
  scene->defocus = between(chance, 0.2, 0.45) * scene->guest[0].module;
}

static void glare(struct people_scene *scene, int nth, uint64_t *chance) {
  struct people_guest *guest = &scene->guest[0];
  (void)nth;
  guest->spots = 1 + (int)(people_chance(chance) % 2);
  for (int i = 0; i < guest->spots; i++) {
    double r = between(chance, 0.15, 0.42);
    guest->spot[i] = (struct people_spot){between(chance, -0.45, 0.45), between(chance, -0.45, 0.45), r,
                                          r * between(chance, 0.7, 1.8), between(chance, 250, 650)};
  }
}

static void moire(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->guest[0].look.moire = between(chance, 0.15, 0.45);
}

static void dim(struct people_scene *scene, int nth, uint64_t *chance) {
  struct people_look *look = &scene->guest[0].look;
  (void)nth;
  double black = between(chance, 25, 60), white = black + between(chance, 22, 70);
  *look = (struct people_look){black, white, white - 5, black + 8, look->quiet, 0, look->level};
  scene->noise = between(chance, 2, 8);
}

static void reflect(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth;
  scene->guest[0].mirror = between(chance, 0.4, 0.75);
}

static void finger(struct people_guest *guest, double least, double most, uint64_t *chance) {
  double from = between(chance, 0, TURN), aside = between(chance, -0.35, 0.35), deep = 0.5 - between(chance, least, most);
  double c = cos(from), s = sin(from), edge = deep / fmax(fabs(c), fabs(s));
  guest->bar[guest->bars++] = (struct people_bar){edge * c - aside * s,        edge * s + aside * c,    4 * c, 4 * s,
                                                  between(chance, 0.12, 0.22), between(chance, 90, 150)};
}

static void cracks(struct people_guest *guest, uint64_t *chance) {
  double x = between(chance, -0.6, 0.6), y = between(chance, -0.6, 0.6), shade = people_chance(chance) % 2 ? 230 : 40;
  double from = between(chance, 0, TURN);
  for (int i = 0; i < 8; i++) {
    double angle = from + i * TURN / 8 + between(chance, -0.3, 0.3), far = between(chance, 0.4, 1.5);
    guest->bar[guest->bars++] =
        (struct people_bar){x, y, x + far * cos(angle), y + far * sin(angle), between(chance, 0.004, 0.015), shade};
  }
}

static void occl(struct people_scene *scene, int nth, uint64_t *chance) {
  if (nth % 4 == 3) {
    cracks(&scene->guest[0], chance);
  } else {
    finger(&scene->guest[0], 0.08, 0.42, chance);
  }
}

static void dist(struct people_scene *scene, int nth, uint64_t *chance) {
  static const double module[] = {1.5, 2, 2.5, 3, 4, 6, 8};
  (void)chance;
  scene->guest[0].module = module[nth / 2 % 7];
}

static void dark(struct people_scene *scene, int nth, uint64_t *chance) {
  struct people_look *look = &scene->guest[0].look;
  (void)nth;
  double black = between(chance, 8, 30);
  *look = (struct people_look){between(chance, 200, 245), black, black, between(chance, 140, 220), look->quiet, 0, look->level};
}

static void color(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth; /* red to blue to green, as grey as a camera makes them */
  scene->guest[0].look.ink = between(chance, 45, 115);
}

static void noquiet(struct people_scene *scene, int nth, uint64_t *chance) {
  struct people_look *look = &scene->guest[0].look;
  (void)nth;
  look->page = between(chance, 8, 40), look->words = 220;
  look->quiet = (double)(people_chance(chance) % 3);
}

static void combo(struct people_scene *scene, int nth, uint64_t *chance) {
  struct people_guest *guest = &scene->guest[0];
  (void)nth;
  guest->turn = between(chance, -180, 180);
  guest->tilt = between(chance, -20, 20), guest->lean = between(chance, -20, 20);
  scene->gain = between(chance, 0.3, 1.1);
  scene->noise = between(chance, 4, 13);
  scene->defocus = between(chance, 0.12, 0.34) * guest->module;
  int kinds = 2 + (int)(people_chance(chance) % 3);
  for (int i = 0; i < kinds; i++) {
    switch (people_chance(chance) % 5) {
    case 0: guest->look.moire = between(chance, 0.1, 0.3); break;
    case 1:
      guest->spots = 1, guest->spot[0] = (struct people_spot){between(chance, -0.6, 0.6), between(chance, -0.6, 0.6),
                                                              between(chance, 0.12, 0.3), 0.25, between(chance, 120, 350)};
      break;
    case 2: guest->shake = between(chance, 0.4, 1.6) * guest->module, guest->shake_angle = between(chance, 0, TURN); break;
    case 3: guest->mirror = between(chance, 0.15, 0.5); break;
    default:
      if (!guest->bars) finger(guest, 0.02, 0.2, chance);
      break;
    }
  }
}

static void nobody(struct people_scene *scene, int nth, uint64_t *chance) {
  (void)nth, (void)chance;
  scene->guests = 0;
}

const struct condition conditions[CONDITIONS] = {
    {"clean", clean, CODE_ANY},       {"rot", rot, CODE_ANY},         {"tilt", tilt, CODE_ANY},
    {"motion", motion, CODE_ANY},     {"defocus", defocus, CODE_ANY}, {"lowlight", lowlight, CODE_ANY},
    {"bright", bright, CODE_ANY},     {"glare", glare, CODE_ANY},     {"moire", moire, CODE_ANY},
    {"dim", dim, CODE_ANY},           {"reflect", reflect, CODE_ANY}, {"occl", occl, CODE_ANY},
    {"dist", dist, CODE_SHORT},       {"invert", dark, CODE_SHORT},   {"color", color, CODE_ANY},
    {"noquiet", noquiet, CODE_ANY},   {"combo", combo, CODE_ANY},     {"none", nobody, CODE_NONE},
    {"none-phone", clean, CODE_NONE},
};

const struct condition *condition_named(const char *name) {
  for (int i = 0; i < CONDITIONS; i++)
    if (!strcmp(conditions[i].name, name)) return &conditions[i];
  return NULL;
}

/* --- what a code carries --- */

static void roster_code(uint64_t *chance, char *text, size_t room) {
  static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  snprintf(text, room, "%16s", "");
  for (int i = 0; i < 16; i++) text[i] = crockford[people_chance(chance) % 32];
}

static void digits(uint64_t *chance, char *text, size_t room) {
  snprintf(text, room, "%012llu", (unsigned long long)(people_chance(chance) % 1000000000000u));
}

static void address(uint64_t *chance, char *text, size_t room) {
  snprintf(text, room, "https://www.example.org/ticket/%u?c=%08x", (unsigned)(people_chance(chance) % 100000),
           (unsigned)people_chance(chance));
}

/* As long as a signed ticket, of any bytes: what it says is no matter here. */
static void signed_ticket(uint64_t *chance, char *text, size_t room) {
  uint8_t body[112];
  size_t len = 88 + people_chance(chance) % 16;
  for (size_t i = 0; i < len; i++) body[i] = (uint8_t)people_chance(chance);
  snprintf(text, room, "YB1:");
  text[4 + base45_encode(body, len, text + 4)] = 0;
}

static void text_of(const struct condition *condition, uint64_t *chance, char *text, size_t room) {
  static void (*const kind[])(uint64_t * chance, char *text, size_t room) = {roster_code, digits, address, signed_ticket};
  *text = 0;
  if (condition->shows == CODE_NONE) return;
  kind[people_chance(chance) % (condition->shows == CODE_SHORT ? 2 : 4)](chance, text, room);
}

/* --- the clip --- */

static QRecLevel level_of(uint64_t *chance) {
  double share = people_share(chance);
  return share < 0.27 ? QR_ECLEVEL_L : share < 0.83 ? QR_ECLEVEL_M : QR_ECLEVEL_Q;
}

static void hold(struct people_scene *scene, uint64_t *chance) {
  bool grey_page = people_chance(chance) % 2;
  double white = between(chance, 215, 250);
  scene->guests = 1;
  scene->guest[0] = (struct people_guest){
      .shows = PEOPLE_PAGE,
      .comes_s = 0.2,
      .stays_s = 2.6,
      .turn = between(chance, -10, 10),
      .tilt = between(chance, -8, 8),
      .lean = between(chance, -8, 8),
      .module = between(chance, 3, 6),
      .look = {between(chance, 2, 25), white, grey_page ? white - 25 : white, between(chance, 30, 120), 4, 0, level_of(chance)},
  };
}

/* Anywhere where the whole code is in the frame, turned however. */
static void stand(struct people_scene *scene, uint64_t *chance) {
  struct people_guest *guest = &scene->guest[0];
  QRcode *qr = guest->len ? ticket_qr(guest->payload, guest->len, (QRecLevel)guest->look.level) : NULL;
  double c = fabs(cos(guest->turn * TURN / 360)), s = fabs(sin(guest->turn * TURN / 360));
  double half = (qr ? qr->width : 29) * guest->module * (c + s) / 2 + 24;
  guest->x = half / scene->w + (1 - 2 * half / scene->w) * people_share(chance);
  guest->y = half / scene->h + (1 - 2 * half / scene->h) * people_share(chance);
  QRcode_free(qr);
}

void condition_clip(const struct condition *condition, uint64_t seed, int nth, struct condition_clip *clip) {
  struct people_scene *scene = &clip->scene;
  uint64_t chance = seed * 0x9e3779b97f4a7c15u + (uint64_t)nth * 1000003;
  for (const char *at = condition->name; *at; at++) chance = (chance ^ (uint64_t)(unsigned char)*at) * 0x100000001b3u;
  *clip = (struct condition_clip){.scene = {.w = CONDITION_W, .h = CONDITION_H, .fps = CONDITION_FPS, .room = PEOPLE_THINGS}};
  scene->seed = people_chance(&chance);
  scene->light = between(&chance, 0.4, 0.6);
  scene->noise = between(&chance, 1, 3);
  scene->exposure_s = 0.008;
  text_of(condition, &chance, clip->text, sizeof clip->text);
  hold(scene, &chance);
  condition->set(scene, nth, &chance);
  scene->guest[0].payload = clip->text, scene->guest[0].len = strlen(clip->text);
  if (scene->guests) stand(scene, &chance);
}

bool condition_shows(const struct people *people, int64_t index, double *module) {
  double corner[8], smear;
  if (!people_code(people, 0, index, corner, module, &smear)) return false;
  for (int i = 0; i < 8; i++)
    if (corner[i] < 0 || corner[i] > (i % 2 ? CONDITION_H : CONDITION_W)) return false;
  return smear < *module;
}

int condition_first(const struct people *people) {
  double module;
  for (int i = 0; i < CONDITION_FRAMES; i++)
    if (condition_shows(people, i, &module)) return i;
  return -1;
}
