/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/demo_folder.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "core/day.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/demo_phone.h"
#include "tools/yingbin/demo_story.h"

enum { SAMPLE_MOST = 1 << 22, DATE_LEN = 10 };

static const char mark[] = ".yingbin-demo"; /* a folder with this file in it is an earlier demo's */
static const struct zone china = {.name = "Asia/Shanghai", .spans = 1, .offset_s = {DEMO_EAST_S}};

int32_t demo_day(int64_t wall_ms) {
  struct civil c = civil_of(&china, wall_ms);
  return day_from_civil(c.year, c.month, c.day);
}

static bool is_date(const char *at, int32_t *day) {
  static const char shape[] = "0000-00-00";
  for (int i = 0; i < DATE_LEN; i++)
    if (shape[i] == '-' ? at[i] != '-' : at[i] < '0' || at[i] > '9') return false;
  *day = day_from_civil(atoi(at), atoi(at + 5), atoi(at + 8));
  return true;
}

char *demo_move_dates(const char *ini, int32_t days) {
  char *out = strdup(ini);
  for (char *line = out; line && *line;) {
    char *end = line + strcspn(line, "\n");
    bool comment = line[strspn(line, " \t")] == '#' || line[strspn(line, " \t")] == ';';
    for (char *at = line; !comment && at + DATE_LEN <= end; at++) {
      int32_t day;
      char text[32];
      if (!is_date(at, &day)) continue;
      struct civil c = civil_of(&china, ((int64_t)day + days) * 86400000 - DEMO_EAST_S * 1000);
      snprintf(text, sizeof text, "%04d-%02d-%02d", c.year, c.month, c.day);
      memcpy(at, text, DATE_LEN);
      at += DATE_LEN - 1;
    }
    line = *end ? end + 1 : end;
  }
  return out;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
  (void)st, (void)kind, (void)where;
  return remove(path);
}

static bool empty(const char *folder) {
  DIR *dir = opendir(folder);
  if (!dir) return errno == ENOENT;
  int entries = 0;
  while (entries <= 2 && readdir(dir)) entries++;
  closedir(dir);
  return entries <= 2; /* . and .. */
}

