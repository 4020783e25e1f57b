// SPDX-License-Identifier: Apache-2.0
// The groups of one table record or object: what is common (handle, owner, reactors, extension
// dictionary, subclass markers, xdata's application) is taken by next().
#pragma once

#include <string_view>

#include "formats/dxf/loader.hpp"
#include "formats/dxf/tags.hpp"

namespace cad::dxf {

class Record {
 public:
  // The cursor stands on the record's group 0. Dimension styles keep their handle in group 105.
  explicit Record(Loader& loader, int handle_code = 5);

  // The next own group; false at the next group 0, which is left for the caller.
  bool next();
  int code() const { return tags_.code(); }
  double number() { return tags_.number(); }
  double real() { return tags_.real(); }
  std::int64_t integer() { return tags_.integer(); }
  std::int16_t integer16();  // outside of the range: the nearest
  bool flag() { return tags_.flag(); }
  Handle reference() { return tags_.handle(); }
  std::string text() { return loader_.decode(tags_.raw()); }
  std::string_view raw() const { return tags_.raw(); }

  std::string_view type() const { return type_; }
  Handle handle() const { return handle_; }
  Handle owner() const { return owner_; }
  Handle dictionary() const { return dictionary_; }  // extension dictionary
  std::string_view subclass() const { return subclass_; }
  // Not empty: the present group is extended data of this application.
  std::string_view app() const { return app_; }

 private:
  void take_group();

  Loader& loader_;
  TagCursor& tags_;
  int handle_code_;
  std::string_view type_, subclass_, app_;
  Handle handle_ = 0, owner_ = 0, dictionary_ = 0;
};

}  // namespace cad::dxf
