// SPDX-License-Identifier: Apache-2.0
// DWG -> JSON with npm's @mlightcad/libredwg-web (GPL: installed on demand into an ignored folder,
// never linked or shipped). usage: node libredwg_web.mjs NODE_MODULES FILE...
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);
const folder = `${modules}/@mlightcad/libredwg-web`;
const { LibreDwg, Dwg_File_Type } = await import(pathToFileURL(`${folder}/dist/libredwg-web.js`));
const reader = await LibreDwg.create(`${folder}/wasm/`);
let failed = 0;
for (const file of files) {
  try {
    const bytes = readFileSync(file);
    const data = reader.dwg_read_data(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), Dwg_File_Type.DWG);
    const database = reader.convert(data);
    JSON.stringify(database, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
    reader.dwg_free(data);
  } catch (error) {
    failed += 1;
    console.error(`${file}: ${String(error).slice(0, 200)}`);
  }
}
console.log(`${files.length - failed} of ${files.length} files`);
