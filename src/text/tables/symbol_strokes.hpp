// SPDX-License-Identifier: Apache-2.0
// Symbols of geometric dimensioning and tolerancing (ASME Y14.5, ISO 1101) that the installed open
// fonts lack, as strokes in a square of one capital's height.
#pragma once

#include <array>

namespace cad::text {

struct SymbolStroke {
  char16_t symbol;
  char kind;           // 'l' line a,b - c,d; 'o' circle about a,b of radius c; 'h' its upper half
  float a, b, c, d;
};

// Sorted by symbol.
inline constexpr std::array kSymbolStrokes = {
    // profile of a line
    SymbolStroke{0x2312, 'h', 0.5f, 0.25f, 0.5f, 0},
    // profile of a surface
    SymbolStroke{0x2313, 'h', 0.5f, 0.25f, 0.5f, 0},
    SymbolStroke{0x2313, 'l', 0, 0.25f, 1, 0.25f},
    // position
    SymbolStroke{0x2316, 'o', 0.5f, 0.5f, 0.3f, 0},
    SymbolStroke{0x2316, 'l', 0.5f, 0, 0.5f, 1},
    SymbolStroke{0x2316, 'l', 0, 0.5f, 1, 0.5f},
    // cylindricity
    SymbolStroke{0x232D, 'o', 0.5f, 0.5f, 0.25f, 0},
    SymbolStroke{0x232D, 'l', 0.05f, 0, 0.45f, 1},
    SymbolStroke{0x232D, 'l', 0.55f, 0, 0.95f, 1},
    // symmetry
    SymbolStroke{0x232F, 'l', 0.2f, 0.75f, 0.8f, 0.75f},
    SymbolStroke{0x232F, 'l', 0, 0.5f, 1, 0.5f},
    SymbolStroke{0x232F, 'l', 0.2f, 0.25f, 0.8f, 0.25f},
    // total runout
    SymbolStroke{0x2330, 'l', 0, 0.15f, 0.5f, 0.85f},
    SymbolStroke{0x2330, 'l', 0.45f, 0.15f, 0.95f, 0.85f},
    SymbolStroke{0x2330, 'l', 0, 0.15f, 0.45f, 0.15f},
    SymbolStroke{0x2330, 'l', 0.5f, 0.85f, 0.31f, 0.77f},
    SymbolStroke{0x2330, 'l', 0.5f, 0.85f, 0.47f, 0.64f},
    SymbolStroke{0x2330, 'l', 0.95f, 0.85f, 0.76f, 0.77f},
    SymbolStroke{0x2330, 'l', 0.95f, 0.85f, 0.92f, 0.64f},
    // conical taper
    SymbolStroke{0x2332, 'l', 0.15f, 0.1f, 0.15f, 0.9f},
    SymbolStroke{0x2332, 'l', 0.15f, 0.9f, 0.9f, 0.5f},
    SymbolStroke{0x2332, 'l', 0.15f, 0.1f, 0.9f, 0.5f},
    SymbolStroke{0x2332, 'l', 0, 0.5f, 1, 0.5f},
    // slope
    SymbolStroke{0x2333, 'l', 0, 0.1f, 0, 0.7f},
    SymbolStroke{0x2333, 'l', 0, 0.7f, 1, 0.1f},
    SymbolStroke{0x2333, 'l', 0, 0.1f, 1, 0.1f},
    // counterbore
    SymbolStroke{0x2334, 'l', 0, 0.9f, 0, 0.1f},
    SymbolStroke{0x2334, 'l', 0, 0.1f, 1, 0.1f},
    SymbolStroke{0x2334, 'l', 1, 0.1f, 1, 0.9f},
    // countersink
    SymbolStroke{0x2335, 'l', 0, 0.9f, 0.5f, 0.1f},
    SymbolStroke{0x2335, 'l', 0.5f, 0.1f, 1, 0.9f},
    // straightness
    SymbolStroke{0x23E4, 'l', 0, 0.5f, 1, 0.5f},
    // least material condition
    SymbolStroke{0x24C1, 'o', 0.5f, 0.5f, 0.5f, 0},
    SymbolStroke{0x24C1, 'l', 0.38f, 0.75f, 0.38f, 0.25f},
    SymbolStroke{0x24C1, 'l', 0.38f, 0.25f, 0.65f, 0.25f},
    // maximum material condition
    SymbolStroke{0x24C2, 'o', 0.5f, 0.5f, 0.5f, 0},
    SymbolStroke{0x24C2, 'l', 0.3f, 0.25f, 0.3f, 0.75f},
    SymbolStroke{0x24C2, 'l', 0.3f, 0.75f, 0.5f, 0.4f},
    SymbolStroke{0x24C2, 'l', 0.5f, 0.4f, 0.7f, 0.75f},
    SymbolStroke{0x24C2, 'l', 0.7f, 0.75f, 0.7f, 0.25f},
    // projected tolerance zone
    SymbolStroke{0x24C5, 'o', 0.5f, 0.5f, 0.5f, 0},
    SymbolStroke{0x24C5, 'l', 0.38f, 0.22f, 0.38f, 0.78f},
    SymbolStroke{0x24C5, 'l', 0.38f, 0.78f, 0.56f, 0.78f},
    SymbolStroke{0x24C5, 'l', 0.56f, 0.78f, 0.66f, 0.7f},
    SymbolStroke{0x24C5, 'l', 0.66f, 0.7f, 0.66f, 0.58f},
    SymbolStroke{0x24C5, 'l', 0.66f, 0.58f, 0.56f, 0.5f},
    SymbolStroke{0x24C5, 'l', 0.56f, 0.5f, 0.38f, 0.5f},
    // regardless of feature size
    SymbolStroke{0x24C8, 'o', 0.5f, 0.5f, 0.5f, 0},
    SymbolStroke{0x24C8, 'l', 0.65f, 0.68f, 0.58f, 0.76f},
    SymbolStroke{0x24C8, 'l', 0.58f, 0.76f, 0.42f, 0.76f},
    SymbolStroke{0x24C8, 'l', 0.42f, 0.76f, 0.35f, 0.68f},
    SymbolStroke{0x24C8, 'l', 0.35f, 0.68f, 0.35f, 0.58f},
    SymbolStroke{0x24C8, 'l', 0.35f, 0.58f, 0.65f, 0.42f},
    SymbolStroke{0x24C8, 'l', 0.65f, 0.42f, 0.65f, 0.32f},
    SymbolStroke{0x24C8, 'l', 0.65f, 0.32f, 0.58f, 0.24f},
    SymbolStroke{0x24C8, 'l', 0.58f, 0.24f, 0.42f, 0.24f},
    SymbolStroke{0x24C8, 'l', 0.42f, 0.24f, 0.35f, 0.32f},
    // perpendicularity
    SymbolStroke{0x27C2, 'l', 0, 0, 1, 0},
    SymbolStroke{0x27C2, 'l', 0.5f, 0, 0.5f, 1},
};

}  // namespace cad::text
