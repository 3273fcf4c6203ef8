// SPDX-License-Identifier: Apache-2.0
#define ZX_USE_UTF8
#include "scan/read_zxing.h"

#include <ZXing/ReadBarcode.h>

extern "C" bool read_zxing(const uint8_t *luma, int w, int h, bool black_or_white, read_zxing_found *found, void *self) {
  try {
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true).setTryRotate(true).setTryDownscale(!black_or_white);
    if (black_or_white) hints.setBinarizer(ZXing::Binarizer::FixedThreshold).setMaxNumberOfSymbols(16);
    for (const auto &result : ZXing::ReadBarcodes(ZXing::ImageView(luma, w, h, ZXing::ImageFormat::Lum), hints)) {
      if (!result.isValid() || result.sequenceIndex() >= 0 || result.bytes().empty()) continue;
      const auto &p = result.position();
      const int corner[8] = {p[0].x, p[0].y, p[1].x, p[1].y, p[2].x, p[2].y, p[3].x, p[3].y};
      found(self, result.bytes().data(), result.bytes().size(), corner);
    }
    return true;
  } catch (...) {
    return false;
  }
}
