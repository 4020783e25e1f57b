// SPDX-License-Identifier: Apache-2.0
// An entity's geometry in one line. schema/result.schema.json says what each type has.
import type { Entity, Point } from "../../api/result";

const kMeasure = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });
// In meters, say, a thousandth is not nothing.
const kSmall = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const kNoise = 1e-9;
export function measure(value: number): string {
  const size = Math.abs(value);
  return size < kNoise ? "0" : (size < 0.1 ? kSmall : kMeasure).format(value);
}

const at = ({ x, y, z }: Point) => (z === undefined ? `(${measure(x)}, ${measure(y)})` : `(${measure(x)}, ${measure(y)}, ${measure(z)})`);
export const degrees = (radians: number) => `${kMeasure.format((radians * 180) / Math.PI).replace(/^-0$/, "0")}°`;
// Of a dimension: what it measures is in radians.
export const is_angle = (kind: unknown) => kind === "angular";
const several = (count: number, one: string, many: string) => `${kMeasure.format(count)} ${count === 1 ? one : many}`;

// A text may be of many pages.
const kLongestText = 120;
function quoted(text: string): string {
  const line = text.slice(0, 2 * kLongestText).replace(/\s+/g, " ").trim();
  return `“${line.length > kLongestText ? `${line.slice(0, kLongestText)}…` : line}”`;
}

// Each type's own fields, as the schema promises them.
type Words = (geometry: any, entity: Entity) => string;

const line: Words = ({ start, end }) => `${at(start)} to ${at(end)}`;
const polyline: Words = ({ vertices, closed }) => `${several(vertices.length, "vertex", "vertices")}, ${closed ? "closed" : "open"}`;
const spline: Words = ({ degree, controlPoints, closed }) => `degree ${degree}, ${several(controlPoints.length, "control point", "control points")}${closed ? ", closed" : ""}`;
const text: Words = ({ position }, entity) => `${quoted(entity.text?.value ?? "")} at ${at(position)}`;
const attribute: Words = ({ tag, position }, entity) => `${tag} = ${quoted(entity.text?.value ?? "")} at ${at(position)}`;
const body: Words = ({ edges }) => (edges ? several(edges.length, "edge", "edges") : "no edges could be read");
const outline: Words = ({ vertices }) => vertices.map(at).join(", ");
const underlay: Words = ({ path, position }) => `${path ?? "no file"} at ${at(position)}`;

const words: Record<string, Words> = {
  LINE: line,
  POINT: ({ position }) => `at ${at(position)}`,
  CIRCLE: ({ center, radius }) => `radius ${measure(radius)} at ${at(center)}`,
  ARC: ({ center, radius, startAngle, endAngle }) => `radius ${measure(radius)} at ${at(center)}, ${degrees(startAngle)} to ${degrees(endAngle)}`,
  ELLIPSE: ({ center, majorAxis, ratio }) => `half axes ${measure(Math.hypot(majorAxis.x, majorAxis.y, majorAxis.z ?? 0))} × ${measure(Math.hypot(majorAxis.x, majorAxis.y, majorAxis.z ?? 0) * ratio)} at ${at(center)}`,
  SPLINE: spline,
  HELIX: ({ radius, turns }) => `radius ${measure(radius)}, ${several(turns, "turn", "turns")}`,
  RAY: ({ start, direction }) => `from ${at(start)} along ${at(direction)}`,
  XLINE: ({ base, direction }) => `through ${at(base)} along ${at(direction)}`,
  LWPOLYLINE: polyline,
  POLYLINE: polyline,
  MLINE: polyline,
  TEXT: text,
  MTEXT: text,
  ATTRIB: attribute,
  ATTDEF: attribute,
  TOLERANCE: (geometry) => `${quoted(geometry.text)} at ${at(geometry.position)}`,
  SHAPE: ({ name, position }) => `${name || "a shape"} at ${at(position)}`,
  INSERT: ({ position, columns, rows }, entity) => `${entity.reference?.blockName ?? "a block"} at ${at(position)}${columns * rows > 1 ? `, ${columns} × ${rows}` : ""}`,
  HATCH: ({ boundaries, gradient }, { properties }) =>
    `${gradient ? "gradient" : properties["solid"] ? "solid" : (properties["patternName"] ?? "pattern")}, ${several(boundaries.length, "boundary", "boundaries")}`,
  DIMENSION: (geometry) => `${geometry.kind}, ${geometry.text ? quoted(geometry.text) : geometry.measurement === null ? "not measured" : is_angle(geometry.kind) ? degrees(geometry.measurement) : measure(geometry.measurement)}`,
  LEADER: ({ vertices }) => several(vertices.length, "vertex", "vertices"),
  MULTILEADER: (geometry) => (geometry.text ? quoted(geometry.text.value) : (geometry.block?.blockName ?? several(geometry.leaders.length, "leader", "leaders"))),
  ACAD_TABLE: ({ rows, columns, position }) => `${rows} × ${columns} cells at ${at(position)}`,
  VIEWPORT: ({ width, height, center }) => `${measure(width)} × ${measure(height)} around ${at(center)}`,
  SOLID: outline,
  TRACE: outline,
  "3DFACE": outline,
  MESH: ({ vertices, faces }) => `${several(vertices.length, "vertex", "vertices")}, ${several(faces.length, "face", "faces")}`,
  IMAGE: ({ path, widthPixels, heightPixels }) => `${path ?? "no file"}, ${measure(widthPixels)} × ${measure(heightPixels)} pixels`,
  WIPEOUT: ({ vertices }) => several(vertices.length, "vertex", "vertices"),
  OLE2FRAME: ({ description, upperLeft }) => `${description ?? "embedded object"} at ${at(upperLeft)}`,
};
words["MPOLYGON"] = words["HATCH"]!;
words["OLEFRAME"] = words["OLE2FRAME"]!;
for (const type of ["PDFUNDERLAY", "DWFUNDERLAY", "DGNUNDERLAY"]) words[type] = underlay;
for (const type of ["3DSOLID", "REGION", "BODY", "SURFACE", "PLANESURFACE", "EXTRUDEDSURFACE", "REVOLVEDSURFACE", "SWEPTSURFACE", "LOFTEDSURFACE", "NURBSURFACE"]) words[type] = body;

export function geometry_words(entity: Entity): string {
  const own = words[entity.type];
  if (own) return own(entity.geometry, entity);
  const { applicationName, className } = entity.geometry as { applicationName?: string | null; className?: string | null };
  // Programs write their address and more behind their name.
  const program = (applicationName ?? className)?.split("|")[0];
  return `of ${program || "an unknown program"}: kept by its type only`;
}
