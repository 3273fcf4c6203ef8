/* SPDX-License-Identifier: Apache-2.0
 * yingbin new: a folder to begin with. Its pack.ini explains itself, its roster is a template with two
 * example people, and every other command works on it as it is.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/pool.h"

enum { COLUMNS = 9, PEOPLE = 3, TEMPLATE_MOST = 64 * 1024 };

struct words { /* one language's template */
  const char *heading[COLUMNS];
  const char *person[PEOPLE][COLUMNS];
  const char *sheet, *ini; /* ini: in assets/; @name@, @day@ and @until@ are put in */
};

static const struct words chinese = {
    {"姓名", "手机", "邮箱", "单位", "职位", "票种", "座位", "人数", "状态"},
    {{"张三", "13800000001", "zhangsan@example.org", "某某公司", "工程师", "观众", "", "", "已通过"},
     {"欧阳晓晴", "13800000002", "ouyang@example.org", "某某社区", "讲师", "讲师", "第一排", "", "已通过"},
     {"阿卜杜热合曼·买买提", "13800000003", "", "", "", "观众", "", "3", "待审核"}},
    "报名表",
    "template/zh/pack.ini"};

static const struct words english = {
    {"Name", "Phone", "Email", "Company", "Job title", "Ticket type", "Seat", "Party size", "Status"},
    {{"Alex Chen", "13800000001", "alex@example.org", "Example Ltd", "Engineer", "Attendee", "", "", "confirmed"},
     {"María Hernández", "+34600000002", "maria@example.org", "Example Foundation", "", "Speaker", "Row 1", "", "confirmed"},
     {"张三", "13800000003", "", "", "", "Attendee", "", "3", "pending"}},
    "Roster",
    "template/en/pack.ini"};

static const char *path_of(struct pool *texts, const char *dir, const char *name) {
  return pool_format(texts, "%s/%s", dir, name);
}

static bool is_free(const char *path, struct problem *problem) {
  if (access(path, F_OK)) return true;
  return problem_set(problem, "%s 已经存在，不会覆盖：请换一个文件夹",
                     "%s is there already and stays as it is: choose another folder", path);
}

/* With the mark by which spreadsheets know UTF-8. */
static bool write_csv(const struct words *w, const char *path, struct problem *problem) {
  char *bytes = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&bytes, &len);
  if (!out) return problem_set(problem, "内存不足", "out of memory");
  fputs("\xef\xbb\xbf", out);
  for (int row = -1; row < PEOPLE; row++)
    for (int c = 0; c < COLUMNS; c++)
      fprintf(out, "%s%s", row < 0 ? w->heading[c] : w->person[row][c], c < COLUMNS - 1 ? "," : "\r\n");
  bool good = !fclose(out) && file_write(path, bytes, len, 0600, problem);
  free(bytes);
  return good;
}

/* Every column is text, so that telephone numbers and codes keep their digits whatever is typed in. */
static bool write_xlsx(const struct words *w, const char *path, struct problem *problem) {
  char beside[PATH_MAX];
  if (!file_begin(path, beside, problem)) return false;
  lxw_workbook *book = workbook_new(beside);
  lxw_worksheet *sheet = workbook_add_worksheet(book, w->sheet);
  lxw_format *text = workbook_add_format(book), *head = workbook_add_format(book);
  lxw_doc_properties properties = {.title = (char *)w->sheet, .created = 1577836800}; /* nothing of today's */
  workbook_set_properties(book, &properties);
  format_set_num_format_index(text, 49); /* @ */
  format_set_num_format_index(head, 49);
  format_set_bold(head);
  format_set_bg_color(head, 0xE5EEEC);
  format_set_bottom(head, LXW_BORDER_THIN);
  worksheet_set_column(sheet, 0, COLUMNS - 1, 18, text);
  worksheet_freeze_panes(sheet, 1, 0);
  for (int row = -1; row < PEOPLE; row++)
    for (int c = 0; c < COLUMNS; c++)
      worksheet_write_string(sheet, (lxw_row_t)(row + 1), (lxw_col_t)c, row < 0 ? w->heading[c] : w->person[row][c],
                             row < 0 ? head : text);
  lxw_error error = workbook_close(book);
  if (error == LXW_NO_ERROR) return file_commit(beside, path, 0600, problem);
  file_abandon(beside);
  return problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, lxw_strerror(error));
}

