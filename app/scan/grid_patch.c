/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan/grid_fit.h"
#include "scan/grid_inner.h"

/* In a patch that has a code's texture, the patterns are looked for as a whole: by correlation with all their modules at
 * once, at every place and size, turned as the patch's edges are. Blur that leaves no line with 1:1:3:1:1 leaves this. */

enum {
  RADIUS = 4,
  CORE = 9,
  RING = 16, /* the light square round the core */
  LEAST = 5, /* grey levels between the two */
  CELLS = (2 * RADIUS + 1) * (2 * RADIUS + 1),
  PEAKS = 24,
  KEPT = 12,
  SIZES_MAX = 12,
  ACROSS = 64, /* modules across a patch, at most */
  TRIPLES = 3,
  PAIRS = 2,
  SEEN = 5,   /* lines through a pattern that is one for sure */
  REACH = 46, /* modules from a known pattern to the others at most */
};

struct peak {
  float x, y, module, likeness;
  bool inverted;
};

struct patch {
  const struct frame *frame;
  int32_t x0, y0, x1, y1;
  float right[2];                     /* unit vector along one side of the code's modules */
  const struct finder_pattern *known; /* NULL, or one that the finder saw */
  struct peak peak[PEAKS];
  int32_t peaks;
};

static float clampf(float v, float low, float high) { return v > low ? v < high ? v : high : low; }

static bool begin(const struct frame *frame, const struct finder_place *place, struct patch *patch) {
  int32_t left = INT16_MAX, right = INT16_MIN, top = INT16_MAX, bottom = INT16_MIN;
  for (int i = 0; i < 4; i++) {
    struct point p = place->corner[i];
    left = p.x < left ? p.x : left;
    right = p.x > right ? p.x : right;
    top = p.y < top ? p.y : top;
    bottom = p.y > bottom ? p.y : bottom;
  }
  *patch = (struct patch){.frame = frame,
                          .x0 = left > 2 ? left : 2,
                          .y0 = top > 2 ? top : 2,
                          .x1 = right < frame->w - 2 ? right : frame->w - 2,
                          .y1 = bottom < frame->h - 2 ? bottom : frame->h - 2};
  return patch->x1 - patch->x0 >= 20 && patch->y1 - patch->y0 >= 20;
}

static void set_box(struct patch *patch, float x, float y, float reach) {
  float w = (float)patch->frame->w, h = (float)patch->frame->h;
  patch->x0 = (int32_t)clampf(x - reach, 2, w - 2);
  patch->y0 = (int32_t)clampf(y - reach, 2, h - 2);
  patch->x1 = (int32_t)clampf(x + reach, 2, w - 2);
  patch->y1 = (int32_t)clampf(y + reach, 2, h - 2);
}

/* The surest pattern that the finder saw in it, if there is one. */
static const struct finder_pattern *known_in(const struct patch *patch, const struct finder_view *view) {
  const struct finder_pattern *known = NULL;
  for (int32_t i = 0; i < view->patterns; i++) {
    const struct finder_pattern *p = &view->pattern[i];
    bool inside = p->x > (float)patch->x0 && p->x < (float)patch->x1 && p->y > (float)patch->y0 && p->y < (float)patch->y1;
    if (inside && p->seen >= SEEN && p->module > 1 && p->module < 100 && (!known || p->seen > known->seen)) known = p;
  }
  return known;
}

/* Edges lie in two directions that are a quarter turn apart: the mean of their angles, times four. */
static void find_turn(struct patch *patch) {
  int32_t w = patch->x1 - patch->x0, h = patch->y1 - patch->y0, step = 1 + (w > h ? w : h) / 160, stride = patch->frame->stride;
  float cosines = 0, sines = 0;
  for (int32_t y = patch->y0; y < patch->y1; y += step) {
    for (int32_t x = patch->x0; x < patch->x1; x += step) {
      const uint8_t *p = patch->frame->luma + (int64_t)y * stride + x;
      float gx = (float)(p[1] - p[-1] + p[1 - stride] - p[-1 - stride] + p[1 + stride] - p[stride - 1]);
      float gy = (float)(p[stride] - p[-stride] + p[stride + 1] - p[1 - stride] + p[stride - 1] - p[-stride - 1]);
      float xx = gx * gx, yy = gy * gy, all = xx + yy + 1;
      cosines += (xx * xx + yy * yy - 6 * xx * yy) / all;
      sines += 4 * gx * gy * (xx - yy) / all;
    }
  }
  float turn = atan2f(sines, cosines) / 4;
  patch->right[0] = cosf(turn);
  patch->right[1] = sinf(turn);
}

