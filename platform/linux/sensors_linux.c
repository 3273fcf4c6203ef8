/* SPDX-License-Identifier: Apache-2.0
 * What Linux tells of the computer in sysfs. Each file is optional, and looked for anew at each reading: modules come late.
 *
 * - class/thermal (Documentation/driver-api/thermal/sysfs-api.rst): thermal_zone*, in thousandths of a degree; cooling_device*,
 *   whose cur_state isn't 0 while the kernel holds a processor back
 * - devices/system/cpu/cpu*: how often an x86 processor held itself back
 * - hwmon "rpi_volt" (drivers/hwmon/raspberrypi-hwmon.c): Raspberry Pi, in Debian's and in Raspberry Pi OS's kernel: the
 * voltage was too low in the last two seconds
 * - get_throttled (drivers/firmware/raspberrypi.c of Raspberry Pi OS alone): hexadecimal bits of the firmware, which holds the
 *   processor back by itself. The kernel calls the file deprecated, once in its log; nothing else tells.
 */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/sensors.h"

enum { COLDEST = -40 * 1000, HOTTEST = 150 * 1000 }; /* beyond is a sensor that doesn't work */
enum { PI_LOW_VOLTAGE = 1 << 0, PI_CAPPED = 1 << 1, PI_THROTTLED = 1 << 2, PI_SOFT_LIMIT = 1 << 3 };

struct sysfs {
  char root[PATH_MAX - 128]; /* room for what is behind it */
  int64_t throttles;         /* of all processors, at the last reading; -1: none yet */
};

static bool sysfs_open(const char *address, void **self, struct problem *problem) {
  struct stat st;
  struct sysfs *s = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  snprintf(s->root, sizeof s->root, "%s", address[0] ? address : "/sys");
  s->throttles = -1;
  *self = s;
  if (stat(s->root, &st) == 0 && S_ISDIR(st.st_mode)) return true;
  free(s);
  *self = NULL;
  return problem_set(problem, "传感器文件夹 %s 不存在：sensors = linux 用 /sys，sensors = none 不用传感器",
                     "there is no folder %s for the sensors: sensors = linux takes /sys, sensors = none goes without", address);
}

static void sysfs_close(void *self) { free(self); }

/* The first line. False: not there, or it can't be read now. */
static bool line_of(const char *path, char out[64]) {
  FILE *f = fopen(path, "re");
  const bool good = f && fgets(out, 64, f);
  if (f) fclose(f);
  if (good) out[strcspn(out, "\n")] = '\0';
  return good;
}

static bool number_of(const char *path, int base, int64_t *out) {
  char text[64], *end;
  if (!line_of(path, text)) return false;
  *out = strtoll(text, &end, base);
  return end > text && *end == '\0';
}

/* Calls take with each file that fits, until it says that this is enough. */
static void each(const struct sysfs *s, const char *pattern, bool (*take)(const char *path, void *to), void *to) {
  char path[PATH_MAX];
  glob_t found;
  snprintf(path, sizeof path, "%s/%s", s->root, pattern);
  if (glob(path, GLOB_NOSORT, NULL, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; i++)
      if (!take(found.gl_pathv[i], to)) break;
  }
  globfree(&found);
}

static bool hottest(const char *path, void *to) {
  struct machine *m = to;
  int64_t n;
  if (!number_of(path, 10, &n) || n <= COLDEST || n >= HOTTEST) return true;
  const int16_t c10 = n / 100 ? (int16_t)(n / 100) : 1; /* 0 is "not known" */
  if (m->temperature_c10 == 0 || c10 > m->temperature_c10) m->temperature_c10 = c10;
  return true;
}

static void know(enum known *what, bool is) {
  if (is || *what == KNOWN_NOT) *what = is ? KNOWN_YES : KNOWN_NO;
}

static bool beside(const char *path, const char *name, char out[PATH_MAX]) {
  const int folder = (int)(strrchr(path, '/') - path);
  return snprintf(out, PATH_MAX, "%.*s/%s", folder, path, name) < PATH_MAX;
}

static bool cooled(const char *path, void *to) {
  static const char *const processors[] = {"cpufreq-", "thermal-cpufreq-", "Processor"};
  struct machine *m = to;
  char type[64], state[PATH_MAX];
  int64_t n;
  bool is = false;
  if (!line_of(path, type) || !beside(path, "cur_state", state) || !number_of(state, 10, &n)) return true;
  for (size_t i = 0; i < sizeof processors / sizeof *processors; i++)
    is = is || strncmp(type, processors[i], strlen(processors[i])) == 0;
  if (is) know(&m->slowed, n > 0);
  return true;
}

static bool add_throttles(const char *path, void *to) {
  int64_t *sum = to, n;
  if (number_of(path, 10, &n)) *sum = (*sum < 0 ? 0 : *sum) + n;
  return true;
}

static bool voltage(const char *path, void *to) {
  struct machine *m = to;
  char name[64], alarm[PATH_MAX];
  int64_t n;
  if (!line_of(path, name) || strcmp(name, "rpi_volt") != 0) return true;
  if (beside(path, "in0_lcrit_alarm", alarm) && number_of(alarm, 10, &n)) know(&m->low_power, n != 0);
  return false;
}

static bool firmware(const char *path, void *to) {
  struct machine *m = to;
  int64_t bits;
  if (!number_of(path, 16, &bits)) return true;
  know(&m->low_power, bits & PI_LOW_VOLTAGE);
  know(&m->slowed, bits & (PI_CAPPED | PI_THROTTLED | PI_SOFT_LIMIT));
  return false;
}

static void sysfs_read(void *self, struct machine *out) {
  struct sysfs *s = self;
  int64_t throttles = -1;
  *out = (struct machine){.slowed = KNOWN_NOT};
  each(s, "class/thermal/thermal_zone*/temp", hottest, out);
  each(s, "class/thermal/cooling_device*/type", cooled, out);
  each(s, "devices/system/cpu/cpu[0-9]*/thermal_throttle/*_throttle_count", add_throttles, &throttles);
  if (throttles >= 0 && s->throttles >= 0) know(&out->slowed, throttles > s->throttles);
  s->throttles = throttles;
  each(s, "class/hwmon/hwmon*/name", voltage, out);
  each(s, "bus/platform/drivers/raspberrypi-firmware/*/get_throttled", firmware, out);
}

const struct sensors_ops sensors_linux_ops = {.scheme = "linux", .open = sysfs_open, .read = sysfs_read, .close = sysfs_close};
