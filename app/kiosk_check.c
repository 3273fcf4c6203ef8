/* SPDX-License-Identifier: Apache-2.0
 * --check-config, and what it asks as the start does.
 */
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "kiosk.h"
#include "kiosk_inner.h"
#include "kiosk_sync.h"
#include "ui/fonts.h"
#include "ui/strings.h"
#include "ui/theme.h"

bool kiosk_read_pub(const char *pub, struct minisign_pub *out, struct problem *problem) {
  return minisign_parse_pub(pub, out) || minisign_read_pub(pub, out, problem);
}

static void list_stations(const struct catalog *catalog, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (int i = 0; i < catalog->stations && used < size; i++) {
    used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", catalog->station[i].id);
  }
}

bool kiosk_find_station(const struct catalog *catalog, const char *id, int16_t *station, struct problem *problem) {
  char all[256];
  for (int16_t i = 0; i < catalog->stations; i++) {
    if (strcmp(catalog->station[i].id, id) != 0 && (id[0] != '\0' || catalog->stations > 1)) continue;
    *station = i;
    return true;
  }
  list_stations(catalog, all, sizeof all);
  if (id[0] == '\0') {
    return problem_set(problem, "活动包里有多个签到点，请用 station = 活动/签到点 指明其中一个：%s",
                       "the pack has several stations; name one of them by station = EVENT/STATION: %s", all);
  }
  return problem_set(problem, "活动包“%2$s”里没有签到点“%1$s”，有这些：%3$s",
                     "the pack “%2$s” has no station “%1$s”; it has: %3$s", id, catalog->name, all);
}

bool kiosk_own_station(const char *setting, const struct wire_setup *card, const struct catalog *catalog, int16_t *station,
                       struct problem *problem) {
  char id[ID_MAX * 2];
  snprintf(id, sizeof id, "%s", setting);
  if (!id[0]) enrolment_station(card, catalog, id);
  return kiosk_find_station(catalog, id, station, problem);
}

static bool check_ui(const struct ui_options *ui, struct problem *problem) {
  struct fonts *fonts = NULL;
  struct strings *strings = NULL;
  struct theme theme;
  bool good = theme_open(ui->themes, &theme, problem) && fonts_open(ui->fonts, &fonts, problem) &&
              strings_open(ui->strings, &strings, problem);
  fonts_close(fonts);
  strings_close(strings);
  return good;
}

/* Nothing is written: a pack that is named is looked at where it lies, and only a data folder that has
 * its key already is asked for its own pack. */
static bool check_pack(const struct kiosk_options *o, const struct wire_setup *card, struct pack **pack,
                       struct problem *problem) {
  struct minisign_pub pub;
  struct kiosk_identity identity;
  char path[PATH_MAX], comment[256];
  const char *key = o->pub[0] ? o->pub : card->pub;
  if (*key && !kiosk_read_pub(key, &pub, problem)) return false;
  if (o->pack[0]) return minisign_verify(&pub, o->pack, comment, sizeof comment, problem) && pack_open(o->pack, pack, problem);
  snprintf(path, sizeof path, "%s/kiosk.key", o->data);
  if (!*key || access(path, F_OK) != 0) {
    return problem_set(
        problem, "没有活动包：请用 pack = 文件 和 pub = 公钥 指明（数据文件夹 %s 里也还没有）；没有活动包只能开现场聚会",
        "no pack: name one by pack = FILE and pub = KEY (the data folder %s has none yet, either); without one, only "
        "a meetup on the spot can be held",
        o->data);
  }
  bool good = journal_identity(o->data, o->name, &identity, problem) &&
              pack_install(NULL, o->data, &pub, identity.stamp_key, o->allow_build, pack, problem);
  sodium_memzero(&identity, sizeof identity);
  return good;
}

/* A camera that isn't there yet may still be plugged in: no error, and yet to be told. */
static bool check_camera(const struct kiosk_options *o, char state[96], bool *lost, struct problem *problem) {
  struct camera camera;
  struct frame frame;
  int64_t due_ms;
  if (access(o->decoder, X_OK) != 0) {
    return problem_set(problem, "找不到解码程序 %s", "there is no decoder program %s", o->decoder);
  }
  if (!camera_open(&camera, o->camera, &o->camera_options, problem)) return false;
  *lost = camera.ops->take(camera.self, tick_now(o->clock), &frame, &due_ms) == CAMERA_LOST;
  snprintf(state, 96, "%s", camera.ops->state(camera.self));
  camera_close(&camera);
  return true;
}

static bool check_sensors(const struct kiosk_options *o, struct problem *problem) {
  void *sensors = NULL;
  if (!o->sensors) return true;
  const bool good = o->sensors->open(o->sensors_address, &sensors, problem);
  o->sensors->close(sensors);
  return good;
}

static void warn_of_camera(const char *camera, const char *state, json_t *line) {
  struct problem problem;
  problem_set(
      &problem, "警告：摄像头 %s 现在没有画面（%s）：请插好，或用 camera = 改正；接上后签到机会自动使用",
      "warning: the camera %s gives no picture now (%s): plug it in, or set camera = right; the kiosk takes it as soon as "
      "it is there",
      camera, state);
  problem_print(&problem, "yingbin-kiosk");
  json_object_set_new(line, "warnings", json_pack("[s]", problem.en));
}

bool kiosk_check(const struct kiosk_options *o, FILE *out, struct problem *problem) {
  char camera[96] = "";
  bool lost = false;
  struct pack *pack = NULL;
  int16_t station = -1;
  if (sodium_init() < 0) return problem_set(problem, "无法启用加密库", "the crypto library can't be started");
  struct wire_setup card;
  bool good = kiosk_sync_card(o->data, &card, problem) && check_pack(o, &card, &pack, problem) &&
              kiosk_own_station(o->station, &card, pack_catalog(pack), &station, problem) && check_ui(&o->ui, problem) &&
              check_sensors(o, problem) && check_camera(o, camera, &lost, problem);
  json_t *line = NULL;
  if (good) {
    const struct catalog *catalog = pack_catalog(pack);
    line = json_pack("{s:s, s:s, s:I, s:s, s:s}", "check", "ok", "pack", catalog->name, "build", (json_int_t)catalog->build,
                     "station", catalog->station[station].id, "camera", camera);
    if (lost) warn_of_camera(o->camera, camera, line);
    good = line && json_dumpf(line, out, JSON_COMPACT) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    if (!good) problem_set(problem, "无法写出结果", "the result can't be written");
  }
  json_decref(line);
  pack_close(pack);
  return good;
}
