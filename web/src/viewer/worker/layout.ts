// SPDX-License-Identifier: Apache-2.0
// Words of a segment, and of a vertex or dot in a tile; protocol.ts says which.
export const kSegmentWords = 8;
export const kVertexWords = 4;