static void keep(struct patch *patch, const struct peak *peak) {
  for (int32_t i = 0; i < patch->peaks; i++) {
    struct peak *other = &patch->peak[i];
    if (hypotf(other->x - peak->x, other->y - peak->y) > 3 * peak->module) continue;
    if (other->likeness >= peak->likeness) return;
    memmove(other, other + 1, (size_t)(--patch->peaks - i) * sizeof *other);
    i--;
  }
  if (patch->peaks == PEAKS && patch->peak[PEAKS - 1].likeness >= peak->likeness) return;
  int32_t at = patch->peaks < PEAKS ? patch->peaks++ : PEAKS - 1;
  for (; at > 0 && patch->peak[at - 1].likeness < peak->likeness; at--) patch->peak[at] = patch->peak[at - 1];
  patch->peak[at] = *peak;
}

/* Seen from a known pattern, the others are right, left, above or below, or halfway between; more or less. */
static bool possible(const struct patch *patch, float x, float y) {
  if (!patch->known) return true;
  float dx = x - patch->known->x, dy = y - patch->known->y;
  float u = fabsf(dx * patch->right[0] + dy * patch->right[1]), v = fabsf(dy * patch->right[0] - dx * patch->right[1]);
  float far = u > v ? u : v, near = u > v ? v : u, slack = 2 * patch->known->module + 0.15f * far;
  return far < patch->known->module || (far > 12 * patch->known->module && (near < slack || far - near < slack));
}

/* All places at one size. The modules' offsets in the frame are the same everywhere. */
static void look(struct patch *patch, float module) {
  int32_t offset[CELLS], stride = patch->frame->stride, margin = (int32_t)(1.42f * RADIUS * module) + 2, count = 0;
  int32_t darks = 0;
  for (int i = 0; i < RADIUS + 1; i++) { /* the dark squares first: the core, its rim, the outer one, then the light ones */
    static const int order[RADIUS + 1] = {0, 1, 3, 2, 4};
    for (int j = 0; j < CELLS; j++) {
      int u = j % (2 * RADIUS + 1) - RADIUS, v = j / (2 * RADIUS + 1) - RADIUS;
      if ((abs(u) > abs(v) ? abs(u) : abs(v)) != order[i]) continue;
      float x = module * ((float)u * patch->right[0] - (float)v * patch->right[1]);
      float y = module * ((float)u * patch->right[1] + (float)v * patch->right[0]);
      offset[count++] = (int32_t)lrintf(y) * stride + (int32_t)lrintf(x);
    }
    if (i == 2) darks = count;
  }
  float step = 0.7f * module > 1 ? 0.7f * module : 1, n = CELLS, share = (float)darks * (float)(CELLS - darks) / (n * n);
  for (float y = (float)patch->y0; y < (float)patch->y1; y += step) {
    for (float x = (float)patch->x0; x < (float)patch->x1; x += step) {
      int32_t ix = (int32_t)x, iy = (int32_t)y;
      if (!possible(patch, x, y)) continue;
      if (ix < margin || iy < margin || ix >= patch->frame->w - margin || iy >= patch->frame->h - margin) continue;
      const uint8_t *p = patch->frame->luma + (int64_t)iy * stride + ix;
      int32_t dark = 0, light = 0, squares = 0;
      for (int i = 0; i < CORE; i++) dark += p[offset[i]];
      for (int i = darks; i < darks + RING; i++) light += p[offset[i]];
      if (abs(dark * RING - light * CORE) < LEAST * CORE * RING) continue;
      dark = light = 0;
      for (int i = 0; i < darks; i++) {
        dark += p[offset[i]];
        squares += p[offset[i]] * p[offset[i]];
      }
      for (int i = darks; i < CELLS; i++) {
        light += p[offset[i]];
        squares += p[offset[i]] * p[offset[i]];
      }
      float sum = (float)(dark + light), spread = (float)squares / n - sum * sum / (n * n);
      float like = (sum * (float)darks / n - (float)dark) / n / sqrtf((spread > 9 ? spread : 9) * share);
      if (fabsf(like) < 0.5f) continue;
      keep(patch, &(struct peak){(float)ix + 0.5f, (float)iy + 0.5f, module, fabsf(like), like < 0});
    }
  }
}

static void show(const struct patch *patch, struct finder_view *view) {
  for (int32_t i = 0; i < patch->peaks && i < KEPT; i++) {
    const struct peak *peak = &patch->peak[i];
    view->pattern[view->patterns++] =
        (struct finder_pattern){.x = peak->x, .y = peak->y, .module = peak->module, .seen = 1, .inverted = peak->inverted};
  }
}

/* Puts the peak where its middle really is. */
static bool settle(struct grid *grid, const struct patch *patch, struct peak *peak) {
  float at[2], right[2] = {patch->right[0] * peak->module, patch->right[1] * peak->module}, down[2] = {-right[1], right[0]};
  struct lattice corner;
  struct lattice_point point = {{peak->x, peak->y}, {right[0], right[1]}, {down[0], down[1]}};
  grid->inverted = peak->inverted;
  grid->contrast = 0;
  peak->likeness = grid_find_corner(grid, &point, 1, at);
  peak->x = at[0];
  peak->y = at[1];
  if (grid_corner(grid, at[0], at[1], right, down, &corner) < 0.5f) return peak->likeness > 0.6f;
  lattice_at(&corner, 3.5f, 3.5f, at);
  peak->x = at[0];
  peak->y = at[1];
  float area = fabsf(corner.of[0][1] * corner.of[1][2] - corner.of[0][2] * corner.of[1][1]);
  peak->module = sqrtf(area) * 2 / 7;
  return true;
}

