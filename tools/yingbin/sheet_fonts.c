/* SPDX-License-Identifier: Apache-2.0
 * The kiosk's font chain for Pango: a fontconfig of its own that knows these files and nothing of the
 * machine's, so that a name looks the same on paper as on the screen.
 */
#include <fontconfig/fontconfig.h>
#include <limits.h>
#include <pango/pangofc-fontmap.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "base/file.h"
#include "base/ini.h"
#include "tools/yingbin/assets.h"
#include "tools/yingbin/sheet_inner.h"

enum { CONF_MOST = 64 * 1024, CHAIN_MAX = 12, LACKS_SHOWN = 5 };

struct sheet_fonts {
  FcConfig *config;
  PangoFontMap *map;
  FcCharSet *has; /* of all fonts together */
  char families[512];
};

struct font_entry {
  char regular[PATH_MAX], bold[PATH_MAX], package[64];
  int index;
};

/* Emoji are asked for by the family "emoji"; their strikes of one size are scaled; a font without a bold
 * face is thickened. */
static const char rules[] =
    "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\"><fontconfig>"
    "<match target=\"pattern\"><test name=\"family\"><string>emoji</string></test>"
    "<edit name=\"family\" mode=\"prepend\" binding=\"strong\"><string>Noto Color Emoji</string></edit></match>"
    "<match target=\"font\"><test name=\"outline\"><bool>false</bool></test><edit name=\"fit\" mode=\"assign\"><divide>"
    "<name target=\"pattern\">pixelsize</name><name target=\"font\">pixelsize</name></divide></edit>"
    "<edit name=\"matrix\" mode=\"assign\"><times><name>matrix</name><matrix><name>fit</name><double>0</double>"
    "<double>0</double><name>fit</name></matrix></times></edit></match>"
    "<match target=\"font\"><test name=\"family\"><string>HanaMinB</string></test>"
    "<test name=\"weight\" compare=\"less_eq\"><const>medium</const></test>"
    "<test target=\"pattern\" name=\"weight\" compare=\"more\"><const>medium</const></test>"
    "<edit name=\"embolden\" mode=\"assign\"><bool>true</bool></edit></match></fontconfig>";

static bool read_chain(const char *conf, struct font_entry chain[CHAIN_MAX], int *count, struct problem *problem) {
  char *text, number[16];
  size_t len;
  struct ini ini;
  struct ini_item item;
  if (!file_read(conf, CONF_MOST, &text, &len, problem)) return false;
  ini_init(&ini, conf, text, len);
  *count = 0;
  enum ini_kind kind;
  while ((kind = ini_next(&ini, &item, problem)) == INI_SECTION || kind == INI_PAIR) {
    if (kind == INI_SECTION && *count < CHAIN_MAX) chain[(*count)++] = (struct font_entry){.index = 0};
    if (kind == INI_SECTION || !*count) continue;
    struct font_entry *f = &chain[*count - 1];
    if (slice_is(item.key, "regular")) slice_copy(item.value, f->regular, sizeof f->regular);
    if (slice_is(item.key, "bold")) slice_copy(item.value, f->bold, sizeof f->bold);
    if (slice_is(item.key, "package")) slice_copy(item.value, f->package, sizeof f->package);
    if (slice_is(item.key, "index") && slice_copy(item.value, number, sizeof number)) f->index = atoi(number);
  }
  free(text);
  return kind == INI_END;
}

/* The family of that face, and its characters to those of the chain. */
static bool take_face(struct sheet_fonts *fonts, const struct font_entry *f) {
  FcFontSet *set = FcConfigGetFonts(fonts->config, FcSetApplication);
  for (int i = 0; set && i < set->nfont; i++) {
    FcChar8 *file, *family;
    FcCharSet *has;
    int index;
    if (FcPatternGetString(set->fonts[i], FC_FILE, 0, &file) || strcmp((char *)file, f->regular) != 0 ||
        FcPatternGetInteger(set->fonts[i], FC_INDEX, 0, &index) || index != f->index ||
        FcPatternGetString(set->fonts[i], FC_FAMILY, 0, &family) || FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &has))
      continue;
    size_t at = strlen(fonts->families);
    snprintf(fonts->families + at, sizeof fonts->families - at, "%s%s", at ? "," : "", (char *)family);
    return FcCharSetMerge(fonts->has, has, NULL);
  }
  return false;
}

