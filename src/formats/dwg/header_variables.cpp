// SPDX-License-Identifier: Apache-2.0
#include "formats/dwg/header_variables.hpp"

#include "formats/acad/julian.hpp"

namespace cad::dwg {
namespace {

class VariablesReader {
 public:
  VariablesReader(SectionFrame& frame, Version version) : frame_(frame), version_(version) {}
  HeaderVariables read();

 private:
  void read_modes();
  void read_counts();
  void read_sizes();
  void read_times();
  void read_current();
  void read_space();
  void read_paper_space() { read_space(); }
  void read_model_space();
  void read_dimension_r13();
  void read_dimension();
  void read_dimension_r2000();
  void read_dictionaries();
  void read_file_state();
  void read_r2007();
  void read_end();

  bool from(Version v) const { return version_ >= v; }
  BitCursor& in() { return frame_.data; }
  Handle handle() { return (from(Version::r2007) ? frame_.handles : in()).h().resolve(0); }

  // Variables that nobody asks for.
  void skip_b(int count) { in().skip(static_cast<std::uint64_t>(count)); }
  void skip_rc(int count) { in().skip(std::uint64_t{8} * static_cast<unsigned>(count)); }
  void skip_bs(int count) {
    for (; count > 0; --count) in().bs();
  }
  void skip_bl(int count) {
    for (; count > 0; --count) in().bl();
  }
  void skip_bd(int count) {
    for (; count > 0; --count) in().bd();
  }
  void skip_handle(int count) {
    for (; count > 0; --count) handle();
  }
  void skip_text(int count);
  void skip_color(int count);

