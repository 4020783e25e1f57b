// SPDX-License-Identifier: Apache-2.0
// Planar entities in world coordinates. The mirrored horizontal plane, normal (0,0,-1), is turned
// into an equal drawing in the plane (0,0,1); other planes keep their normal and give world points.
#pragma once

#include "geom/ocs.hpp"
#include "model/entity.hpp"

namespace cad {

// Whether the entity's own points are in the OCS of Entity::normal (else they are WCS already).
bool stores_ocs(const Entity& entity);

// Whether upright() changes the entity: its plane is horizontal but seen from below.
bool is_upside_down(const Entity& entity);

// The same drawing with the normal (0,0,1): x negated, arcs swapped so that they stay
// counter-clockwise from start to end, bulges negated, INSERTs mirrored by a negative scale.x,
// hatch edges turned to the other direction of rotation. ELLIPSE parameters follow, too. A TEXT's
// rotation is the direction of its base line (its letters are mirrored, which only the normal
// told). Other entities come back as they are. ATTRIBs of an INSERT are entities of their own.
Entity upright(const Entity& entity);

// A point stored by the entity, in the world.
inline Vec3 world_point(const Ocs& ocs, Vec2 point, double elevation) {
  return ocs.to_wcs({point.x, point.y, elevation});
}

}  // namespace cad
