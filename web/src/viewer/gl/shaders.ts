// SPDX-License-Identifier: Apache-2.0
// Positions are pixels from the top left of the picture until the last line.
const kCommon = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D u_looks;
uniform vec2 u_size;
uniform vec2 u_offset;
uniform float u_scale;
uniform vec4 u_tint;
const vec4 kNowhere = vec4(2.0, 2.0, 2.0, 1.0);

uvec4 look_at(uint look) {
  return texelFetch(u_looks, ivec2(int(look & 1023u), int(look >> 10)), 0);
}
vec4 color_of(uvec4 look) {
  vec4 own = vec4(look.x & 255u, (look.x >> 8) & 255u, (look.x >> 16) & 255u, look.x >> 24) / 255.0;
  return mix(own, vec4(u_tint.rgb, own.a), u_tint.a);
}
vec2 to_px(vec2 p) {
  return u_offset + vec2(p.x, -p.y) * u_scale;
}
// Later is nearer.
vec4 place(vec2 px, float z) {
  return vec4(px.x * 2.0 / u_size.x - 1.0, 1.0 - px.y * 2.0 / u_size.y, 1.0 - 2.0 * z, 1.0);
}
`;

// Four corners a segment; it is read from a texture, as one vertex buffer of all corners would be four times its size.
export const kSegmentVertex = `${kCommon}
uniform usampler2D u_segments;
uniform int u_first;
uniform vec2 u_pen;  // pixels per mm; the most that a pen in mm gets
uniform float u_halo;
flat out vec4 v_color;
flat out vec3 v_shape;  // half length, half width, 1: round ends
out vec2 v_at;

const float kThin = 2.5;
const float kOffTie = 1.0 / 1024.0;
const float kAxisSlack = 0.02;

// A level line on whole pixels: crisp, and where the preview has it. x is along it.
void snap_level(inout vec2 a, inout vec2 b, inout float width, bool from_end, bool to_end) {
  width = max(1.0, floor(width + 0.5));
  float y = a.y + kOffTie;
  a.y = b.y = mod(width, 2.0) == 1.0 ? floor(y) + 0.5 : floor(y + 0.5);
  bool forward = b.x >= a.x;
  float lo = min(a.x, b.x) + kOffTie, hi = max(a.x, b.x) + kOffTie;
  float beyond = (width - 1.0) / 2.0;
  lo = (forward ? from_end : to_end) ? floor(lo - beyond) : ceil(lo - 0.5);
  hi = (forward ? to_end : from_end) ? floor(hi + beyond) + 1.0 : ceil(hi - 0.5);
  hi = max(hi, lo + 1.0);
  a.x = forward ? lo : hi;
  b.x = forward ? hi : lo;
}

