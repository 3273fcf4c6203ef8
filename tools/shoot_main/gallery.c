/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/shoot_main/gallery.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ui/shot.h"

enum { TENTH = 10, PAGE_MOST = 1 << 20 };
static const char place[] = "/*SHOTS*/";

bool gallery_open(struct gallery *g, const char *folder, const char *page, struct problem *problem) {
  char thumbs[PATH_MAX];
  *g = (struct gallery){.folder = folder, .page = page};
  snprintf(thumbs, sizeof thumbs, "%s/thumbs", folder);
  if (!folder_make(folder, 0755, problem) || !folder_make(thumbs, 0755, problem)) return false;
  g->entries = open_memstream(&g->list, &g->list_len);
  return g->entries != NULL || problem_set(problem, "内存不够", "not enough memory");
}

/* What an eye sees from ten times as far: the mean of each square. Owned by the caller. */
static uint8_t *tenth(const uint8_t *rgb, int w, int h) {
  const int tw = w / TENTH, th = h / TENTH;
  uint8_t *out = malloc((size_t)tw * (size_t)th * 3);
  if (out == NULL) return NULL;
  for (int y = 0; y < th; y++)
    for (int x = 0; x < tw; x++)
      for (int k = 0; k < 3; k++) {
        unsigned sum = 0;
        for (int dy = 0; dy < TENTH; dy++)
          for (int dx = 0; dx < TENTH; dx++)
            sum += rgb[((size_t)(y * TENTH + dy) * (size_t)w + (size_t)(x * TENTH + dx)) * 3 + (size_t)k];
        out[((size_t)y * (size_t)tw + (size_t)x) * 3 + (size_t)k] = (uint8_t)(sum / (TENTH * TENTH));
      }
  return out;
}

bool gallery_add(struct gallery *g, const struct matrix_place *at, const uint8_t *rgb, int w, int h, struct problem *problem) {
  char name[256], path[PATH_MAX], title[64];
  uint8_t *small = tenth(rgb, w, h);
  if (small == NULL) return problem_set(problem, "内存不够", "not enough memory");
  matrix_name(at, name, sizeof name);
  snprintf(path, sizeof path, "%s/%s.png", g->folder, name);
  bool good = shot_write_rgb(rgb, w, h, path, problem);
  snprintf(path, sizeof path, "%s/thumbs/%s.png", g->folder, name);
  good = good && shot_write_rgb(small, w / TENTH, h / TENTH, path, problem);
  free(small);
  if (!good) return false;
  case_title(at->shot, title, sizeof title);
  char *verdict = strchr(title, '-');
  *verdict++ = '\0';
  fprintf(g->entries, "[\"%s\",\"%s\",\"%s\",\"%dx%d\",\"%s\",\"%s\"],\n", title, verdict, matrix_langs[at->lang].name, w, h,
          matrix_themes[at->theme], screen_cases[at->shot].name);
  g->pictures++;
  return true;
}

bool gallery_finish(struct gallery *g, struct problem *problem) {
  char *page = NULL, *whole = NULL, path[PATH_MAX];
  size_t len = 0, whole_len = 0;
  if (!file_read(g->page, PAGE_MOST, &page, &len, problem)) return false;
  char *here = strstr(page, place);
  bool good = here != NULL || problem_set(problem, "%1$s 里没有 %2$s", "there is no %2$s in %1$s", g->page, place);
  if (good) {
    fflush(g->entries);
    FILE *out = open_memstream(&whole, &whole_len);
    fprintf(out, "%.*s%s%s", (int)(here - page), page, g->list, here + sizeof place - 1);
    fclose(out);
    snprintf(path, sizeof path, "%s/index.html", g->folder);
    good = file_write(path, whole, whole_len, 0644, problem);
  }
  free(whole);
  free(page);
  return good;
}

void gallery_close(struct gallery *g) {
  if (g->entries != NULL) fclose(g->entries);
  free(g->list);
}
