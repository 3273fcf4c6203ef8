/* SPDX-License-Identifier: Apache-2.0
 * Settings from defaults, a file and --set, and what is said of wrong ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <limits.h>
#include <unistd.h>

#include "base/config.h"
#include "base/file.h"

enum lang { ZH, EN };

struct settings {
  char name[16];
  char data[64], camera[64];
  int64_t fps;
  int64_t any;
  bool mirror;
  int lang;
};

#define AT(field) offsetof(struct settings, field), sizeof(((struct settings *)0)->field)

static const struct config_option table[] = {
    {"name", CONFIG_TEXT, AT(name), "kiosk", NULL, 0, 0, "签到机的名字", "the kiosk's name"},
    {"data", CONFIG_PATH, AT(data), "", NULL, 0, 0, "数据文件夹", "data folder"},
    {"camera_fps", CONFIG_INT, AT(fps), "30", NULL, 1, 120, "每秒帧数", "frames a second"},
    {"any", CONFIG_INT, AT(any), "-5", NULL, 0, 0, "随便一个数", "any number"},
    {"mirror", CONFIG_BOOL, AT(mirror), "yes", NULL, 0, 0, "是否显示镜像", "show the mirror"},
    {"lang", CONFIG_CHOICE, AT(lang), "zh", "zh|en|zh-Hant", 0, 0, "语言", "language"},
    {"source", CONFIG_SOURCE, AT(camera), "none", "i420", 0, 0, "摄像头", "camera"},
    {.key = NULL},
};

static char folder[] = "test_config-XXXXXX", file[64];
static struct settings s;
static struct problem problem;

static int up(void **state) {
  (void)state;
  if (!mkdtemp(folder)) return -1;
  snprintf(file, sizeof(file), "%s/kiosk.conf", folder);
  return 0;
}

static int down(void **state) {
  (void)state;
  unlink(file);
  return rmdir(folder);
}

static int defaults(void **state) {
  (void)state;
  memset(&s, 0xA5, sizeof(s));
  problem = (struct problem){"", ""};
  return config_defaults(table, &s, &problem) ? 0 : -1;
}

static bool reads(const char *text) {
  return file_write(file, text, strlen(text), 0600, &problem) && config_read(table, &s, file, &problem);
}

static void told(const char *zh, const char *en) {
  if (!strstr(problem.zh, zh) || !strstr(problem.en, en)) fail_msg("%s / %s", problem.zh, problem.en);
}

static void from_defaults(void **state) {
  (void)state;
  assert_string_equal(s.name, "kiosk");
  assert_string_equal(s.data, "");
  assert_true(s.fps == 30 && s.any == -5 && s.mirror && s.lang == ZH);
}

static void from_a_file(void **state) {
  (void)state;
  char expected[128];
  assert_true(reads("# 设置\nname = 东门 1\ncamera_fps=15\nmirror = no\nlang = en\ndata = var/door\nname = 东门 2\n"));
  snprintf(expected, sizeof(expected), "%s/var/door", folder);
  assert_string_equal(s.name, "东门 2");
  assert_string_equal(s.data, expected); /* beside the file, wherever we are started */
  assert_true(s.fps == 15 && !s.mirror && s.lang == EN);
  assert_true(reads("data = /srv/yingbin\n"));
  assert_string_equal(s.data, "/srv/yingbin");
  assert_true(reads("data =\n"));
  assert_string_equal(s.data, "");
}

static void beside_a_file_without_a_folder(void **state) {
  (void)state;
  char before[PATH_MAX];
  assert_non_null(getcwd(before, sizeof(before)));
  assert_true(file_write(file, "data = d\n", 9, 0600, &problem));
  assert_int_equal(chdir(folder), 0);
  bool good = config_read(table, &s, "kiosk.conf", &problem);
  assert_int_equal(chdir(before), 0);
  assert_true(good);
  assert_string_equal(s.data, "./d");
}

