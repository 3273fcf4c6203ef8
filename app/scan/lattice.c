/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/lattice.h"

#include <math.h>
#include <string.h>

static const double BEND_HELD = 0.03; /* per square of a module */

/* What the factors are factors of. */
static void terms_of(const struct lattice *lattice, float u, float v, float *term) {
  float half = (float)lattice->side / 2, s = u / half - 1, t = v / half - 1;
  term[0] = 1;
  term[1] = s;
  term[2] = t;
  if (lattice->terms == LATTICE_FLAT) return;
  term[3] = s * s;
  term[4] = s * t;
  term[5] = t * t;
  term[6] = s * s * s;
  term[7] = s * s * t;
  term[8] = s * t * t;
  term[9] = t * t * t;
}

static void offset_at(const struct lattice *lattice, const float *term, float off[2], float *divisor) {
  *divisor = 1 + lattice->far[0] * term[1] + lattice->far[1] * term[2];
  if (!(*divisor > 0.05f)) *divisor = 0.05f;
  for (int i = 0; i < 2; i++) {
    const float *of = lattice->of[i];
    off[i] = of[0] + of[1] * term[1] + of[2] * term[2];
    for (int j = LATTICE_FLAT; j < lattice->terms; j++) off[i] += of[j] * term[j];
    off[i] /= *divisor;
  }
}

void lattice_at(const struct lattice *lattice, float u, float v, float at[2]) {
  float term[LATTICE_BENT], divisor;
  terms_of(lattice, u, v, term);
  offset_at(lattice, term, at, &divisor);
  at[0] += lattice->middle[0];
  at[1] += lattice->middle[1];
}

struct lattice_point lattice_point(const struct lattice *lattice, float u, float v) {
  struct lattice_point point = {.at = {0}};
  if (lattice->terms == LATTICE_FLAT) {
    float term[LATTICE_BENT], divisor, half = (float)lattice->side / 2;
    terms_of(lattice, u, v, term);
    offset_at(lattice, term, point.at, &divisor);
    for (int i = 0; i < 2; i++) {
      point.right[i] = (lattice->of[i][1] - point.at[i] * lattice->far[0]) / (divisor * half);
      point.down[i] = (lattice->of[i][2] - point.at[i] * lattice->far[1]) / (divisor * half);
      point.at[i] += lattice->middle[i];
    }
    return point;
  }
  float right[2], down[2];
  lattice_at(lattice, u, v, point.at);
  lattice_at(lattice, u + 0.5f, v, right);
  lattice_at(lattice, u, v + 0.5f, down);
  for (int i = 0; i < 2; i++) {
    point.right[i] = 2 * (right[i] - point.at[i]);
    point.down[i] = 2 * (down[i] - point.at[i]);
  }
  return point;
}

void lattice_through(struct lattice *lattice, const float (*uv)[2], const float (*xy)[2], const float far[2]) {
  float term[3][LATTICE_BENT], divisor[3];
  memset(lattice->of, 0, sizeof lattice->of);
  lattice->terms = LATTICE_FLAT;
  for (int i = 0; i < 2; i++) {
    lattice->far[i] = far[i];
    lattice->middle[i] = (xy[1][i] + xy[2][i]) / 2;
  }
  for (int i = 0; i < 3; i++) {
    terms_of(lattice, uv[i][0], uv[i][1], term[i]);
    divisor[i] = 1 + far[0] * term[i][1] + far[1] * term[i][2];
  }
  float s1 = term[1][1] - term[0][1], t1 = term[1][2] - term[0][2], s2 = term[2][1] - term[0][1], t2 = term[2][2] - term[0][2];
  float det = s1 * t2 - s2 * t1;
  for (int i = 0; i < 2; i++) {
    float w[3];
    for (int j = 0; j < 3; j++) w[j] = (xy[j][i] - lattice->middle[i]) * divisor[j];
    lattice->of[i][1] = ((w[1] - w[0]) * t2 - (w[2] - w[0]) * t1) / det;
    lattice->of[i][2] = ((w[2] - w[0]) * s1 - (w[1] - w[0]) * s2) / det;
    lattice->of[i][0] = w[0] - lattice->of[i][1] * term[0][1] - lattice->of[i][2] * term[0][2];
  }
}

void lattice_begin(struct lattice_sums *sums) { memset(sums, 0, sizeof *sums); }

void lattice_add(struct lattice_sums *sums, const struct lattice *lattice, float u, float v, const float direction[2],
                 float off, float weight) {
  float term[LATTICE_BENT], at[2], divisor, slope[LATTICE_FREE_MAX];
  terms_of(lattice, u, v, term);
  offset_at(lattice, term, at, &divisor);
  int terms = lattice->terms, all = 2 * terms + 2;
  float along = -(direction[0] * at[0] + direction[1] * at[1]) / divisor;
  for (int j = 0; j < terms; j++) {
    slope[j] = direction[0] * term[j] / divisor;
    slope[terms + j] = direction[1] * term[j] / divisor;
  }
  slope[2 * terms] = along * term[1];
  slope[2 * terms + 1] = along * term[2];
  for (int i = 0; i < all; i++) {
    float weighted = weight * slope[i];
    sums->off[i] += (double)(weighted * off);
    for (int j = 0; j <= i; j++) sums->square[i][j] += (double)(weighted * slope[j]);
  }
}

/* Cholesky's way; what comes out is in sums->off. */
static bool solve(struct lattice_sums *sums, int n) {
  for (int i = 0; i < n; i++) {
    double *row = sums->square[i];
    for (int j = 0; j <= i; j++) {
      const double *other = sums->square[j];
      double sum = row[j];
      for (int k = 0; k < j; k++) sum -= row[k] * other[k];
      if (i != j)
        row[j] = sum / other[j];
      else if (!(sum > 1e-12))
        return false;
      else
        row[i] = sqrt(sum);
    }
  }
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++) sums->off[i] -= sums->square[i][k] * sums->off[k];
    sums->off[i] /= sums->square[i][i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) sums->off[i] -= sums->square[k][i] * sums->off[k];
    sums->off[i] /= sums->square[i][i];
  }
  return true;
}

bool lattice_move(struct lattice *lattice, struct lattice_sums *sums, float stiff) {
  int terms = lattice->terms, all = 2 * terms + 2;
  double module = hypotf(lattice->of[0][1], lattice->of[1][1]) * 2 / (float)lattice->side;
  for (int i = 0; i < all; i++) {
    bool bend = i < 2 * terms && i % terms >= LATTICE_FLAT, far = i >= 2 * terms;
    sums->square[i][i] *= 1 + (far ? (double)stiff : 1e-4);
    sums->square[i][i] += 1e-6;
    if (!bend || !(module > 0.1)) continue;
    double held = BEND_HELD / (module * module); /* flat, unless much speaks for a bend */
    sums->square[i][i] += held;
    sums->off[i] -= held * (double)lattice->of[i / terms][i % terms];
  }
  if (!solve(sums, all)) return false;
  for (int i = 0; i < all; i++)
    if (!(fabs(sums->off[i]) < 1e5)) return false;
  for (int j = 0; j < terms; j++) {
    lattice->of[0][j] += (float)sums->off[j];
    lattice->of[1][j] += (float)sums->off[terms + j];
  }
  for (int i = 0; i < 2; i++) {
    float far = lattice->far[i] + (float)sums->off[2 * terms + i];
    lattice->far[i] = far < -0.6f ? -0.6f : far > 0.6f ? 0.6f : far;
  }
  return true;
}
