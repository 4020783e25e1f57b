#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/base/tables/{single,double}_byte_pages.cpp from Python's codecs. Run once, by hand."""
import pathlib

SINGLE = [(437, 'cp437'), (720, 'cp720'), (737, 'cp737'), (775, 'cp775'), (850, 'cp850'),
          (852, 'cp852'), (855, 'cp855'), (857, 'cp857'), (858, 'cp858'), (860, 'cp860'),
          (861, 'cp861'), (862, 'cp862'), (863, 'cp863'), (864, 'cp864'), (865, 'cp865'),
          (866, 'cp866'), (869, 'cp869'), (874, 'cp874'), (1250, 'cp1250'), (1251, 'cp1251'),
          (1252, 'cp1252'), (1253, 'cp1253'), (1254, 'cp1254'), (1255, 'cp1255'),
          (1256, 'cp1256'), (1257, 'cp1257'), (1258, 'cp1258'), (10000, 'mac_roman'),
          (20866, 'koi8_r')]
SINGLE += [(28590 + n, f'iso8859_{n}') for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)]
DOUBLE = [(932, 'cp932'), (936, 'gbk'), (949, 'cp949'), (950, 'cp950'), (1361, 'johab')]
DIGITS = [chr(c) for c in range(0x23, 0x4D) if c != 0x3F]  # 41 characters that need no escape

HEAD = '''// SPDX-License-Identifier: Apache-2.0
// Written by tools/gen_code_pages.py; not edited by hand.
#include "base/tables/code_pages.hpp"

// clang-format off
namespace cad::detail {

'''


def char_of(raw, codec):
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return 0
    return ord(text) if len(text) == 1 and ord(text) < 0x10000 else 0


def single_bytes():
    out = [HEAD, f'constexpr SingleBytePage kPages[{len(SINGLE)}] = {{\n']
    for page, codec in SINGLE:
        cells = [char_of(bytes([b]), codec) for b in range(128, 256)]
        out.append(f'    {{{page}, {{\n')
        for i in range(0, 128, 16):
            out.append('        ' + ', '.join('0x%x' % c for c in cells[i:i + 16]) + ',\n')
        out.append('    }},\n')
    out.append('};\n\nstd::span<const SingleBytePage> single_byte_pages() { return kPages; }\n\n')
    out.append('}  // namespace cad::detail\n')
    return ''.join(out)


def double_bytes():
    out = [HEAD]
    rows_of = []
    for page, codec in DOUBLE:
        table = {}
        for lead in range(0x81, 0xFF):
            for trail in range(0x30, 0xFF):
                c = char_of(bytes([lead, trail]), codec)
                if c:
                    table[lead, trail] = c
        leads = [k[0] for k in table]
        trails = [k[1] for k in table]
        lead0, lead1, trail0, trail1 = min(leads), max(leads), min(trails), max(trails)
        out.append(f'constexpr const char* kRows{page}[] = {{\n')
        for lead in range(lead0, lead1 + 1):
            row = [table.get((lead, trail), 0) for trail in range(trail0, trail1 + 1)]
            if not any(row):
                out.append('    nullptr,\n')
                continue
            cells = ''.join(DIGITS[c // 1681] + DIGITS[c // 41 % 41] + DIGITS[c % 41] for c in row)
            out.append(f'    "{cells}",\n')
        out.append('};\n')
        rows_of.append(f'    {{{page}, {lead0}, {lead1}, {trail0}, {trail1}, kRows{page}}},\n')
    out.append('\nconstexpr DoubleBytePage kPages[] = {\n' + ''.join(rows_of) + '};\n\n')
    out.append('std::span<const DoubleBytePage> double_byte_pages() { return kPages; }\n\n')
    out.append('}  // namespace cad::detail\n')
    return ''.join(out)


if __name__ == '__main__':
    folder = pathlib.Path(__file__).resolve().parent.parent / 'src/base/tables'
    (folder / 'single_byte_pages.cpp').write_text(single_bytes(), encoding='ascii')
    (folder / 'double_byte_pages.cpp').write_text(double_bytes(), encoding='ascii')
