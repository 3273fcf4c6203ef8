/* SPDX-License-Identifier: Apache-2.0
 * The verdicts' drawings: what happened, without a word.
 */
#include "ui/distance.h"

static const float thin = 0.026f, thick = 0.036f;

static float tick(struct spot p) { return d_in_disc(p, d_tick(p, 1, 0.054f)); }

static float leave(struct spot p) { /* an arrow out of a door */
  const float door = d_cut(d_edge(d_box(p, -0.1f, 0, 0.17f, 0.24f, 0.03f), thick), d_box(p, 0.1f, 0, 0.1f, 0.12f, 0));
  const float arrow = d_join(d_line(p, -0.08f, 0, 0.3f, 0, thick),
                             d_join(d_line(p, 0.19f, -0.12f, 0.31f, 0, thick), d_line(p, 0.19f, 0.12f, 0.31f, 0, thick)));
  return d_in_disc(p, d_join(door, arrow));
}

static float gift(struct spot p) {
  const float box = d_join(d_box(p, 0, 0.13f, 0.23f, 0.16f, 0.03f), d_box(p, 0, -0.09f, 0.27f, 0.055f, 0.02f));
  const float bow = d_join(d_edge(d_disc(p, -0.085f, -0.215f, 0.06f), thin), d_edge(d_disc(p, 0.085f, -0.215f, 0.06f), thin));
  return d_in_disc(p, d_join(d_cut(box, d_box(p, 0, 0.06f, 0.03f, 0.3f, 0)), bow));
}

static float party(struct spot p) {
  const float front = d_person(p, 0, 0.03f, 0.84f);
  const float beside = d_join(d_person(p, -0.2f, -0.03f, 0.62f), d_person(p, 0.2f, -0.03f, 0.62f));
  return d_in_disc(p, d_join(front, d_cut(beside, front - 0.032f)));
}

/* Two discs, the second one with what is cut out of it. */
static float been(struct spot p, float drawing) {
  const float behind = d_cut(d_edge(d_disc(p, -0.16f, 0, 0.3f), 0.04f), d_disc(p, 0.19f, 0, 0.345f));
  return d_join(behind, d_cut(d_disc(p, 0.19f, 0, 0.31f), drawing));
}

static float discs(struct spot p) { return been(p, d_tick(d_move(p, 0.19f, 0), 0.72f, 0.04f)); }

static float discs_clock(struct spot p) {
  return been(p, d_join(d_line(p, 0.19f, 0.01f, 0.19f, -0.16f, 0.034f), d_line(p, 0.19f, 0.01f, 0.29f, 0.08f, 0.034f)));
}

static float alarm_clock(struct spot p) {
  const struct spot q = {fabsf(p.x), p.y}; /* bells and feet on both sides */
  const float face = d_edge(d_disc(p, 0, 0.03f, 0.23f), thick);
  const float hands = d_join(d_line(p, 0, 0.03f, 0, -0.1f, thick), d_line(p, 0, 0.03f, 0.09f, 0.09f, thick));
  const float bell = d_line(q, 0.15f, -0.285f, 0.265f, -0.19f, 0.052f), foot = d_line(q, 0.17f, 0.25f, 0.21f, 0.3f, thick);
  return d_in_square(p, d_join(d_join(face, hands), d_join(bell, foot)));
}

static float hanging_sign(struct spot p) {
  const struct spot q = {fabsf(p.x), p.y};
  const float board = d_cut(d_box(p, 0, 0.11f, 0.31f, 0.18f, 0.05f), d_line(p, -0.15f, 0.11f, 0.15f, 0.11f, 0.04f));
  const float string = d_line(q, 0, -0.28f, 0.21f, -0.06f, 0.02f);
  return d_in_square(p, d_join(board, d_join(string, d_disc(p, 0, -0.28f, 0.05f))));
}

