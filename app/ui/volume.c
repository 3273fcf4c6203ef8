/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/volume.h"

#include <math.h>
#include <stdio.h>

#include "core/day.h"

enum { HOUR = 60, DAY = 24 * HOUR };
static const double step_db = 3.5;

bool volume_read_night(const char *text, struct volume *out, struct problem *problem) {
  int volume, h[2], m[2], end = 0;
  out->night = VOLUME_SAME;
  if (text[0] == '\0') return true;
  if (sscanf(text, "%2d %2d:%2d-%2d:%2d%n", &volume, &h[0], &m[0], &h[1], &m[1], &end) == 5 && text[end] == '\0' &&
      volume >= 0 && volume <= VOLUME_MOST && h[0] >= 0 && m[0] >= 0 && h[1] >= 0 && m[1] >= 0 && m[0] < HOUR && m[1] < HOUR &&
      h[0] * HOUR + m[0] <= DAY && h[1] * HOUR + m[1] <= DAY) {
    *out = (struct volume){.day = out->day, .night = volume, .from_min = h[0] * HOUR + m[0], .to_min = h[1] * HOUR + m[1]};
    return true;
  }
  return problem_set(problem, "volume.night = %s：应为 音量 从-到，例如 3 22:00-07:30",
                     "volume.night = %s: expected VOLUME FROM-TO, for example 3 22:00-07:30", text);
}

int volume_at(const struct volume *v, const struct zone *zone, struct moment now) {
  if (v->night == VOLUME_SAME || !now.wall_ok) return v->day;
  const struct civil c = civil_of(zone, now.wall_ms);
  const int at = c.hour * HOUR + c.minute;
  const bool over = v->from_min > v->to_min; /* midnight */
  const bool night = over ? at >= v->from_min || at < v->to_min : at >= v->from_min && at < v->to_min;
  return night ? v->night : v->day;
}

float volume_gain(int volume) {
  if (volume <= 0) return 0;
  return (float)pow(10, -step_db * (VOLUME_MOST - (volume < VOLUME_MOST ? volume : VOLUME_MOST)) / 20);
}
