/* SPDX-License-Identifier: Apache-2.0 */
#include "base/problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { PATH_SHOWN = 400 };

/* Copies what fits; a text that doesn't ends with "…" behind a whole character. */
static void keep(char *out, size_t size, const char *text) {
  static const char more[] = "…";
  size_t len = strlen(text);
  if (len < size) {
    memcpy(out, text, len + 1);
    return;
  }
  size_t cut = utf8_cut(text, len, size - sizeof(more));
  memcpy(out, text, cut);
  memcpy(out + cut, more, sizeof(more));
}

bool(problem_set)(struct problem *p, const char *zh_format, const char *en_format, ...) {
  if (!p) return false;
  /* Twice the room: an argument may be a text of *p itself, and a cut must be seen to be marked. */
  char text[2 * sizeof(p->zh)], other[2 * sizeof(p->en)];
  va_list args, again;
  va_start(args, en_format);
  va_copy(again, args);
  vsnprintf(text, sizeof(text), zh_format, args);
  vsnprintf(other, sizeof(other), en_format, again);
  va_end(again);
  va_end(args);
  keep(p->zh, sizeof(p->zh), text);
  keep(p->en, sizeof(p->en), other);
  return false;
}

bool problem_within(struct problem *p, const char *what) {
  if (!p) return false;
  struct problem inner = *p;
  return problem_set(p, "%1$s：%2$s%3$.0s", "%1$s: %3$s%2$.0s", what, inner.zh, inner.en);
}

static const struct reason {
  int error;
  const char *zh, *en;
} reasons[] = {
    {ENOENT, "没有这个文件或文件夹，请检查路径", "no such file or folder; check the path"},
    {EACCES, "没有权限，请检查文件和文件夹的所有者与权限",
     "permission denied; check the owner and mode of the file and its folder"},
    {EPERM, "系统不允许，请检查权限", "not permitted; check the permissions"},
    {ENOSPC, "磁盘已满，请腾出空间后重试", "the disk is full; free some space and try again"},
    {EDQUOT, "磁盘配额已满，请腾出空间后重试", "the disk quota is used up; free some space and try again"},
    {EROFS, "文件系统是只读的，请换一个位置，或重新以读写方式挂载",
     "the file system is read-only; choose another place or mount it for writing"},
    {EISDIR, "这是文件夹，应当是文件", "it is a folder; a file was expected"},
    {ENOTDIR, "路径中有一段不是文件夹，请检查路径", "a part of the path is not a folder; check the path"},
    {EIO, "读写出错，磁盘或存储卡可能已损坏，请更换", "input/output error: the disk or card may be broken; replace it"},
    {ENAMETOOLONG, "路径太长，请缩短", "the path is too long; shorten it"},
    {EMFILE, "打开的文件太多", "too many open files"},
    {ENODEV, "没有这个设备，请检查是否接好", "no such device; check that it is plugged in"},
    {EBUSY, "正被占用，请先关闭占用它的程序", "it is in use; close the program that uses it"},
};

bool problem_system(struct problem *p, int error, const char *zh, const char *en, const char *path) {
  const char *why_zh = strerrordesc_np(error), *why_en = why_zh;
  for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
    if (reasons[i].error == error) why_zh = reasons[i].zh, why_en = reasons[i].en;
  if (!why_zh) why_zh = why_en = "errno?";
  size_t len = strlen(path), from = len > PATH_SHOWN ? len - PATH_SHOWN : 0; /* the reason must fit, too */
  while (from && ((unsigned char)path[from] & 0xC0) == 0x80) from++;
  return problem_set(p, "%1$s“%6$s%3$s”：%4$s。%2$.0s%5$.0s", "%2$s “%6$s%3$s”: %5$s.%1$.0s%4$.0s", zh, en, path + from, why_zh,
                     why_en, from ? "…" : "");
}

void problem_print(const struct problem *p, const char *prefix) {
  fprintf(stderr, "%s: %s\n%s: %s\n", prefix, p->zh, prefix, p->en);
}
