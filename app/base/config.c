/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ini.h"
#include "base/utf8.h"

enum { CONFIG_FILE_MAX = 1 << 20, KEYS_MAX = 128 };

/* Where a value came from: for messages, and for paths. */
struct origin {
  const char *where_zh, *where_en, *folder;
};

static const struct config_option *find(const struct config_option *table, struct slice key) {
  for (const struct config_option *o = table; o->key; o++)
    if (slice_is(key, o->key)) return o;
  return NULL;
}

static bool wrong(const struct origin *from, const struct config_option *o, struct slice value, const char *zh, const char *en,
                  struct problem *problem) {
  char shown[128];
  size_t n = utf8_cut(value.at, value.len, sizeof(shown) - 1);
  memcpy(shown, value.at, n);
  shown[n] = '\0';
  return problem_set(problem, "%1$s：%3$s = %4$s：%5$s%2$.0s%6$.0s", "%2$s: %3$s = %4$s: %6$s%1$.0s%5$.0s", from->where_zh,
                     from->where_en, o->key, shown, zh, en);
}

static bool set_text(const struct origin *from, const struct config_option *o, char *field, struct slice value,
                     struct problem *problem) {
  if (slice_copy(value, field, o->size)) return true;
  char zh[64], en[64];
  snprintf(zh, sizeof(zh), "太长，最多 %zu 字节", o->size - 1);
  snprintf(en, sizeof(en), "too long; at most %zu bytes", o->size - 1);
  return wrong(from, o, value, zh, en, problem);
}

/* Behind its first `head` bytes the value is a path. */
static bool set_beside(const struct origin *from, const struct config_option *o, char *field, struct slice value, size_t head,
                       struct problem *problem) {
  char text[2 * PATH_MAX];
  if (head == value.len || value.at[head] == '/' || !from->folder) return set_text(from, o, field, value, problem);
  const int n =
      snprintf(text, sizeof(text), "%.*s%s/%.*s", (int)head, value.at, from->folder, (int)(value.len - head), value.at + head);
  return set_text(from, o, field, (struct slice){text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1}, problem);
}

static bool set_path(const struct origin *from, const struct config_option *o, char *field, struct slice value,
                     struct problem *problem) {
  return set_beside(from, o, field, value, memmem(value.at, value.len, "://", 3) ? value.len : 0, problem);
}

static bool set_source(const struct origin *from, const struct config_option *o, char *field, struct slice value,
                       struct problem *problem) {
  const char *end = value.at + value.len, *colon = memchr(value.at, ':', value.len);
  if (colon && o->choices && slice_is((struct slice){value.at, (size_t)(colon - value.at)}, o->choices))
    colon = memchr(colon + 1, ':', (size_t)(end - colon - 1));
  return set_beside(from, o, field, value, colon ? (size_t)(colon + 1 - value.at) : value.len, problem);
}

static bool set_int(const struct origin *from, const struct config_option *o, int64_t *field, struct slice value,
                    struct problem *problem) {
  char digits[24], *end = digits;
  bool good = slice_copy(value, digits, sizeof(digits)) && digits[0] != '\0' && !strpbrk(digits, " \t+");
  errno = 0;
  long long number = strtoll(digits, &end, 10);
  bool bounded = o->least != 0 || o->most != 0;
  if (good && errno == 0 && *end == '\0' && (!bounded || (number >= o->least && number <= o->most))) {
    *field = number;
    return true;
  }
  char zh[96] = "应当是整数", en[96] = "a whole number was expected";
  if (bounded) {
    snprintf(zh, sizeof(zh), "应当是 %lld 到 %lld 之间的整数", (long long)o->least, (long long)o->most);
    snprintf(en, sizeof(en), "a whole number from %lld to %lld was expected", (long long)o->least, (long long)o->most);
  }
  return wrong(from, o, value, zh, en, problem);
}

static bool set_bool(const struct origin *from, const struct config_option *o, bool *field, struct slice value,
                     struct problem *problem) {
  if (!slice_is(value, "yes") && !slice_is(value, "no"))
    return wrong(from, o, value, "应当是 yes 或 no", "yes or no was expected", problem);
  *field = slice_is(value, "yes");
  return true;
}

/* The n-th name of "a|b|c"; false: there are fewer. */
static bool choice(const char *choices, int n, struct slice *out) {
  for (; n > 0 && choices; n--)
    if ((choices = strchr(choices, '|'))) choices++;
  if (!choices) return false;
  *out = (struct slice){choices, strcspn(choices, "|")};
  return true;
}

static bool set_choice(const struct origin *from, const struct config_option *o, int *field, struct slice value,
                       struct problem *problem) {
  struct slice one;
  for (int i = 0; choice(o->choices, i, &one); i++)
    if (one.len == value.len && memcmp(one.at, value.at, one.len) == 0) {
      *field = i;
      return true;
    }
  char zh[256], en[256];
  snprintf(zh, sizeof(zh), "应当是其中之一：%s", o->choices);
  snprintf(en, sizeof(en), "one of these was expected: %s", o->choices);
  return wrong(from, o, value, zh, en, problem);
}

static bool set(const struct origin *from, const struct config_option *o, void *settings, struct slice value,
                struct problem *problem) {
  void *field = (char *)settings + o->offset;
  switch (o->type) {
  case CONFIG_TEXT: return set_text(from, o, field, value, problem);
  case CONFIG_PATH: return set_path(from, o, field, value, problem);
  case CONFIG_SOURCE: return set_source(from, o, field, value, problem);
  case CONFIG_INT: return set_int(from, o, field, value, problem);
  case CONFIG_BOOL: return set_bool(from, o, field, value, problem);
  case CONFIG_CHOICE: return set_choice(from, o, field, value, problem);
  }
  assert(!"a type of the table");
  return false;
}

