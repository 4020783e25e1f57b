// SPDX-License-Identifier: Apache-2.0
// DIMSTYLE (ODA 20.4.68). The releases keep its variables in different orders.
#include "formats/dwg/tables.hpp"

namespace cad::dwg {
namespace {

// DIMSCALE to DIMTM
void read_sizes(ObjectIn& in, DimStyle& style) {
  style.scale = in.bd();
  style.arrow_size = in.bd();
  style.extension_offset = in.bd();
  in.bd();  // DIMDLI
  style.extension_beyond = in.bd();
  in.bd();  // DIMRND
  in.bd();  // DIMDLE
  in.bd();  // DIMTP
  in.bd();  // DIMTM
}

// DIMTXT to DIMGAP
void read_text_sizes(ObjectIn& in, DimStyle& style) {
  style.text_height = in.bd();
  in.bd();  // DIMCEN
  in.bd();  // DIMTSZ
  in.bd();  // DIMALTF
  style.linear_factor = in.bd();
  in.bd();  // DIMTVP
  in.bd();  // DIMTFAC
  style.text_gap = in.bd();
}

void read_r13(ObjectIn& in, DimStyle& style) {
  in.skip(11);  // DIMTOL, LIM, TIH, TOH, SE1, SE2, ALT, TOFL, SAH, TIX, SOXD
  in.rc();      // DIMALTD
  style.zero_suppression = in.rc();
  in.b();   // DIMSD1
  in.b();   // DIMSD2
  in.rc();  // DIMTOLJ
  in.rc();  // DIMJUST
  in.rc();  // DIMFIT
  in.b();   // DIMUPT
  in.rc();  // DIMTZIN
  in.rc();  // DIMALTZ
  in.rc();  // DIMALTTZ
  style.text_above = in.rc();
  style.linear_unit = in.bs();
  in.bs();  // DIMAUNIT
  style.decimal_places = in.bs();
  in.bs();  // DIMTDEC
  in.bs();  // DIMALTU
  in.bs();  // DIMALTTD
  read_sizes(in, style);
  read_text_sizes(in, style);
  style.post = in.text();
  in.text();  // DIMAPOST
  in.text();  // DIMBLK
  in.text();  // DIMBLK1
  in.text();  // DIMBLK2
  style.line_color = in.color();
  in.color();  // DIMCLRE
  style.text_color = in.color();
}

void read_r2000_first(ObjectIn& in, DimStyle& style) {
  style.post = in.text();
  in.text();  // DIMAPOST
  read_sizes(in, style);
  if (in.from(Version::r2007)) {
    in.bd();     // DIMFXL
    in.bd();     // DIMJOGANG
    in.bs();     // DIMTFILL
    in.color();  // DIMTFILLCLR
  }
  in.skip(6);  // DIMTOL, LIM, TIH, TOH, SE1, SE2
  style.text_above = in.bs();
  style.zero_suppression = in.bs();
  in.bs();                               // DIMAZIN
  if (in.from(Version::r2007)) in.bs();  // DIMARCSYM
  read_text_sizes(in, style);
  in.bd();     // DIMALTRND
  in.b();      // DIMALT
  in.bs();     // DIMALTD
  in.skip(4);  // DIMTOFL, SAH, TIX, SOXD
  style.line_color = in.color();
  in.color();  // DIMCLRE
  style.text_color = in.color();
}

void read_r2000_second(ObjectIn& in, DimStyle& style) {
  in.bs();  // DIMADEC
  style.decimal_places = in.bs();
  in.bs();  // DIMTDEC
  in.bs();  // DIMALTU
  in.bs();  // DIMALTTD
  in.bs();  // DIMAUNIT
  in.bs();  // DIMFRAC
  style.linear_unit = in.bs();
  in.bs();                              // DIMDSEP
  in.bs();                              // DIMTMOVE
  in.bs();                              // DIMJUST
  in.skip(2);                           // DIMSD1, SD2
  in.bs();                              // DIMTOLJ
  in.bs();                              // DIMTZIN
  in.bs();                              // DIMALTZ
  in.bs();                              // DIMALTTZ
  in.b();                               // DIMUPT
  in.bs();                              // DIMFIT
  if (in.from(Version::r2007)) in.b();  // DIMFXLON
  if (in.from(Version::r2010)) {
    in.b();     // DIMTXTDIRECTION
    in.bd();    // DIMALTMZF
    in.text();  // DIMALTMZS
    in.bd();    // DIMMZF
    in.text();  // DIMMZS
  }
  in.bs();  // DIMLWD
  in.bs();  // DIMLWE
}

}  // namespace

void read_dim_style(ObjectIn& in, DimStyle& style) {
  if (in.from(Version::r2000)) {
    read_r2000_first(in, style);
    read_r2000_second(in, style);
  } else {
    read_r13(in, style);
  }
  in.b();       // unknown
  in.handle();  // external reference's block
  style.text_style = in.loader().text_style(in.handle());
  if (in.from(Version::r2000)) {
    style.leader_arrow = in.handle();
    in.handle();  // DIMBLK
    in.handle();  // DIMBLK1
    in.handle();  // DIMBLK2
  }
  if (in.from(Version::r2007)) {
    in.handle();  // DIMLTYPE
    in.handle();  // DIMLTEX1
    in.handle();  // DIMLTEX2
  }
}

}  // namespace cad::dwg
