// SPDX-License-Identifier: Apache-2.0
// What is drawn says which of the result's entities it belongs to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scene/test_support.hpp"

namespace cad::scene {
namespace {

using ::testing::ElementsAre;
using testing::insert_of;
using ::testing::Pair;
using testing::Recorder;
using testing::TestDrawing;

constexpr std::uint32_t kUnlisted = EntityRef::kUnlisted;

Line unit_line() { return {{0, 0, 0}, {1, 0, 0}}; }

// An ATTRIB is drawn as text, which these tests have no font for: a line in its place.
void attach(Entity& insert, Handle handle, LayerId layer = {0}) {
  Entity attribute;
  attribute.handle = handle;
  attribute.layer = layer;
  attribute.geometry = unit_line();
  insert_of(insert).attributes.push_back(std::move(attribute));
}

std::vector<std::pair<std::uint32_t, Handle>> begun(const Recorder& recorder) {
  std::vector<std::pair<std::uint32_t, Handle>> out;
  for (const EntityRef& entity : recorder.entities) out.emplace_back(entity.index, entity.handle);
  return out;
}

std::vector<std::uint32_t> places(const Recorder& recorder) {
  std::vector<std::uint32_t> out;
  for (const testing::Recorded& call : recorder.calls) out.push_back(call.entity);
  return out;
}

// A line, an insert with two attributes, a line.
struct Tagged : TestDrawing {
  BlockId door = block("DOOR");
  LayerId tags = layer("TAGS", Color::aci(1));
  Tagged() {
    drawing.blocks[0].entities.reserve(3);
    add(unit_line(), door).handle = 0xD0;
    add(unit_line()).handle = 0xA0;
    Entity& e = insert(door, {});
    e.handle = 0xA1;
    attach(e, 0xA2, tags);
    attach(e, 0xA3, tags);
    add(unit_line()).handle = 0xA4;
  }
  Entity& tagged() { return drawing.blocks[0].entities[1]; }
};

TEST(Listing, AttributesAreEntitiesOfTheirOwnBehindTheirInsert) {
  Tagged t;
  EXPECT_THAT(begun(t.draw()), ElementsAre(Pair(0u, 0xA0u), Pair(1u, 0xA1u), Pair(2u, 0xA2u),
                                           Pair(3u, 0xA3u), Pair(4u, 0xA4u)));
}

TEST(Listing, AHiddenAttributeKeepsItsPlace) {
  Tagged t;
  insert_of(t.tagged()).attributes[0].visible = false;
  EXPECT_THAT(begun(t.draw()),
              ElementsAre(Pair(0u, 0xA0u), Pair(1u, 0xA1u), Pair(3u, 0xA3u), Pair(4u, 0xA4u)));
}

TEST(Listing, TheDrawingOrderDoesNotChangePlaces) {
  Tagged t;
  t.drawing.blocks[0].draw_order = {{0x01, 0xA4}};
  EXPECT_THAT(begun(t.draw()), ElementsAre(Pair(4u, 0xA4u), Pair(0u, 0xA0u), Pair(1u, 0xA1u),
                                           Pair(2u, 0xA2u), Pair(3u, 0xA3u)));
}

TEST(Listing, WhatIsLeftOutOfTheResultHasNoPlace) {
  Tagged t;
  t.options.only_layers = {t.tags};
  EXPECT_THAT(places(t.draw()), ElementsAre(0u, 1u));
  t.drawing.blocks[t.door.index].entities[0].layer = t.tags;  // drawn, of an insert that is not
  EXPECT_THAT(places(t.draw()), ElementsAre(kUnlisted, 0u, 1u));
}

TEST(Listing, AnArraysAttributesAreDrawnWithIt) {
  Tagged t;
  insert_of(t.tagged()).columns = 2;
  insert_of(t.tagged()).column_spacing = 5;
  for (const EntityRef& entity : t.draw().entities) EXPECT_NE(entity.handle, 0xA2u);
  EXPECT_EQ(t.draw().entities.back().index, 4u);
}

TEST(Listing, AViewportsContentBelongsToTheViewport) {
  Tagged t;
  Viewport viewport;
  viewport.id = viewport.status = 2;
  viewport.width = viewport.height = 10;
  viewport.view_height = 10;
  t.add(viewport, {1}).handle = 0xF0;
  const Recorder drawn = t.draw(1);
  ASSERT_FALSE(drawn.calls.empty());
  for (const EntityRef& entity : drawn.entities) {
    EXPECT_EQ(entity.index, 0u);
    EXPECT_EQ(entity.handle, 0xF0u);
  }
}

}  // namespace
}  // namespace cad::scene
