/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/hub/page.h"

#include <stdlib.h>
#include <string.h>

#include "journal/record.h"

bool page_begin(struct page *page, int64_t after) {
  *page = (struct page){.cursor = after};
  page->out = open_memstream(&page->text, &page->len);
  if (page->out) fputs("{\"records\":[", page->out);
  return page->out != NULL;
}

bool page_put(struct page *page, int64_t cursor, const char *text, size_t len) {
  page->more = page->count == STORE_FEED_MOST;
  if (page->more) return false;
  if (page->count++) putc(',', page->out);
  fwrite(text, 1, len, page->out);
  page->cursor = cursor;
  return true;
}

/* What a stream in memory has got; NULL, and nothing of it is left: there was no memory for all of it. */
static char *closed(FILE *out, char **text) {
  const bool bad = ferror(out) != 0;
  if (fclose(out) == 0 && !bad) return *text;
  free(*text);
  return NULL;
}

char *page_end(struct page *page, const char *cursor, int64_t held_ms, const char *at, size_t *len) {
  fprintf(page->out, "],\"cursor\":\"%s\",\"more\":%s,\"held_ms\":%lld,\"at\":\"%s\"}", cursor, page->more ? "true" : "false",
          (long long)held_ms, at);
  char *text = closed(page->out, &page->text);
  *len = page->len;
  return text;
}

void page_drop(struct page *page) {
  fclose(page->out);
  free(page->text);
}

/* --- a record --- */

static void put_escaped(FILE *out, const char *text, size_t len) {
  json_t *value = json_stringn(text, len);
  if (!value || json_dumpf(value, out, JSON_ENCODE_ANY) != 0) fputs("\"\"", out);
  json_decref(value);
}

/* A flat record's texts are as they stand in its line: nothing in them is escaped, or has to be. */
static void put_member(FILE *out, const struct record *r, enum record_key key, const char *name) {
  const struct record_value *v = &r->value[key];
  if (v->type == RECORD_NONE || v->type == RECORD_OTHER) return;
  fprintf(out, ",\"%s\":", name);
  if (v->type == RECORD_TEXT && r->parsed)
    put_escaped(out, v->text, v->len);
  else if (v->type == RECORD_TEXT)
    fprintf(out, "\"%.*s\"", (int)v->len, v->text);
  else if (v->type == RECORD_NUMBER)
    fprintf(out, "%lld", (long long)v->number);
  else
    fputs(v->type == RECORD_TRUE ? "true" : "false", out);
}

char *page_record(const char *kiosk, const char *line, size_t line_len, size_t *len) {
  static const struct {
    enum record_key key;
    const char *name;
  } members[] = {{RECORD_ID, "id"},           {RECORD_KIND, "kind"},         {RECORD_EVENT, "event"},
                 {RECORD_STATION, "station"}, {RECORD_ATTENDEE, "attendee"}, {RECORD_CODE, "code"},
                 {RECORD_COUNT, "count"},     {RECORD_REF, "ref"},           {RECORD_WALL_OK, "wall_ok"},
                 {RECORD_WALL, "at"}};
  struct record r;
  char *text;
  FILE *out = open_memstream(&text, len);
  if (!out) return NULL;
  fputs("{\"kiosk\":", out);
  put_escaped(out, kiosk, strlen(kiosk));
  if (record_read(&r, line, line_len)) {
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) put_member(out, &r, members[i].key, members[i].name);
    record_free(&r);
  }
  putc('}', out);
  return closed(out, &text);
}
