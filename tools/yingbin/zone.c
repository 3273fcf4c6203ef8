/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/zone.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"

enum { STEP_S = 6 * 3600 /* no zone changes twice within */, MARGIN_S = 40 * 86400, SPAN_MOST_S = 800 * 86400 };

static int32_t offset_at(int64_t utc_s) {
  time_t t = (time_t)utc_s;
  struct tm tm;
  return localtime_r(&t, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* The first second of the offset that holds at `after`. */
static int64_t change_between(int64_t before, int64_t after) {
  int32_t old = offset_at(before);
  while (after - before > 1) {
    int64_t middle = before + (after - before) / 2;
    if (offset_at(middle) == old)
      before = middle;
    else
      after = middle;
  }
  return after;
}

static bool is_zone_file(const char *path) {
  char *bytes = NULL;
  size_t len = 0;
  bool good = file_read(path, 1 << 20, &bytes, &len, NULL) && len > 44 && !memcmp(bytes, "TZif", 4);
  free(bytes);
  return good;
}

static void scan(int64_t from_s, int64_t to_s, struct zone *out) {
  out->spans = 1;
  out->since_s[0] = from_s;
  out->offset_s[0] = offset_at(from_s);
  for (int64_t t = from_s; t < to_s && out->spans < ZONE_SPANS_MAX; t += STEP_S) {
    if (offset_at(t) == offset_at(t + STEP_S)) continue;
    out->since_s[out->spans] = change_between(t, t + STEP_S);
    out->offset_s[out->spans++] = offset_at(t + STEP_S);
  }
}

bool zone_read(const char *name, int64_t from_s, int64_t to_s, struct zone *out, struct problem *problem) {
  char path[PATH_MAX], tz[PATH_MAX + 1];
  const char *folder = getenv("TZDIR"), *old = getenv("TZ");
  bool plain = name[0] != '/' && !strstr(name, "..") && strlen(name) < sizeof out->name;
  snprintf(path, sizeof path, "%s/%.64s", folder ? folder : "/usr/share/zoneinfo", name);
  if (!plain || !is_zone_file(path))
    return problem_set(problem, "没有时区 %s：请写 Asia/Shanghai 这样的名字（时区数据在 tzdata 包里）",
                       "there is no time zone %s: write a name such as Asia/Shanghai (the data is in the package tzdata)",
                       name);
  *out = (struct zone){.spans = 0};
  snprintf(out->name, sizeof out->name, "%s", name);
  char *kept = old ? strdup(old) : NULL;
  snprintf(tz, sizeof tz, ":%s", path);
  setenv("TZ", tz, 1);
  tzset();
  if (to_s - from_s > SPAN_MOST_S) to_s = from_s + SPAN_MOST_S;
  scan(from_s - MARGIN_S, to_s + MARGIN_S, out);
  if (kept)
    setenv("TZ", kept, 1);
  else
    unsetenv("TZ");
  tzset();
  free(kept);
  return true;
}