static float pin(struct spot p) {
  const float drop = d_cut(d_drop(p, -0.12f, 0.21f, 0.25f), d_disc(p, 0, -0.12f, 0.085f));
  return d_in_square(p, d_join(drop, d_line(p, -0.12f, 0.32f, 0.12f, 0.32f, 0.024f)));
}

static float calendar(struct spot p) {
  const struct spot q = {fabsf(p.x), p.y};
  const float leaf = d_box(p, 0, 0.03f, 0.29f, 0.28f, 0.06f), rings = d_line(q, 0.15f, -0.32f, 0.15f, -0.2f, 0.028f);
  float holes = d_join(d_box(p, 0, -0.105f, 0.29f, 0.018f, 0), d_line(q, 0.15f, -0.3f, 0.15f, -0.2f, 0.055f));
  for (int i = 0; i < 3; i++) holes = d_join(holes, d_box(p, -0.16f + 0.16f * (float)i, 0.02f, 0.034f, 0.034f, 0.008f));
  holes = d_join(holes, d_box(p, -0.16f, 0.17f, 0.034f, 0.034f, 0.008f));
  holes = d_join(holes, d_box(p, 0.07f, 0.185f, 0.1f, 0.068f, 0.02f)); /* the day that is meant */
  return d_in_square(p, d_join(d_cut(leaf, holes), rings));
}

static float board(struct spot p, float y, float tip) { /* points where tip is */
  const float x = tip > 0 ? p.x : -p.x, h = fabsf(p.y - y);
  return d_both(d_both(h - 0.075f, -0.2f - x), (x + h - fabsf(tip)) * 0.7071f);
}

static float signpost(struct spot p) {
  const float post = d_line(p, 0, -0.31f, 0, 0.33f, 0.03f), boards = d_join(board(p, -0.18f, 0.33f), board(p, 0.03f, -0.33f));
  return d_in_square(p, d_join(d_cut(post, boards - 0.025f), boards));
}

static float badge(struct spot p) {
  const struct spot q = {fabsf(p.x), p.y};
  const float card = d_cut(d_box(p, 0, 0.1f, 0.22f, 0.24f, 0.05f), d_person(p, 0, 0.08f, 0.62f));
  return d_in_square(p, d_join(card, d_line(q, 0.16f, -0.34f, 0.02f, -0.15f, 0.034f)));
}

static float steps(struct spot p) {
  float all = d_join(d_box(p, -0.21f, 0.255f, 0.105f, 0.055f, 0.012f), d_box(p, 0.0f, 0.185f, 0.115f, 0.125f, 0.012f));
  all = d_join(all, d_box(p, 0.21f, 0.105f, 0.105f, 0.205f, 0.012f));
  return d_in_square(p, d_join(all, d_person(p, -0.21f, 0.005f, 0.64f))); /* on the first one */
}

static float seats(struct spot p) {
  const float pitch = 0.215f;
  const float column = d_least(1, d_most(-1, roundf(p.x / pitch))), row = d_least(1, d_most(-1, roundf(p.y / pitch)));
  const struct spot q = {p.x - column * pitch, p.y - row * pitch}; /* of the nearest seat */
  const float back = d_box(q, 0, -0.025f, 0.062f, 0.062f, 0.03f), seat = d_box(q, 0, 0.062f, 0.088f, 0.026f, 0.02f);
  return d_in_square(p, d_join(back, seat));
}

static float hourglass(struct spot p) {
  const float x = fabsf(p.x), y = fabsf(p.y);
  const float glass = d_both((x - 0.022f - 0.62f * y) * 0.85f, d_box(p, 0, 0, 0.17f, 0.29f, 0.03f));
  const float sand = d_both(glass + 0.055f, d_join(0.1f - p.y, d_both(p.y + 0.01f, -0.12f - p.y)));
  const float ends = d_line((struct spot){p.x, y}, -0.2f, 0.3f, 0.2f, 0.3f, thick);
  return d_in_square(p, d_join(ends, d_join(d_edge(glass, 0.022f), sand)));
}