static bool write_ini(const struct words *w, const char *id, const struct civil *day, const char *path, struct pool *texts,
                      struct problem *problem) {
  const char *date = pool_format(texts, "%04d-%02d-%02d", day->year, day->month, day->day);
  struct tm later = {.tm_year = day->year - 1900, .tm_mon = day->month - 1 + 3, .tm_mday = 1}; /* in three months, the first */
  timegm(&later);
  const char *until = pool_format(texts, "%04d-%02d-%02d", later.tm_year + 1900, later.tm_mon + 1, later.tm_mday);
  const char *const put[][2] = {{"@name@", id}, {"@day@", date}, {"@until@", until}};
  char from[PATH_MAX], *template, *text = NULL;
  size_t len;
  if (!assets_find(w->ini, from, problem) || !file_read(from, TEMPLATE_MOST, &template, &len, problem)) return false;
  FILE *out = open_memstream(&text, &len);
  const char *at = template;
  if (!strncmp(at, "# SPDX", 6)) at = strchr(at, '\n') + 1; /* the template is ours, the folder isn't */
  for (; out && *at; at++) {
    const char *value = NULL;
    for (size_t i = 0; *at == '@' && i < sizeof put / sizeof *put; i++)
      if (!strncmp(at, put[i][0], strlen(put[i][0]))) value = put[i][1], at += strlen(put[i][0]) - 1;
    if (value)
      fputs(value, out);
    else
      fputc(*at, out);
  }
  free(template);
  bool good = out && !fclose(out) && file_write(path, text, len, 0600, problem);
  free(text);
  return good;
}

static bool make(const char *dir, const struct words *w, const struct civil *day, struct problem *problem) {
  static const char *const name[] = {"pack.ini", "roster.csv", "roster.xlsx"};
  struct pool texts = {0};
  const char *slash = strrchr(dir, '/'), *id = slash && slash[1] ? slash + 1 : dir;
  if (!form_id(id)) id = "my-event";
  bool good = true;
  for (size_t i = 0; i < sizeof name / sizeof *name && good; i++) good = is_free(path_of(&texts, dir, name[i]), problem);
  good = good && folder_make(dir, 0700, problem) && write_csv(w, path_of(&texts, dir, "roster.csv"), problem) &&
         write_xlsx(w, path_of(&texts, dir, "roster.xlsx"), problem) &&
         write_ini(w, id, day, path_of(&texts, dir, "pack.ini"), &texts, problem);
  pool_free(&texts);
  return good;
}

static struct civil next_saturday(void) {
  time_t now = time(NULL);
  struct tm tm;
  localtime_r(&now, &tm);
  now += (time_t)((6 - tm.tm_wday + 7) % 7 ? (6 - tm.tm_wday + 7) % 7 : 7) * 86400;
  localtime_r(&now, &tm);
  return (struct civil){.year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday};
}

static bool is_date(const char *text) {
  struct civil day;
  return form_date(text, &day);
}

enum { LANG_OF_NEW_EN = 1 }; /* among the choices of --lang */

struct arguments {
  const char *dir, *date;
  int lang;
};

static int new (void *values) {
  const struct arguments *a = values;
  const struct words *w = a->lang == LANG_OF_NEW_EN ? &english : &chinese;
  struct civil day = next_saturday();
  struct problem problem;
  if (a->date) form_date(a->date, &day);
  if (!make(a->dir, w, &day, &problem)) return problem_print(&problem, "yingbin new"), EXIT_FAILED;
  fprintf(stderr,
          "%1$s 已备好。接下来：改 %1$s/pack.ini 的名称、地点、日期；把报名表换成你的；然后\n"
          "%1$s is ready. Next: put your titles, place and dates into %1$s/pack.ini, your people into the roster; then\n\n"
          "  yingbin key new my\n  yingbin pack build %1$s -o %1$s.ybp --key my.key\n  yingbin tickets %1$s -o tickets\n",
          a->dir);
  puts("{\"new\":[\"pack.ini\",\"roster.csv\",\"roster.xlsx\"]}");
  return EXIT_DONE;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option new_row[] = {
    {OPTION_ARGUMENT, "DIR", .offset = AT(dir), .required = true, .zh = "新文件夹", .en = "the new folder"},
    {OPTION_CHOICE, "--lang", "zh|en|zh-Hans", .offset = AT(lang), .zh = "模板用哪种语言，默认中文",
     .en = "the template's language, zh unless given"},
    {OPTION_TEXT, "--date", "DAY", .offset = AT(date), .check = is_date, .zh = "活动日期，如 2027-05-01，默认下一个周六",
     .en = "the event's day, such as 2027-05-01; next Saturday unless given"},
    OPTION_LAST};

static const struct usage usage[] = {
    {"new", "新建活动文件夹：带说明的 pack.ini、报名表模板（roster.csv，以及给 Excel / WPS 用的 roster.xlsx）。",
     "A new event's folder: a pack.ini that explains itself and a template roster (roster.csv, and roster.xlsx for Excel).",
     .row = new_row, .run = new},
    {NULL}};

int cmd_new(int argc, char **argv) {
  struct arguments a = {.dir = NULL};
  return options_run(usage, argc, argv, &a);
}
