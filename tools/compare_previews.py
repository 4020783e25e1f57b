#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows our previews beside those of ezdxf's drawing add-on, for the eye.

    tools/compare_previews.py FILE.dxf... [-o FOLDER] [--cadlens build/release/cadlens] [--width 900]

Draws model space of each file twice: by `cadlens parse FILE --png` and by ezdxf with its matplotlib
back-end on white. Writes one side-by-side PNG per file, contact sheets of twelve files each
(contact-1.png ...) and index.html into FOLDER (default: build/previews).

A tool for developers: it needs Debian's python3-ezdxf, python3-matplotlib and python3-pil, takes a
second or more per file, and judges nothing. Where ezdxf cannot read or draw a file, its half says so.
Each ezdxf drawing is made in a process of its own with a time limit.
"""
import argparse
import html
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw

EZDXF_SECONDS = 120
PER_CONTACT_SHEET = 12


def draw_with_ezdxf(source: str, target: str) -> None:
    """Runs in a child process: model space of `source` as PNG."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from ezdxf import recover
    from ezdxf.addons.drawing import Frontend, RenderContext
    from ezdxf.addons.drawing.matplotlib import MatplotlibBackend
    from ezdxf.addons.drawing.properties import LayoutProperties

    document, _ = recover.readfile(source)
    context = RenderContext(document)
    white = LayoutProperties.from_layout(document.modelspace())
    white.set_colors("#ffffff")
    figure = plt.figure(figsize=(10, 10), dpi=160)
    axes = figure.add_axes([0, 0, 1, 1])
    back_end = MatplotlibBackend(axes)
    Frontend(context, back_end).draw_layout(document.modelspace(), finalize=True,
                                            layout_properties=white)
    figure.savefig(target, dpi=160, facecolor="white")


def note(text: str, width: int) -> Image.Image:
    image = Image.new("RGB", (width, width * 3 // 4), "white")
    ImageDraw.Draw(image).text((10, 10), text[:600], fill="red")
    return image


def picture(path: pathlib.Path, width: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(path).convert("RGB")
    return image.resize((width, max(1, image.height * width // image.width)), Image.LANCZOS)


def trimmed(image: Image.Image) -> Image.Image:
    """Without the white border, but for a little."""
    from PIL import ImageChops

    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    if not box:
        return image
    margin = max(image.size) // 50
    return image.crop((max(0, box[0] - margin), max(0, box[1] - margin),
                       min(image.width, box[2] + margin), min(image.height, box[3] + margin)))


def theirs(source: pathlib.Path, folder: pathlib.Path, width: int) -> Image.Image:
    target = folder / "ezdxf.png"
    target.unlink(missing_ok=True)
    try:
        run = subprocess.run([sys.executable, __file__, "--ezdxf-child", str(source), str(target)],
                             capture_output=True, text=True, timeout=EZDXF_SECONDS)
    except subprocess.TimeoutExpired:
        return note(f"ezdxf: more than {EZDXF_SECONDS} s", width)
    if not target.exists():
        lines = run.stderr.strip().splitlines() or ["no picture"]
        return note("ezdxf: " + lines[-1], width)
    image = trimmed(Image.open(target).convert("RGB"))
    return image.resize((width, max(1, image.height * width // image.width)), Image.LANCZOS)


def ours(source: pathlib.Path, folder: pathlib.Path, width: int, cadlens: str) -> Image.Image:
    for old in folder.glob("*.png"):
        old.unlink()
    run = subprocess.run([cadlens, "parse", str(source), "--png", str(folder), "-o", "/dev/null"],
                         capture_output=True, text=True)
    pictures = sorted(folder.glob("*-model.png")) or sorted(folder.glob("*.png"))
    if not pictures:
        return note("cadlens: " + (run.stderr.strip() or "no picture"), width)
    return picture(pictures[0], width)


def side_by_side(left: Image.Image, right: Image.Image, title: str) -> Image.Image:
    bar = 22
    image = Image.new("RGB", (left.width + right.width + 12, max(left.height, right.height) + bar),
                      "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width, bar), fill="#e0e0e0")
    draw.text((6, 5), f"{title}    (left: cadlens, right: ezdxf)", fill="black")
    image.paste(left, (0, bar))
    image.paste(right, (left.width + 12, bar))
    draw.line((left.width + 6, bar, left.width + 6, image.height), fill="#808080", width=2)
    return image


def contact_sheets(pairs: list, folder: pathlib.Path) -> None:
    columns, cell_width, cell_height = 3, 760, 420
    for start in range(0, len(pairs), PER_CONTACT_SHEET):
        part = pairs[start:start + PER_CONTACT_SHEET]
        rows = (len(part) + columns - 1) // columns
        sheet = Image.new("RGB", (columns * cell_width, rows * cell_height), "#c0c0c0")
        for i, path in enumerate(part):
            cell = Image.open(path).convert("RGB")
            cell.thumbnail((cell_width - 8, cell_height - 8), Image.LANCZOS)
            sheet.paste(cell, (i % columns * cell_width + 4, i // columns * cell_height + 4))
        sheet.save(folder / f"contact-{start // PER_CONTACT_SHEET + 1}.png")


def main() -> int:
    if len(sys.argv) == 4 and sys.argv[1] == "--ezdxf-child":
        draw_with_ezdxf(sys.argv[2], sys.argv[3])
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, default=pathlib.Path("build/previews"))
    parser.add_argument("--cadlens", default="build/release/cadlens")
    parser.add_argument("--width", type=int, default=900, help="pixels of each half")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    pairs = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for source in arguments.files:
            left = ours(source, folder, arguments.width, arguments.cadlens)
            right = theirs(source, folder, arguments.width)
            path = arguments.output / f"{source.parent.name}-{source.stem}.png"
            side_by_side(left, right, f"{source.parent.name}/{source.name}").save(path)
            pairs.append(path)
            print(path, flush=True)
    contact_sheets(pairs, arguments.output)
    body = "\n".join(f'<h2>{html.escape(p.stem)}</h2><img src="{html.escape(p.name)}" width="100%">'
                     for p in pairs)
    (arguments.output / "index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Previews</title>\n{body}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