static float ticket(struct spot p) {
  const float notches = d_join(d_disc(p, -0.33f, 0, 0.065f), d_disc(p, 0.33f, 0, 0.065f));
  return d_cut(d_box(p, 0, 0, 0.33f, 0.19f, 0.04f), notches);
}

static float torn(struct spot p) {
  const struct spot l = d_turn(d_move(p, -0.02f, 0.03f), -0.16f), r = d_turn(d_move(p, 0.02f, -0.03f), 0.1f);
  const float saw = fabsf(fmodf(p.y + 1, 0.13f) - 0.065f) - 0.0325f;
  const float left = d_both(ticket(l), (l.x - saw + 0.035f) * 0.7f), right = d_both(ticket(r), (saw + 0.035f - r.x) * 0.7f);
  return d_in_square(p, d_join(left, right));
}

static float stale(struct spot p) {
  const float paper = d_cut(ticket(d_move(p, -0.01f, -0.07f)), d_disc(p, 0.15f, 0.13f, 0.215f));
  const float face = d_edge(d_disc(p, 0.15f, 0.13f, 0.145f), 0.03f);
  const float hands = d_join(d_line(p, 0.15f, 0.13f, 0.15f, 0.055f, 0.024f), d_line(p, 0.15f, 0.13f, 0.2f, 0.155f, 0.024f));
  return d_in_square(p, d_join(paper, d_join(face, hands)));
}

static float seal(struct spot p) {
  const struct spot q = {fabsf(p.x), p.y};
  const float y = p.y + 0.08f, r = 0.215f + 0.016f * cosf(12 * atan2f(y, p.x));
  const float disc = (d_length(p.x, y) - r) * 0.72f, ribbon = d_both(d_line(q, 0.07f, 0.08f, 0.15f, 0.34f, 0.07f), p.y - 0.31f);
  const float whole = d_join(disc, d_cut(ribbon, disc - 0.028f));
  return d_in_square(p, d_cut(whole, d_edge(d_disc(p, 0, -0.08f, 0.13f), 0.02f)));
}

static float magnifier(struct spot p) {
  const float glass = d_edge(d_disc(p, -0.06f, -0.06f, 0.21f), thick + 0.004f);
  float inside = d_disc(p, -0.15f, -0.06f, 0.034f);
  inside = d_join(inside, d_join(d_disc(p, -0.06f, -0.06f, 0.034f), d_disc(p, 0.03f, -0.06f, 0.034f)));
  return d_in_square(p, d_join(inside, d_join(glass, d_line(p, 0.13f, 0.13f, 0.29f, 0.29f, 0.055f))));
}

const struct drawing *drawing_of_verdict(enum shape shape) {
  static const struct drawing table[SHAPE_COUNT] = {
      [SHAPE_TICK] = {"tick", tick},
      [SHAPE_LEAVE] = {"leave", leave},
      [SHAPE_GIFT] = {"gift", gift},
      [SHAPE_PARTY] = {"party", party},
      [SHAPE_DISCS] = {"discs", discs},
      [SHAPE_DISCS_CLOCK] = {"discs-clock", discs_clock},
      [SHAPE_ALARM] = {"alarm", alarm_clock},
      [SHAPE_SIGN] = {"sign", hanging_sign},
      [SHAPE_PIN] = {"pin", pin},
      [SHAPE_CALENDAR] = {"calendar", calendar},
      [SHAPE_SIGNPOST] = {"signpost", signpost},
      [SHAPE_BADGE] = {"badge", badge},
      [SHAPE_STEPS] = {"steps", steps},
      [SHAPE_SEATS] = {"seats", seats},
      [SHAPE_HOURGLASS] = {"hourglass", hourglass},
      [SHAPE_TORN] = {"torn", torn},
      [SHAPE_STALE] = {"stale", stale},
      [SHAPE_SEAL] = {"seal", seal},
      [SHAPE_MAGNIFIER] = {"magnifier", magnifier},
  };
  return table[shape].distance != NULL ? &table[shape] : NULL;
}
