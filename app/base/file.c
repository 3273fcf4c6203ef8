/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_read(const char *path, struct problem *problem) {
  return problem_system(problem, errno, "无法读取", "can't read", path);
}

static bool cannot_write(const char *path, struct problem *problem) {
  return problem_system(problem, errno, "无法写入", "can't write", path);
}

/* Up to `most` + 1 bytes, so that the caller sees what is too large; NULL with errno set. */
static char *read_all(int fd, size_t most, size_t *len) {
  size_t room = 4096, used = 0;
  char *bytes = malloc(room + 1);
  while (bytes && used <= most) {
    if (used == room) {
      char *more = realloc(bytes, room * 2 + 1);
      if (!more) break;
      bytes = more;
      room *= 2;
    }
    ssize_t n = read(fd, bytes + used, room - used < most + 1 - used ? room - used : most + 1 - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    if (n == 0) {
      bytes[used] = '\0';
      *len = used;
      return bytes;
    }
    used += (size_t)n;
  }
  if (bytes && used > most) errno = EFBIG;
  int error = errno;
  free(bytes);
  errno = error;
  return NULL;
}

bool file_read(const char *path, size_t most, char **bytes, size_t *len, struct problem *problem) {
  *bytes = NULL;
  *len = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return cannot_read(path, problem);
  *bytes = read_all(fd, most, len);
  int error = errno;
  close(fd);
  if (*bytes) return true;
  errno = error;
  if (error == EFBIG)
    return problem_set(problem, "“%1$s”太大：最多 %2$zu 字节。这是正确的文件吗？",
                       "“%1$s” is too large: at most %2$zu bytes. Is it the right file?", path, most);
  return cannot_read(path, problem);
}

static bool sync_folder_of(const char *path) {
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t n = slash ? (size_t)(slash - path) : 0;
  if (n >= sizeof(folder)) return errno = ENAMETOOLONG, false;
  memcpy(folder, path, n);
  folder[n] = '\0';
  int fd = open(n ? folder : slash ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  bool good = fsync(fd) == 0 || errno == EINVAL; /* EINVAL: a file system whose folders can't be synced */
  close(fd);
  return good;
}

bool file_begin(const char *path, char *beside, struct problem *problem) {
  struct stat st;
  beside[0] = '\0';
  if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) /* never rename over a device or a folder */
    return problem_set(problem, "“%1$s”不是普通文件，请换一个文件名", "“%1$s” is not a regular file; choose another name",
                       path);
  if (snprintf(beside, PATH_MAX, "%s.part-XXXXXX", path) >= PATH_MAX) {
    beside[0] = '\0';
    errno = ENAMETOOLONG;
    return cannot_write(path, problem);
  }
  int fd = mkostemp(beside, O_CLOEXEC);
  if (fd < 0) {
    beside[0] = '\0';
    return cannot_write(path, problem);
  }
  close(fd);
  return true;
}

bool file_commit(const char *beside, const char *path, mode_t mode, struct problem *problem) {
  int fd = open(beside, O_RDONLY | O_CLOEXEC);
  bool good = fd >= 0 && fsync(fd) == 0;
  if (good && fchmod(fd, mode)) good = errno == EPERM; /* a stick whose files belong to who mounted it: it has no modes */
  int error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  if (good && rename(beside, path) == 0 && sync_folder_of(path)) return true;
  error = errno;
  cannot_write(path, problem);
  file_abandon(beside);
  errno = error;
  return false;
}

void file_abandon(const char *beside) {
  if (beside[0]) unlink(beside);
}

static bool write_all(int fd, const char *bytes, size_t len) {
  while (len > 0) {
    ssize_t n = write(fd, bytes, len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes += n;
    len -= (size_t)n;
  }
  return true;
}

bool file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct problem *problem) {
  char beside[PATH_MAX];
  if (!file_begin(path, beside, problem)) return false;
  int fd = open(beside, O_WRONLY | O_CLOEXEC);
  bool good = fd >= 0 && write_all(fd, bytes, len);
  int error = errno;
  if (fd >= 0) close(fd);
  if (good) return file_commit(beside, path, mode, problem);
  errno = error;
  cannot_write(path, problem);
  file_abandon(beside);
  return false;
}

bool folder_make(const char *path, mode_t mode, struct problem *problem) {
  char part[PATH_MAX];
  size_t len = strlen(path);
  if (len == 0 || len >= sizeof(part)) {
    errno = len ? ENAMETOOLONG : ENOENT;
    return problem_system(problem, errno, "无法创建文件夹", "can't make the folder", path);
  }
  for (size_t i = 1; i <= len; i++) {
    if (path[i] != '/' && path[i] != '\0') continue;
    memcpy(part, path, i);
    part[i] = '\0';
    struct stat st;
    if (mkdir(part, mode) == 0) {
      if (sync_folder_of(part)) continue;
    } else if (stat(part, &st) == 0) { /* whatever mkdir said: EEXIST, EROFS, EACCES */
      if (S_ISDIR(st.st_mode)) continue;
      errno = ENOTDIR;
    }
    return problem_system(problem, errno, "无法创建文件夹", "can't make the folder", part);
  }
  return true;
}