static bool add_font(struct sheet_fonts *fonts, const struct font_entry *f, struct problem *problem) {
  if (FcConfigAppFontAddFile(fonts->config, (const FcChar8 *)f->regular) &&
      (!*f->bold || FcConfigAppFontAddFile(fonts->config, (const FcChar8 *)f->bold)) && take_face(fonts, f))
    return true;
  return problem_set(problem, "打不开字体 %s：请安装软件包 %s", "can't open the font %s: install the package %s", f->regular,
                     f->package);
}

bool sheet_fonts_open(struct sheet_fonts **out, struct problem *problem) {
  char conf[PATH_MAX];
  struct font_entry chain[CHAIN_MAX];
  int count;
  *out = NULL;
  if (!assets_find("fonts.conf", conf, problem) || !read_chain(conf, chain, &count, problem)) return false;
  struct sheet_fonts *fonts = calloc(1, sizeof *fonts);
  if (!fonts) return problem_set(problem, "内存不足", "out of memory");
  fonts->config = FcConfigCreate();
  fonts->has = FcCharSetCreate();
  bool good = fonts->config && fonts->has && FcConfigParseAndLoadFromMemory(fonts->config, (const FcChar8 *)rules, FcTrue);
  if (!good) problem_set(problem, "字体库无法启动", "fontconfig does not start");
  for (int i = 0; i < count && good; i++) good = add_font(fonts, &chain[i], problem);
  if (good) {
    fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map), fonts->config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts->map), 72);
    *out = fonts;
  } else {
    sheet_fonts_close(fonts);
  }
  return good;
}

void sheet_fonts_close(struct sheet_fonts *fonts) {
  if (!fonts) return;
  if (fonts->map) {
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map), NULL); /* it doesn't let go of it by itself */
    g_object_unref(fonts->map);
  }
  if (fonts->has) FcCharSetDestroy(fonts->has);
  if (fonts->config) FcConfigDestroy(fonts->config);
  free(fonts);
  cairo_debug_reset_static_data(); /* cairo's caches hold fonts, and Pango loads fontconfig's own files, too */
  FcFini();
}

PangoContext *sheet_fonts_context(struct sheet_fonts *fonts, cairo_t *cr) {
  PangoContext *context = pango_font_map_create_context(fonts->map);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);
  pango_context_set_language(context, pango_language_from_string("zh-cn"));
  pango_context_set_round_glyph_positions(context, FALSE);
  pango_cairo_update_context(cr, context);
  return context;
}

PangoFontDescription *sheet_fonts_description(const struct sheet_fonts *fonts, bool bold) {
  PangoFontDescription *d = pango_font_description_new();
  pango_font_description_set_family(d, fonts->families);
  pango_font_description_set_weight(d, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  return d;
}

bool sheet_fonts_coloured(PangoFont *font) {
  FcBool coloured = FcFalse;
  FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
  return FcPatternGetBool(pattern, FC_COLOR, 0, &coloured) == FcResultMatch && coloured;
}

static bool drawn(const struct sheet_fonts *fonts, ucs4_t c) {
  return uc_is_property_default_ignorable_code_point(c) ||
         uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Z) ||
         FcCharSetHasChar(fonts->has, c);
}

bool sheet_lacks(const struct sheet_fonts *fonts, const char *text, char *out, size_t size) {
  int shown = 0;
  if (size) *out = '\0';
  for (const uint8_t *at = (const uint8_t *)text, *next; *at; at = next) {
    ucs4_t c;
    next = u8_next(&c, at);
    if (!next) break;
    size_t len = (size_t)(next - at), used = size ? strlen(out) : 0;
    if (drawn(fonts, c) || shown == LACKS_SHOWN) continue;
    shown++;
    if (used + len + 16 < size)
      snprintf(out + used, size - used, "%s%.*s (U+%04X)", used ? " " : "", (int)len, (const char *)at, (unsigned)c);
  }
  return shown > 0;
}