void main() {
  int texel = 2 * (u_first + (gl_VertexID >> 2)), corner = gl_VertexID & 3;
  int columns = textureSize(u_segments, 0).x;
  uvec4 ends = texelFetch(u_segments, ivec2(texel % columns, texel / columns), 0);
  uvec4 rest = texelFetch(u_segments, ivec2((texel + 1) % columns, (texel + 1) / columns), 0);
  uvec4 look = look_at(rest.y & 0xffffffu);
  uint flags = rest.y >> 24;
  bool extend_start = (flags & 1u) != 0u, extend_end = (flags & 2u) != 0u, straight = (flags & 4u) != 0u;
  v_color = color_of(look);
  if (look.w != 0u) {
    gl_Position = kNowhere;
    return;
  }
  vec2 a = to_px(uintBitsToFloat(ends.xy)), b = to_px(uintBitsToFloat(ends.zw));
  bool in_units = (look.z & 1u) != 0u;
  float width = uintBitsToFloat(look.y);
  width = in_units ? clamp(width * u_scale, 1.0, 4.0 * (u_size.x + u_size.y)) : clamp(width * u_pen.x, 1.0, u_pen.y);
  vec2 along = b - a;
  float len = length(along);
  bool thin = width <= kThin, round_ends = !thin && !in_units;
  bool level = straight && thin && abs(along.y) <= kAxisSlack && len >= 1.0;
  bool upright = straight && thin && !level && abs(along.x) <= kAxisSlack && len >= 1.0;
  if (level) {
    snap_level(a, b, width, extend_start, extend_end);
  } else if (upright) {
    vec2 p = a.yx, q = b.yx;
    snap_level(p, q, width, extend_start, extend_end);
    a = p.yx;
    b = q.yx;
  }
  vec2 d = len > 1e-6 ? normalize(b - a) : vec2(1.0, 0.0);
  width += u_halo;
  float half_width = width / 2.0;
  if (!level && !upright) {
    if (thin && len < 0.5) {
      vec2 middle = (a + b) / 2.0;
      a = middle - d * 0.25;
      b = middle + d * 0.25;
    } else if (thin && len >= 1.0) {
      if (extend_start) a -= d * half_width;
      if (extend_end) b += d * half_width;
    }
  }
  float half_length = length(b - a) / 2.0;
  vec2 skews = vec2(float(int(rest.z << 16) >> 16), float(int(rest.z) >> 16)) * (4.0 / 32767.0);
  if (thin) skews = vec2(0.0);
  float side = (corner & 1) == 0 ? 1.0 : -1.0;
  bool at_end = corner >= 2;
  vec2 normal = vec2(d.y, -d.x);
  float beyond = round_ends ? half_width : 0.0;
  vec2 px = at_end ? b + d * (beyond - side * skews.y * half_width) : a - d * (beyond - side * skews.x * half_width);
  px += normal * side * half_width;
  v_shape = vec3(half_length, half_width, round_ends ? 1.0 : 0.0);
  v_at = vec2((at_end ? 1.0 : -1.0) * (half_length + beyond), side * half_width);
  gl_Position = place(px, uintBitsToFloat(rest.x));
}
`;

export const kSegmentFragment = `#version 300 es
precision highp float;
flat in vec4 v_color;
flat in vec3 v_shape;
in vec2 v_at;
out vec4 color;
void main() {
  float beyond = abs(v_at.x) - v_shape.x;
  float cover = v_shape.z > 0.0 && beyond > 0.0 ? clamp(v_shape.y + 0.5 - length(vec2(beyond, v_at.y)), 0.0, 1.0) : 1.0;
  if (cover == 0.0) discard;
  color = vec4(v_color.rgb, v_color.a * cover);
}
`;

export const kTriangleVertex = `${kCommon}
layout(location = 0) in vec2 a_point;
layout(location = 1) in float a_z;
layout(location = 2) in uint a_look;
flat out vec4 v_color;
out vec2 v_px;
void main() {
  uvec4 look = look_at(a_look);
  v_color = color_of(look);
  v_px = to_px(a_point);
  gl_Position = look.w != 0u ? kNowhere : place(v_px, a_z);
}
`;

export const kTriangleFragment = `#version 300 es
precision highp float;
flat in vec4 v_color;
out vec4 color;
void main() { color = v_color; }
`;

// A dot is one pixel of the screen, as in the preview.
export const kDotVertex = `${kCommon}
layout(location = 0) in vec2 a_point;
layout(location = 1) in float a_z;
layout(location = 2) in uint a_look;
flat out vec4 v_color;
void main() {
  uvec4 look = look_at(a_look & 0xffffffu);
  v_color = color_of(look);
  v_color.a *= float(a_look >> 24) / 255.0;
  gl_PointSize = 1.0;
  gl_Position = look.w != 0u ? kNowhere : place(floor(to_px(a_point)) + 0.5, a_z);
}
`;

export const kGradientFragment = `#version 300 es
precision highp float;
uniform sampler2D u_ramps;
uniform int u_row;
uniform vec4 u_line;  // from x, y; to - from
uniform bool u_radial;
in vec2 v_px;
out vec4 color;
void main() {
  vec2 along = u_line.zw, p = v_px - u_line.xy;
  float squared = dot(along, along);
  float t = squared > 0.0 ? (u_radial ? sqrt(dot(p, p) / squared) : dot(p, along) / squared) : 1.0;
  color = texelFetch(u_ramps, ivec2(int(clamp(t, 0.0, 1.0) * 255.0 + 0.5), u_row), 0);
}
`;

export const kClipVertex = `#version 300 es
precision highp float;
uniform vec2 u_size;
uniform vec2 u_offset;
uniform float u_scale;
layout(location = 0) in vec2 a_point;
void main() {
  vec2 px = u_offset + vec2(a_point.x, -a_point.y) * u_scale;
  gl_Position = vec4(px.x * 2.0 / u_size.x - 1.0, 1.0 - px.y * 2.0 / u_size.y, 0.0, 1.0);
}
`;
export const kClipFragment = `#version 300 es
precision highp float;
out vec4 color;
void main() { color = vec4(0.0); }
`;

// What has been drawn, moved and scaled to where it is now.
export const kPresentVertex = `#version 300 es
precision highp float;
uniform vec4 u_rect;  // of the picture on the canvas: left, top, right, bottom, in clip coordinates
out vec2 v_uv;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_uv = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(mix(u_rect.x, u_rect.z, corner.x), mix(u_rect.y, u_rect.w, corner.y), 0.0, 1.0);
}
`;
export const kPresentFragment = `#version 300 es
precision highp float;
uniform sampler2D u_picture;
in vec2 v_uv;
out vec4 color;
void main() { color = vec4(texture(u_picture, v_uv).rgb, 1.0); }
`;
