/* SPDX-License-Identifier: Apache-2.0
 * What people show in place of their ticket: each kind in its own drawing. Nobody's trade mark.
 */
#include "ui/distance.h"

static float finder(struct spot p, float x, float y) {
  return d_join(d_edge(d_box(p, x, y, 0.1f, 0.1f, 0.015f), 0.026f), d_box(p, x, y, 0.042f, 0.042f, 0.006f));
}

static float code(struct spot p) { /* and a question where its fourth corner would be */
  const float known = d_join(d_join(finder(p, -0.17f, -0.17f), finder(p, 0.17f, -0.17f)), finder(p, -0.17f, 0.17f));
  const struct spot q = d_move(p, 0.175f, 0.125f);
  const float open = d_cut(d_edge(d_disc(q, 0, 0, 0.07f), 0.028f), d_box(q, -0.1f, 0.1f, 0.1f, 0.1f, 0));
  return d_in_square(p,
                     d_join(known, d_join(open, d_join(d_line(q, 0, 0.07f, 0, 0.085f, 0.028f), d_disc(q, 0, 0.175f, 0.034f)))));
}

static float person_card(struct spot p) {
  const float lines = d_join(d_line(p, 0.07f, -0.07f, 0.21f, -0.07f, 0.024f), d_line(p, 0.07f, 0.05f, 0.17f, 0.05f, 0.024f));
  return d_in_square(p, d_cut(d_box(p, 0, 0, 0.34f, 0.24f, 0.05f), d_join(d_person(p, -0.13f, -0.03f, 0.72f), lines)));
}

static float briefcase(struct spot p) {
  const float body = d_box(p, 0, 0.07f, 0.32f, 0.22f, 0.05f), handle = d_edge(d_box(p, 0, -0.17f, 0.11f, 0.09f, 0.05f), 0.03f);
  const float belt = d_box(p, 0, 0.06f, 0.32f, 0.018f, 0), clasp = d_box(p, 0, 0.06f, 0.055f, 0.05f, 0.015f);
  return d_in_square(p, d_cut(d_join(body, d_both(handle, p.y + 0.14f)), d_cut(belt, clasp)));
}

static float wallet(struct spot p) {
  const float body = d_box(p, -0.01f, 0.06f, 0.31f, 0.22f, 0.05f), clasp = d_box(p, 0.25f, 0.06f, 0.13f, 0.085f, 0.085f);
  const float notes = d_box(p, -0.03f, -0.235f, 0.25f, 0.03f, 0.02f);
  const float purse = d_cut(d_cut(body, clasp), d_box(p, 0.5f, 0, 0.15f, 1, 0));
  return d_in_square(p, d_join(d_join(purse, notes), d_disc(p, 0.235f, 0.06f, 0.036f)));
}

static float globe(struct spot p) {
  const float ball = d_disc(p, 0, 0, 0.31f);
  float lines = d_join(d_edge(d_disc(p, 0.27f, 0, 0.411f), 0.02f), d_edge(d_disc(p, -0.27f, 0, 0.411f), 0.02f));
  lines = d_join(lines, d_join(d_edge(d_box(p, 0, 0, 1, 0.115f, 0), 0.02f), d_box(p, 0, 0, 0.02f, 1, 0)));
  return d_in_square(p, d_cut(ball, d_both(lines, ball + 0.02f)));
}

static float book(struct spot p) {
  float tabs = 1;
  for (int i = -1; i <= 1; i++) tabs = d_join(tabs, d_line(p, -0.29f, 0.17f * (float)i, -0.21f, 0.17f * (float)i, 0.03f));
  const float cover = d_cut(d_box(p, 0.03f, 0, 0.25f, 0.32f, 0.05f), d_join(d_person(p, 0.04f, -0.04f, 0.8f), tabs - 0.02f));
  return d_in_square(p, d_join(cover, tabs));
}

static float wifi(struct spot p) {
  const float wedge = (fabsf(p.x) + (p.y - 0.2f)) * 0.7071f;
  float arcs = d_join(d_edge(d_disc(p, 0, 0.2f, 0.17f), 0.038f), d_edge(d_disc(p, 0, 0.2f, 0.31f), 0.038f));
  arcs = d_join(arcs, d_edge(d_disc(p, 0, 0.2f, 0.45f), 0.038f));
  return d_in_square(p, d_join(d_both(arcs, wedge), d_disc(p, 0, 0.205f, 0.062f)));
}

static float envelope(struct spot p) {
  const struct spot q = {fabsf(p.x), p.y};
  return d_in_square(p, d_cut(d_box(p, 0, 0, 0.34f, 0.24f, 0.04f), d_line(q, 0.36f, -0.22f, 0, 0.05f, 0.024f)));
}

static float key(struct spot p) {
  const struct spot q = d_turn(p, -0.5f);
  const float teeth = d_join(d_line(q, 0.2f, 0, 0.2f, 0.1f, 0.034f), d_line(q, 0.29f, 0, 0.29f, 0.08f, 0.034f));
  return d_in_square(p,
                     d_join(d_edge(d_disc(q, -0.16f, 0, 0.12f), 0.042f), d_join(d_line(q, -0.03f, 0, 0.3f, 0, 0.036f), teeth)));
}

const struct drawing *drawing_of_foreign(enum shape shape) {
  static const struct drawing table[SHAPE_COUNT] = {
      [SHAPE_CODE] = {"code", code},
      [SHAPE_PERSON_CARD] = {"person-card", person_card},
      [SHAPE_BRIEFCASE] = {"briefcase", briefcase},
      [SHAPE_WALLET] = {"wallet", wallet},
      [SHAPE_GLOBE] = {"globe", globe},
      [SHAPE_BOOK] = {"book", book},
      [SHAPE_WIFI] = {"wifi", wifi},
      [SHAPE_ENVELOPE] = {"envelope", envelope},
      [SHAPE_KEY] = {"key", key},
  };
  return table[shape].distance != NULL ? &table[shape] : NULL;
}