/* How well three patterns are corners of one code: 0 not at all. */
static float triple_likeness(const struct patch *patch, const struct peak *c, const struct peak *p, const struct peak *q) {
  float a[2] = {p->x - c->x, p->y - c->y}, b[2] = {q->x - c->x, q->y - c->y}, la = hypotf(a[0], a[1]), lb = hypotf(b[0], b[1]);
  float module = (c->module + p->module + q->module) / 3, sine = (a[0] * b[1] - a[1] * b[0]) / (la * lb);
  float along = fabsf(a[0] * patch->right[0] + a[1] * patch->right[1]) / la,
        off = along < 0.7f ? along : sqrtf(1 - along * along);
  if (c->inverted != p->inverted || c->inverted != q->inverted) return 0;
  if (!(sine > 0.8f) || !(la > 12 * module) || !(la < 80 * module) || !(lb < 1.25f * la) || !(la < 1.25f * lb)) return 0;
  float worst = c->likeness < p->likeness ? c->likeness : p->likeness;
  if (off > 0.35f) return 0;
  worst = worst < q->likeness ? worst : q->likeness;
  return worst + c->likeness + p->likeness + q->likeness - 2 * off - 4 * (1 - sine) - fabsf(la - lb) / (la + lb) -
         2 * (fabsf(c->module - p->module) + fabsf(c->module - q->module)) / module;
}

static void find_triples(const struct patch *patch, struct finder_view *view) {
  int32_t n = view->patterns;
  for (int32_t c = 0; c < n; c++) {
    for (int32_t p = 0; p < n; p++) {
      for (int32_t q = 0; q < n; q++) {
        if (c == p || c == q || p == q) continue;
        float like = triple_likeness(patch, &patch->peak[c], &patch->peak[p], &patch->peak[q]);
        if (!(like > 1)) continue;
        if (view->places == TRIPLES && view->place[TRIPLES - 1].likeness >= like) continue;
        int32_t at = view->places < TRIPLES ? view->places++ : TRIPLES - 1;
        for (; at > 0 && view->place[at - 1].likeness < like; at--) view->place[at] = view->place[at - 1];
        view->place[at] = (struct finder_place){.pattern = {(int16_t)c, (int16_t)p, (int16_t)q}, .likeness = like, .inverted = patch->peak[c].inverted};
      }
    }
  }
}

/* Where no three are: two. */
static void find_pairs(const struct patch *patch, struct finder_view *view) {
  int16_t known = -1;
  for (int16_t i = 0; i < view->patterns && patch->known; i++)
    if (hypotf(view->pattern[i].x - patch->known->x, view->pattern[i].y - patch->known->y) < patch->known->module) known = i;
  if (known < 0) return;
  for (int16_t i = 0; i < view->patterns && view->places < TRIPLES + PAIRS; i++) {
    if (i == known || view->pattern[i].inverted != patch->known->inverted) continue;
    view->place[view->places++] = (struct finder_place){
        .pattern = {known, i, -1}, .likeness = patch->peak[i].likeness, .inverted = patch->known->inverted};
  }
}

bool grid_patch(struct grid *grid, const struct finder_view *seen, const struct finder_place *place, struct finder_view *view) {
  struct patch patch;
  view->patterns = view->places = 0;
  if (!begin(grid->frame, place, &patch)) return false;
  patch.known = known_in(&patch, seen);
  if (patch.known) {
    set_box(&patch, patch.known->x, patch.known->y, 5 * patch.known->module);
    find_turn(&patch);
    set_box(&patch, patch.known->x, patch.known->y, REACH * patch.known->module);
    for (int i = 0; i < 3; i++) look(&patch, patch.known->module * (i == 0 ? 1 : i == 1 ? 0.86f : 1.16f));
  } else {
    find_turn(&patch);
    int32_t w = patch.x1 - patch.x0, h = patch.y1 - patch.y0;
    float module = clampf((float)(w > h ? w : h) / ACROSS, 1.4f, 100), most = (float)(w < h ? w : h) / 16;
    for (int i = 0; i < SIZES_MAX && module < most; i++, module *= 1.18f) look(&patch, module);
  }
  int32_t kept = 0;
  for (int32_t i = 0; i < patch.peaks && i < KEPT; i++) {
    struct peak peak = patch.peak[i];
    if (settle(grid, &patch, &peak)) patch.peak[kept++] = peak;
  }
  patch.peaks = kept;
  show(&patch, view);
  find_triples(&patch, view);
  find_pairs(&patch, view);
  return view->places > 0;
}