bool demo_folder_clear(const char *out, struct problem *problem) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", out, mark) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", out);
  if (access(path, F_OK) && !empty(out)) {
    return problem_set(problem, "%s 里有别的文件，演示不会动它：请用 --out 指定新文件夹",
                       "%s holds other files, which the demo leaves alone: name a new folder with --out", out);
  }
  const char *ours[STORIES + 2] = {"demo.key", "demo.pub"};
  for (int i = 0; i < STORIES; i++) ours[2 + i] = stories[i].event;
  for (int i = 0; i < STORIES + 2; i++) {
    char old[PATH_MAX];
    if (snprintf(old, sizeof old, "%s/%s", out, ours[i]) >= PATH_MAX) continue;
    if (nftw(old, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
      return problem_set(problem, "清不空 %s：%s", "can't clear %s: %s", old, strerror(errno));
  }
  return folder_make(out, 0700, problem) && file_write(path, "", 0, 0600, problem);
}

static bool copy_file(const char *from, const char *to, struct problem *problem) {
  char *bytes = NULL;
  size_t len;
  bool good = file_read(from, SAMPLE_MOST, &bytes, &len, problem) && file_write(to, bytes, len, 0600, problem);
  free(bytes);
  return good;
}

/* The first event begins today; all else keeps its distance to it. */
static bool copy_ini(const char *from, const char *to, int32_t today, struct problem *problem) {
  char *ini = NULL, *moved = NULL;
  size_t len;
  int32_t day;
  if (!file_read(from, SAMPLE_MOST, &ini, &len, problem)) return false;
  const char *starts = strstr(ini, "\nstarts = ");
  bool good = (starts && is_date(starts + strlen("\nstarts = "), &day)) ||
              problem_set(problem, "%s：应有「starts = 年-月-日」一行", "%s: expected a line 'starts = YYYY-MM-DD'", from);
  if (good) moved = demo_move_dates(ini, today - day);
  if (good && !moved) good = problem_set(problem, "内存不足", "out of memory");
  good = good && file_write(to, moved, strlen(moved), 0600, problem);
  free(moved);
  free(ini);
  return good;
}

static const char *pick(const char *const *list, int count, uint64_t *chance) {
  return list[people_chance(chance) % (unsigned)count];
}
#define PICK(list, chance) pick(list, (int)(sizeof(list) / sizeof *(list)), chance)

/* One invented row, in the columns of the committed core: 票号,姓名,手机,邮箱,单位,职务,票种,座位,人数,关注,状态 */
static void put_row(FILE *out, int number, uint64_t *chance) {
  static const char *const surname[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴",   "周",   "徐",   "孙",
                                        "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑",   "梁",   "谢",   "宋",
                                        "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "司马", "上官", "诸葛", "欧阳"};
  static const char *const given[] = {"伟", "芳", "娜", "敏", "静", "磊", "洋", "艳", "勇", "杰", "娟",
                                      "涛", "明", "超", "霞", "平", "刚", "桂", "文", "辉", "玲", "华",
                                      "丹", "萍", "鹏", "宇", "晨", "思", "雨", "欣", "子", "轩"};
  static const char *const organization[] = {"",        "开源社", "蜀山科技", "云原生实验室", "橙子智能", "南方大学计算机学院",
                                             "自由职业"};
  static const char *const title[] = {"", "工程师", "学生", "架构师", "研究员", "布道师", "产品经理"};
  static const char *const type[] = {"观众", "观众", "观众", "观众", "观众", "志愿者", "讲师", "媒体", "合作伙伴", "次日票"};
  const char *second = people_chance(chance) % 4 ? PICK(given, chance) : "";
  fprintf(out, "C%05d,%s%s%s,138%08d,guest%04d@example.org,%s,%s,%s,,1,,已通过\n", number, PICK(surname, chance),
          PICK(given, chance), second, 10000 + number, number, PICK(organization, chance), PICK(title, chance),
          PICK(type, chance));
}

static bool fill_roster(const char *roster, struct problem *problem) {
  char *core = NULL, *all = NULL;
  size_t core_len, len = 0;
  if (!file_read(roster, SAMPLE_MOST, &core, &core_len, problem)) return false;
  FILE *out = open_memstream(&all, &len);
  bool good = out || problem_set(problem, "内存不足", "out of memory");
  uint64_t chance = 2023;
  if (out) {
    fwrite(core, 1, core_len, out);
    int rows = 0;
    for (const char *at = core; (at = strstr(at, "\nC")); at++) rows++;
    for (int number = rows + 1; number <= DEMO_ROSTER; number++) put_row(out, number, &chance);
    good = !fclose(out) || problem_set(problem, "内存不足", "out of memory");
  }
  good = good && file_write(roster, all, len, 0600, problem);
  free(all);
  free(core);
  return good;
}

static bool copy_entry(const char *name, const char *from, const char *to, int32_t today, struct problem *problem) {
  char source[PATH_MAX], target[PATH_MAX];
  if (snprintf(source, sizeof source, "%s/%s", from, name) >= PATH_MAX ||
      snprintf(target, sizeof target, "%s/%s", to, name) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", to);
  if (!strcmp(name, "pack.ini")) return copy_ini(source, target, today, problem);
  return copy_file(source, target, problem) && (strcmp(name, "coscon.csv") || fill_roster(target, problem));
}

bool demo_folder_copy(const char *event, const char *to, int32_t today, struct problem *problem) {
  char name[64], from[PATH_MAX];
  snprintf(name, sizeof name, "sample/%s", event);
  if (!assets_find(name, from, problem) || !folder_make(to, 0700, problem)) return false;
  DIR *dir = opendir(from);
  if (!dir) return problem_set(problem, "打不开 %s：%s", "can't open %s: %s", from, strerror(errno));
  bool good = true;
  for (struct dirent *entry; good && (entry = readdir(dir));)
    if (entry->d_name[0] != '.') good = copy_entry(entry->d_name, from, to, today, problem);
  closedir(dir);
  return good;
}