static void from_the_command_line(void **state) {
  (void)state;
  assert_true(config_set(table, &s, "name=a=b", &problem));
  assert_string_equal(s.name, "a=b");
  assert_true(config_set(table, &s, "data=here", &problem)); /* where we are, not where a file is */
  assert_string_equal(s.data, "here");
  assert_true(config_set(table, &s, "lang=zh-Hant", &problem));
  assert_int_equal(s.lang, 2);
  assert_true(config_set(table, &s, "any=-9223372036854775808", &problem));
  assert_true(s.any == INT64_MIN);
}

static void a_source_has_its_path_beside_the_file(void **state) {
  (void)state;
  static const struct {
    const char *written, *read; /* %s: the file's folder */
  } rows[] = {{"none", "none"},
              {"y4m:queue.y4m once", "y4m:%s/queue.y4m once"},
              {"y4m:/srv/a:b.y4m", "y4m:/srv/a:b.y4m"},
              {"files:", "files:"},
              {"i420:640x480@30:pipe", "i420:640x480@30:%s/pipe"},
              {"i420:640x480@30:/srv/pipe", "i420:640x480@30:/srv/pipe"},
              {"i420:640x480@30", "i420:640x480@30"}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char line[128], expected[128];
    const char *at = strstr(rows[i].read, "%s");
    const int head = at ? (int)(at - rows[i].read) : (int)strlen(rows[i].read);
    snprintf(line, sizeof(line), "source = %s\n", rows[i].written);
    snprintf(expected, sizeof(expected), "%.*s%s%s", head, rows[i].read, at ? folder : "", at ? at + 2 : "");
    assert_true(reads(line));
    assert_string_equal(s.camera, expected);
    snprintf(line, sizeof(line), "source=%s", rows[i].written);
    assert_true(config_set(table, &s, line, &problem));
    assert_string_equal(s.camera, rows[i].written);
  }
}

static void a_whole_command_line(void **state) {
  (void)state;
  bool check = false, print = false;
  const char *out = NULL;
  const struct config_flag flags[] = {
      {"--check", &check, NULL}, {"--print", &print, NULL}, {"--out", NULL, &out}, {.name = NULL}};
  assert_true(reads("name = file\ncamera_fps = 20\n"));
  defaults(NULL);
  char *good[] = {"program", "user", "--set", "name=a", "--check", "--config", file, "--out", "--set", "--set", "any=7"};
  assert_true(config_line(table, flags, &s, 11, good, 2, &problem));
  assert_string_equal(s.name, "file");
  assert_true(s.fps == 20 && s.any == 7 && check && !print);
  assert_string_equal(out, "--set"); /* whatever stands there */
  static const struct {
    char *word, *value;
    const char *zh, *en;
  } rows[] = {{"--nonsense", NULL, "不认识的参数 --nonsense", "unknown argument --nonsense"},
              {"name=a", NULL, "不认识的参数 name=a", "unknown argument name=a"},
              {"--set", NULL, "--set 后面缺一个值", "missing after --set"},
              {"--config", NULL, "--config 后面缺一个值", "missing after --config"},
              {"--out", NULL, "--out 后面缺一个值", "missing after --out"},
              {"--set", "any=x", "整数", "whole number"},
              {"--config", "nowhere.conf", "nowhere.conf", "nowhere.conf"}};
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char *bad[] = {"program", rows[i].word, rows[i].value};
    assert_false(config_line(table, flags, &s, rows[i].value ? 3 : 2, bad, 1, &problem));
    told(rows[i].zh, rows[i].en);
  }
}

