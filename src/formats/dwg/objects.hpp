// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/dwg/loader.hpp"

namespace cad::dwg {

// Objects that entities refer to: color book entries, image and underlay definitions, multiline
// styles, layouts, draw orders.
void read_objects(Loader& loader);

// What is settled when all entities are read: numbers of viewports, extension dictionaries.
void read_late_objects(Loader& loader);

// DBCOLOR, SORTENTSTABLE (ODA 20.4.93), GROUP (20.4.72), DICTIONARYVAR (20.4.74).
void read_book_color(ObjectIn& in);
void read_draw_order(ObjectIn& in);
void read_group(ObjectIn& in);
void read_dictionary_variable(ObjectIn& in);

}  // namespace cad::dwg