bool config_defaults(const struct config_option *table, void *settings, struct problem *problem) {
  struct origin from = {"默认值", "default", NULL};
  for (const struct config_option *o = table; o->key; o++)
    if (!set(&from, o, settings, (struct slice){o->fallback, strlen(o->fallback)}, problem)) return false;
  return true;
}

static void known_keys(const struct config_option *table, const char *known[KEYS_MAX]) {
  size_t n = 0;
  for (; table[n].key; n++) {
    assert(n < KEYS_MAX - 1);
    known[n] = table[n].key;
  }
  known[n] = NULL;
}

static bool read_pair(const struct config_option *table, void *settings, const struct ini *ini, const struct ini_item *item,
                      const char *folder, struct problem *problem) {
  const struct config_option *o = find(table, item->key);
  if (!o) {
    const char *known[KEYS_MAX];
    known_keys(table, known);
    return ini_unknown(ini, item, known, problem);
  }
  char zh[PATH_MAX + 64], en[PATH_MAX + 64];
  snprintf(zh, sizeof(zh), "%s 第 %d 行", ini->file, item->line);
  snprintf(en, sizeof(en), "%s, line %d", ini->file, item->line);
  return set(&(struct origin){zh, en, folder}, o, settings, item->value, problem);
}

bool config_read(const struct config_option *table, void *settings, const char *file, struct problem *problem) {
  char *text, folder[PATH_MAX];
  size_t len;
  if (!file_read(file, CONFIG_FILE_MAX, &text, &len, problem)) return false;
  const char *slash = strrchr(file, '/');
  snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
  struct ini ini;
  struct ini_item item;
  ini_init(&ini, file, text, len);
  bool good = true;
  while (good && ini_next(&ini, &item, problem) != INI_END) {
    if (item.kind == INI_SECTION)
      good = problem_set(problem, "%1$s 第 %2$d 行：这个文件没有小节，只有“键 = 值”",
                         "%1$s, line %2$d: this file has no sections, only “key = value”", file, item.line);
    else
      good = item.kind == INI_PAIR && read_pair(table, settings, &ini, &item, folder, problem);
  }
  free(text);
  return good;
}

bool config_set(const struct config_option *table, void *settings, const char *pair, struct problem *problem) {
  struct ini ini;
  struct ini_item item;
  ini_init(&ini, "--set", pair, strlen(pair));
  const char *equals = strchr(pair, '=');
  if (!equals || equals == pair)
    return problem_set(problem, "--set %1$s：应当是 --set 键=值", "--set %1$s: expected --set key=value", pair);
  item = (struct ini_item){.kind = INI_PAIR, .key = {pair, (size_t)(equals - pair)}, .value = {equals + 1, strlen(equals + 1)}};
  const struct config_option *o = find(table, item.key);
  if (o) return set(&(struct origin){"--set", "--set", NULL}, o, settings, item.value, problem);
  const char *known[KEYS_MAX];
  known_keys(table, known);
  return ini_unknown(&ini, &item, known, problem);
}

bool config_line(const struct config_option *table, const struct config_flag *flags, void *settings, int argc, char **argv,
                 int from, struct problem *problem) {
  for (int i = from; i < argc; i++) {
    const bool file = strcmp(argv[i], "--config") == 0, pair = strcmp(argv[i], "--set") == 0;
    const struct config_flag *f = flags;
    while (f->name && strcmp(argv[i], f->name) != 0) f++;
    if (!file && !pair && !f->name)
      return problem_set(problem, "不认识的参数 %s（--help 列出全部）", "unknown argument %s (--help lists them)", argv[i]);
    if (f->name && f->flag) {
      *f->flag = true;
      continue;
    }
    if (++i == argc) return problem_set(problem, "%s 后面缺一个值", "a value is missing after %s", argv[i - 1]);
    if (f->name)
      *f->value = argv[i];
    else if (!(file ? config_read(table, settings, argv[i], problem) : config_set(table, settings, argv[i], problem)))
      return false;
  }
  return true;
}

static void print_value(const struct config_option *o, const void *settings, FILE *out) {
  const void *field = (const char *)settings + o->offset;
  struct slice one;
  switch (o->type) {
  case CONFIG_TEXT:
  case CONFIG_PATH:
  case CONFIG_SOURCE: fputs(field, out); break;
  case CONFIG_INT: fprintf(out, "%lld", (long long)*(const int64_t *)field); break;
  case CONFIG_BOOL: fputs(*(const bool *)field ? "yes" : "no", out); break;
  case CONFIG_CHOICE:
    if (choice(o->choices, *(const int *)field, &one)) fprintf(out, "%.*s", (int)one.len, one.at);
    break;
  }
}

void config_print(const struct config_option *table, const void *settings, FILE *out) {
  for (const struct config_option *o = table; o->key; o++) {
    fprintf(out, "# %s\n# %s\n%s = ", o->help_zh, o->help_en, o->key);
    print_value(o, settings, out);
    fputc('\n', out);
  }
}

void config_help(const struct config_option *table, FILE *out) {
  for (const struct config_option *o = table; o->key; o++) {
    fprintf(out, "  %s = %s", o->key, o->fallback);
    if (o->type == CONFIG_CHOICE) fprintf(out, "   (%s)", o->choices);
    if (o->type == CONFIG_BOOL) fprintf(out, "   (yes|no)");
    if (o->type == CONFIG_INT && (o->least || o->most))
      fprintf(out, "   (%lld..%lld)", (long long)o->least, (long long)o->most);
    fprintf(out, "\n      %s\n      %s\n", o->help_zh, o->help_en);
  }
}