static void wrong_values(void **state) {
  (void)state;
  static const struct {
    const char *pair, *zh, *en;
  } rows[] = {
      {"camera_fps=0", "1 到 120", "from 1 to 120"},
      {"camera_fps=121", "1 到 120", "from 1 to 120"},
      {"camera_fps=", "整数", "whole number"},
      {"camera_fps=30fps", "整数", "whole number"},
      {"camera_fps= 30", "整数", "whole number"},
      {"camera_fps=+30", "整数", "whole number"},
      {"camera_fps=0x10", "整数", "whole number"},
      {"any=9223372036854775808", "整数", "whole number"},
      {"any=111111111111111111111111111111", "整数", "whole number"},
      {"mirror=true", "yes 或 no", "yes or no"},
      {"mirror=", "yes 或 no", "yes or no"},
      {"lang=de", "zh|en|zh-Hant", "zh|en|zh-Hant"},
      {"lang=zh|en", "zh|en|zh-Hant", "zh|en|zh-Hant"},
      {"lang=", "zh|en|zh-Hant", "zh|en|zh-Hant"},
      {"name=sixteen bytes it", "最多 15 字节", "at most 15 bytes"},
      {"nmae=x", "--set：没有“nmae”这个键。可用的键：name, data",
       "--set: unknown key “nmae”. Known keys: name, data, camera_fps"},
      {"name", "键=值", "key=value"},
      {"=x", "键=值", "key=value"},
      {"", "键=值", "key=value"},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct settings before = s;
    if (config_set(table, &s, rows[i].pair, &problem)) fail_msg("%s was taken", rows[i].pair);
    told(rows[i].zh, rows[i].en);
    told("--set", "--set");
    assert_true(s.fps == before.fps && s.any == before.any && s.mirror == before.mirror && s.lang == before.lang);
  }
}

static void wrong_files(void **state) {
  (void)state;
  assert_false(reads("name = a\n\ncamera_fps = fast\n"));
  told("kiosk.conf 第 3 行：camera_fps = fast", "kiosk.conf, line 3: camera_fps = fast");
  assert_false(reads("name = a\ncamera = v4l2\n"));
  told("kiosk.conf 第 2 行", "kiosk.conf, line 2: unknown key “camera”. Known keys: name, data");
  assert_false(reads("[kiosk]\nname = a\n"));
  told("没有小节", "no sections");
  assert_false(reads("name\n"));
  told("第 1 行", "line 1");
  assert_false(config_read(table, &s, "/nowhere/kiosk.conf", &problem));
  told("/nowhere/kiosk.conf", "/nowhere/kiosk.conf");
}

/* What --print-config writes is a file that says the same. */
static void printed_and_read_again(void **state) {
  (void)state;
  assert_true(config_set(table, &s, "name=门 # 1", &problem) && config_set(table, &s, "data=/srv/x", &problem) &&
              config_set(table, &s, "camera_fps=25", &problem) && config_set(table, &s, "mirror=no", &problem) &&
              config_set(table, &s, "lang=zh-Hant", &problem));
  struct settings before = s;
  FILE *out = fopen(file, "w");
  assert_non_null(out);
  config_print(table, &s, out);
  fclose(out);
  defaults(NULL);
  assert_true(config_read(table, &s, file, &problem));
  assert_string_equal(s.name, before.name);
  assert_string_equal(s.data, before.data);
  assert_true(s.fps == 25 && s.any == -5 && !s.mirror && s.lang == 2);
}

static void help_has_all(void **state) {
  (void)state;
  char *text;
  size_t len;
  FILE *out = open_memstream(&text, &len);
  assert_non_null(out);
  config_help(table, out);
  fclose(out);
  for (const struct config_option *o = table; o->key; o++)
    assert_true(strstr(text, o->key) && strstr(text, o->help_zh) && strstr(text, o->help_en));
  assert_non_null(strstr(text, "zh|en|zh-Hant"));
  assert_non_null(strstr(text, "1..120"));
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(from_defaults, defaults),
      cmocka_unit_test_setup(from_a_file, defaults),
      cmocka_unit_test_setup(beside_a_file_without_a_folder, defaults),
      cmocka_unit_test_setup(from_the_command_line, defaults),
      cmocka_unit_test_setup(a_source_has_its_path_beside_the_file, defaults),
      cmocka_unit_test_setup(a_whole_command_line, defaults),
      cmocka_unit_test_setup(wrong_values, defaults),
      cmocka_unit_test_setup(wrong_files, defaults),
      cmocka_unit_test_setup(printed_and_read_again, defaults),
      cmocka_unit_test_setup(help_has_all, defaults),
  };
  return cmocka_run_group_tests(tests, up, down);
}