  SectionFrame& frame_;
  Version version_;
  HeaderVariables variables_;
  Header& header_ = variables_.header;
};

void VariablesReader::skip_text(int count) {
  BitCursor& strings = from(Version::r2007) ? frame_.strings : in();
  const std::uint64_t unit = from(Version::r2007) ? 16 : 8;
  for (; count > 0; --count) strings.skip(strings.ubs() * unit);
}

void VariablesReader::skip_color(int count) {
  for (; count > 0; --count) {
    in().bs();
    if (!from(Version::r2004)) continue;
    in().bl();
    const std::uint8_t names = in().rc();
    skip_text((names & 1) + (names >> 1 & 1));
  }
}

void VariablesReader::read_modes() {
  if (from(Version::r2013)) in().bll();  // REQUIREDVERSIONS
  skip_bd(4);
  skip_text(4);
  skip_bl(2);
  if (!from(Version::r2000)) skip_bs(1);
  if (!from(Version::r2004)) skip_handle(1);  // the current viewport's header
  skip_b(2);                                  // DIMASO, DIMSHO
  if (!from(Version::r2000)) skip_b(1);       // DIMSAV
  skip_b(3);                                  // PLINEGEN, ORTHOMODE, REGENMODE
  header_.fill_mode = in().b();
  skip_b(1);  // QTEXTMODE
  header_.psltscale = in().b();
  skip_b(1);                             // LIMCHECK
  if (!from(Version::r2000)) skip_b(1);  // BLIPMODE
  if (from(Version::r2004)) skip_b(1);
  skip_b(4);                             // USRTIMER, SKPOLY, ANGDIR, SPLFRAME
  if (!from(Version::r2000)) skip_b(2);  // ATTREQ, ATTDIA
  header_.mirror_text = in().b();
  skip_b(1);                             // WORLDVIEW
  if (!from(Version::r2000)) skip_b(1);  // WIREFRAME
  skip_b(3);                             // TILEMODE, PLIMCHECK, VISRETAIN
  if (!from(Version::r2000)) skip_b(1);  // DELOBJ
  skip_b(2);                             // DISPSILH, PELLIPSE
}

void VariablesReader::read_counts() {
  skip_bs(1);                             // PROXYGRAPHICS
  if (!from(Version::r2000)) skip_bs(1);  // DRAGMODE
  skip_bs(5);                             // TREEDEPTH, LUNITS, LUPREC, AUNITS, AUPREC
  if (!from(Version::r2000)) skip_bs(1);  // OSMODE
  skip_bs(1);                             // ATTMODE
  if (!from(Version::r2000)) skip_bs(1);  // COORDS
  header_.pdmode = in().bs();
  if (!from(Version::r2000)) skip_bs(1);  // PICKSTYLE
  if (from(Version::r2004)) skip_bl(3);
  skip_bs(5);  // USERI1 to USERI5
  skip_bs(7);  // SPLINESEGS, SURFU, SURFV, SURFTYPE, SURFTAB1, SURFTAB2, SPLINETYPE
  skip_bs(7);  // SHADEDGE, SHADEDIF, UNITMODE, MAXACTVP, ISOLINES, CMLJUST, TEXTQLTY
}

void VariablesReader::read_sizes() {
  header_.ltscale = in().bd();
  skip_bd(6);  // TEXTSIZE, TRACEWID, SKETCHINC, FILLETRAD, THICKNESS, ANGBASE
  header_.pdsize = in().bd();
  skip_bd(6);  // PLINEWID, USERR1 to USERR5
  skip_bd(6);  // CHAMFERA to CHAMFERD, FACETRES, CMLSCALE
  header_.celtscale = in().bd();
  // The specification has it up to 2004 only; it is in all files.
  skip_text(1);  // MENUNAME
}

void VariablesReader::read_times() {
  const std::int32_t created = in().bl();
  header_.created = acad::iso_date(created, in().bl());
  const std::int32_t modified = in().bl();
  header_.modified = acad::iso_date(modified, in().bl());
  if (from(Version::r2004)) skip_bl(3);
  skip_bl(4);  // TDINDWG, TDUSRTIMER
}

void VariablesReader::read_current() {
  skip_color(1);                             // CECOLOR
  in().h();                                  // HANDSEED, in the data of all versions
  skip_handle(3);                            // CLAYER, TEXTSTYLE, CELTYPE
  if (from(Version::r2007)) skip_handle(1);  // CMATERIAL
  variables_.dim_style = handle();
  skip_handle(1);                        // CMLSTYLE
  if (from(Version::r2000)) skip_bd(1);  // PSVPSCALE
}

void VariablesReader::read_space() {
  in().bd3();  // INSBASE
  header_.extmin = in().bd3();
  header_.extmax = in().bd3();
  in().rd2();      // LIMMIN
  in().rd2();      // LIMMAX
  skip_bd(1);      // ELEVATION
  skip_bd(9);      // UCSORG, UCSXDIR, UCSYDIR
  skip_handle(1);  // UCSNAME
  if (from(Version::r2000)) {
    skip_handle(1);  // UCSORTHOREF
    skip_bs(1);      // UCSORTHOVIEW
    skip_handle(1);  // UCSBASE
    skip_bd(18);     // UCSORGTOP, -BOTTOM, -LEFT, -RIGHT, -FRONT, -BACK
  }
}

void VariablesReader::read_model_space() {
  read_space();
  header_.has_extents = true;
}

void VariablesReader::read_dimension_r13() {
  skip_b(11);      // DIMTOL, -LIM, -TIH, -TOH, -SE1, -SE2, -ALT, -TOFL, -SAH, -TIX, -SOXD
  skip_rc(2);      // DIMALTD, DIMZIN
  skip_b(2);       // DIMSD1, DIMSD2
  skip_rc(3);      // DIMTOLJ, DIMJUST, DIMFIT
  skip_b(1);       // DIMUPT
  skip_rc(4);      // DIMTZIN, DIMALTZ, DIMALTTZ, DIMTAD
  skip_bs(6);      // DIMUNIT, DIMAUNIT, DIMDEC, DIMTDEC, DIMALTU, DIMALTTD
  skip_handle(1);  // DIMTXSTY
}

void VariablesReader::read_dimension() {
  if (from(Version::r2000)) {
    skip_text(2);  // DIMPOST, DIMAPOST
  } else {
    read_dimension_r13();
  }
  header_.dim_scale = in().bd();
  skip_bd(8);  // DIMASZ, -EXO, -DLI, -EXE, -RND, -DLE, -TP, -TM
  if (from(Version::r2007)) {
    skip_bd(2);     // DIMFXL, DIMJOGANG
    skip_bs(1);     // DIMTFILL
    skip_color(1);  // DIMTFILLCLR
  }
  if (from(Version::r2000)) {
    skip_b(6);   // DIMTOL, -LIM, -TIH, -TOH, -SE1, -SE2
    skip_bs(3);  // DIMTAD, DIMZIN, DIMAZIN
  }
  if (from(Version::r2007)) skip_bs(1);     // DIMARCSYM
  skip_bd(8);                               // DIMTXT, -CEN, -TSZ, -ALTF, -LFAC, -TVP, -TFAC, -GAP
  if (!from(Version::r2000)) skip_text(5);  // DIMPOST, -APOST, -BLK, -BLK1, -BLK2
  if (from(Version::r2000)) {
    skip_bd(1);  // DIMALTRND
    skip_b(1);   // DIMALT
    skip_bs(1);  // DIMALTD
    skip_b(4);   // DIMTOFL, -SAH, -TIX, -SOXD
  }
  skip_color(3);  // DIMCLRD, DIMCLRE, DIMCLRT
  if (from(Version::r2000)) read_dimension_r2000();
}

void VariablesReader::read_dimension_r2000() {
  skip_bs(5);                           // DIMADEC, -DEC, -TDEC, -ALTU, -ALTTD
  skip_bs(6);                           // DIMAUNIT, -FRAC, -LUNIT, -DSEP, -TMOVE, -JUST
  skip_b(2);                            // DIMSD1, DIMSD2
  skip_bs(4);                           // DIMTOLJ, -TZIN, -ALTZ, -ALTTZ
  skip_b(1);                            // DIMUPT
  skip_bs(1);                           // DIMATFIT
  if (from(Version::r2007)) skip_b(1);  // DIMFXLON
  if (from(Version::r2010)) {
    skip_b(1);     // DIMTXTDIRECTION
    skip_bd(1);    // DIMALTMZF
    skip_text(1);  // DIMALTMZS
    skip_bd(1);    // DIMMZF
    skip_text(1);  // DIMMZS
  }
  skip_handle(5);                            // DIMTXSTY, -LDRBLK, -BLK, -BLK1, -BLK2
  if (from(Version::r2007)) skip_handle(3);  // DIMLTYPE, -LTEX1, -LTEX2
  skip_bs(2);                                // DIMLWD, DIMLWE
}

void VariablesReader::read_dictionaries() {
  skip_handle(9);  // control objects: blocks, layers, styles, linetypes, views, UCSs, viewports,
                   // applications, dimension styles
  if (!from(Version::r2004)) skip_handle(1);  // of viewport entity headers
  skip_handle(3);                             // groups, multiline styles, named objects
  if (!from(Version::r2000)) return;
  skip_bs(2);                                // TSTACKALIGN, TSTACKSIZE
  skip_text(2);                              // HYPERLINKBASE, STYLESHEET
  skip_handle(3);                            // layouts, plot settings, plot styles
  if (from(Version::r2004)) skip_handle(2);  // materials, colors
  if (from(Version::r2007)) skip_handle(1);  // visual styles
  if (from(Version::r2013)) skip_handle(1);
}

void VariablesReader::read_file_state() {
  if (from(Version::r2000)) {
    header_.lineweight_display = (in().ubl() & 0x200) == 0;
    header_.insunits = in().bs();
    const bool by_object = in().bs() == 3;  // CEPSNTYPE
    if (by_object) skip_handle(1);          // CPSNID
    skip_text(2);                           // FINGERPRINTGUID, VERSIONGUID
  }
  if (from(Version::r2004)) {
    skip_rc(6);    // SORTENTS, INDEXCTL, HIDETEXT, XCLIPFRAME, DIMASSOC, HALOGAP
    skip_bs(2);    // OBSCUREDCOLOR, INTERSECTIONCOLOR
    skip_rc(2);    // OBSCUREDLTYPE, INTERSECTIONDISPLAY
    skip_text(1);  // PROJECTNAME
  }
  skip_handle(5);  // *Paper_Space, *Model_Space, ByLayer, ByBlock, Continuous
}

void VariablesReader::read_r2007() {
  skip_b(1);  // CAMERADISPLAY
  skip_bl(2);
  skip_bd(1);
  skip_bd(5);  // STEPSPERSEC, STEPSIZE, 3DDWFPREC, LENSLENGTH, CAMERAHEIGHT
  skip_rc(2);  // SOLIDHIST, SHOWHIST
  skip_bd(6);  // PSOLWIDTH, PSOLHEIGHT, LOFTANG1, LOFTANG2, LOFTMAG1, LOFTMAG2
  skip_bs(1);  // LOFTPARAM
  skip_rc(1);  // LOFTNORMALS
  skip_bd(3);  // LATITUDE, LONGITUDE, NORTHDIRECTION
  skip_bl(1);  // TIMEZONE
  skip_rc(4);  // LIGHTGLYPHDISPLAY, TILEMODELIGHTSYNCH, DWFFRAME, DGNFRAME
  skip_b(1);
  skip_color(1);   // INTERFERECOLOR
  skip_handle(3);  // INTERFEREOBJVS, INTERFEREVPVS, DRAGVS
  skip_rc(1);      // CSHADOW
  skip_bd(1);
}

void VariablesReader::read_end() {
  if (from(Version::r2007)) read_r2007();
  // Four shorts of unknown meaning end the section, from 2007 on behind the handles.
  BitCursor& last = from(Version::r2007) ? frame_.handles : in();
  for (int i = from(Version::r14) ? 4 : 0; i > 0; --i) last.bs();
}

// Where the data ends too early, what was read of the last part is worth nothing.
HeaderVariables VariablesReader::read() {
  using Part = void (VariablesReader::*)();
  static constexpr Part kParts[] = {
      &VariablesReader::read_modes,        &VariablesReader::read_counts,
      &VariablesReader::read_sizes,        &VariablesReader::read_times,
      &VariablesReader::read_current,      &VariablesReader::read_paper_space,
      &VariablesReader::read_model_space,  &VariablesReader::read_dimension,
      &VariablesReader::read_dictionaries, &VariablesReader::read_file_state,
      &VariablesReader::read_end};
  for (const Part part : kParts) {
    HeaderVariables before = variables_;
    (this->*part)();
    if (!in().ok()) return before;
  }
  return std::move(variables_);
}

}  // namespace

HeaderVariables read_header_variables(SectionFrame& frame, Version version) {
  return VariablesReader(frame, version).read();
}

}  // namespace cad::dwg
