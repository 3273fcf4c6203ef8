/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/sticks.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "desk/staff_export.h"

/* A mount's path as the kernel writes it: blanks and the like as \ooo. */
static bool unescape(const char *from, size_t len, char *out, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < len; i++) {
    int c = (unsigned char)from[i];
    if (c == '\\' && i + 3 < len && isdigit((unsigned char)from[i + 1])) {
      c = (from[i + 1] - '0') * 64 + (from[i + 2] - '0') * 8 + (from[i + 3] - '0');
      i += 3;
    }
    if (n + 1 >= size) return false;
    out[n++] = (char)c;
  }
  out[n] = '\0';
  return n > 0;
}

static bool is_stick(const char *path) {
  return strncmp(path, "/media/", strlen("/media/")) == 0 || strncmp(path, "/run/media/", strlen("/run/media/")) == 0;
}

int sticks_of(const char *mounts, struct stick_place place[STAFF_PLACES_MAX]) {
  int count = 0;
  for (const char *line = mounts, *end; *line && count < STAFF_PLACES_MAX; line = *end ? end + 1 : end) {
    end = strchrnul(line, '\n');
    const char *path = memchr(line, ' ', (size_t)(end - line));
    const char *after = path ? memchr(path + 1, ' ', (size_t)(end - path - 1)) : NULL;
    const char *options = after ? memchr(after + 1, ' ', (size_t)(end - after - 1)) : NULL;
    if (!options || !unescape(path + 1, (size_t)(after - path - 1), place[count].path, TEXT_MAX)) continue;
    unescape(line, (size_t)(path - line), place[count].device, TEXT_MAX);
    place[count].read_only = strncmp(options, " rw", 3) != 0;
    count += is_stick(place[count].path);
  }
  return count;
}

/* The kernel's number of this putting in, of the disk or of the one that the partition is of; it asks no stick. 0: not known.
 */
static int64_t inserted(const char *device) {
  static const char *const names[] = {"diskseq", "../diskseq"};
  struct stat st;
  char path[128];
  long long number = 0;
  if (stat(device, &st) || !S_ISBLK(st.st_mode)) return 0;
  for (int i = 0; i < 2 && number == 0; i++) {
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u/%s", major(st.st_rdev), minor(st.st_rdev), names[i]);
    FILE *in = fopen(path, "re");
    if (in && fscanf(in, "%lld", &number) != 1) number = 0;
    if (in) fclose(in);
  }
  return number;
}

int sticks_find(struct stick_place place[STAFF_PLACES_MAX]) {
  char mounts[1 << 16] = "";
  FILE *in = fopen("/proc/self/mounts", "re");
  if (in) mounts[fread(mounts, 1, sizeof mounts - 1, in)] = '\0';
  if (in) fclose(in);
  const int count = sticks_of(mounts, place);
  for (int i = 0; i < count; i++) place[i].inserted = inserted(place[i].device);
  return count;
}

static bool has(const struct stick_place *place, int count, const struct stick_place *it) {
  for (int i = 0; i < count; i++)
    if (strcmp(place[i].path, it->path) == 0 && strcmp(place[i].device, it->device) == 0 && place[i].inserted == it->inserted)
      return true;
  return false;
}

static void forget_gone(struct sticks *s, const struct stick_place *place, int count) {
  int kept = 0;
  for (int i = 0; i < s->count; i++)
    if (has(place, count, &s->seen[i])) memmove(&s->seen[kept++], &s->seen[i], sizeof s->seen[i]);
  s->changes += (uint32_t)(s->count - kept);
  s->count = kept;
  if (s->state != STICK_NONE && !has(place, count, &s->told)) s->state = STICK_NONE;
}

/* One at a time: the next one waits until the export at work is done. */
void sticks_look(struct desk *d, struct moment now) {
  struct stick_place place[STAFF_PLACES_MAX];
  struct sticks *s = &d->staff->sticks;
  const int count = sticks_find(place);
  forget_gone(s, place, count);
  for (int i = 0; i < count; i++) {
    if (has(s->seen, s->count, &place[i]) || !staff_export_begin(d, &place[i], now)) continue;
    s->seen[s->count++] = place[i]; /* there is room: those that are gone are out */
    s->changes++;
    return;
  }
}

void sticks_tell(struct desk *d, const struct stick_place *place, enum stick_state state) {
  d->staff->sticks.told = *place;
  d->staff->sticks.state = state;
}
