#!/usr/bin/env python3
"""cairn_embed: a checkpoint's index and object graph as a header, for cairn/schema.hpp.

    cairn_embed CHECKPOINT HEADER [--name NAME]

CHECKPOINT is a path like trained/ckpt-1, also with .index behind it. HEADER defines `NAME`, by default the header's own
name without .hpp, which is given to cairn::schema::parse. The graph is taken from the data file, or from a file
CHECKPOINT.graph where there is no data file. Checksums of both are verified. HEADER is written only when it changes.
"""
import argparse
import pathlib
import re
import struct
import sys

GRAPH_KEY = b"_CHECKPOINTABLE_OBJECT_GRAPH"


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc_table()


def masked_crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def block(index, handle):
    offset, at = varint(handle, 0)
    size, _ = varint(handle, at)
    contents, kind = index[offset:offset + size], index[offset + size:offset + size + 1]
    if kind != b"\0":
        sys.exit("cairn_embed: the index is compressed, which the compiler does not read")
    if struct.unpack_from("<I", index, offset + size + 1)[0] != masked_crc32c(contents + kind):
        sys.exit(f"cairn_embed: the checksum of the index's block at byte {offset} is wrong; the file is damaged")
    end = len(contents) - 4 - 4 * struct.unpack_from("<I", contents, len(contents) - 4)[0]
    at, key = 0, b""
    while at < end:
        shared, at = varint(contents, at)
        non_shared, at = varint(contents, at)
        size, at = varint(contents, at)
        key = key[:shared] + contents[at:at + non_shared]
        at += non_shared + size
        yield key, contents[at - size:at]


def entries(index):
    if len(index) < 48 or index[-8:] != bytes.fromhex("57fb808b247547db"):
        sys.exit("cairn_embed: this is no index of a checkpoint")
    _, at = varint(index, len(index) - 48)
    _, at = varint(index, at)
    return {key: value for _, handle in block(index, index[at:-8]) for key, value in block(index, handle)}


def numbers(message):
    """The numeric fields of an entry or header."""
    found, at = {}, 0
    while at < len(message):
        tag, at = varint(message, at)
        if tag & 7 == 0:
            found[tag >> 3], at = varint(message, at)
        elif tag & 7 == 2:
            size, at = varint(message, at)
            at += size
        else:
            at += 4 if tag & 7 == 5 else 8
    return found


def graph_of(checkpoint, table):
    """The serialized object graph, or None."""
    beside = checkpoint.with_name(checkpoint.name + ".graph")
    if GRAPH_KEY not in table:
        return None
    entry, shards = numbers(table[GRAPH_KEY]), numbers(table.get(b"", b"")).get(1, 1)
    data = checkpoint.with_name(f"{checkpoint.name}.data-{entry.get(3, 0):05d}-of-{shards:05d}")
    if not data.exists():
        return beside.read_bytes() if beside.exists() else None
    with data.open("rb") as file:
        file.seek(entry.get(4, 0))
        stored = file.read(entry.get(5, 0))
    size, at = varint(stored, 0)
    graph = stored[at + 4:]
    length = struct.pack("<I" if size < 2**32 else "<Q", size)
    if len(graph) != size or struct.pack("<I", masked_crc32c(length)) != stored[at:at + 4]:
        sys.exit(f"cairn_embed: the object graph in {data} is damaged")
    return graph


def literal(data):
    """Octal escapes have three digits, so that no letter behind one is taken for a digit of it."""
    letters = ["\\" + chr(b) if b in b'"\\' else chr(b) if 32 <= b < 127 and b != ord("?") else f"\\{b:03o}" for b in data]
    lines = ["".join(letters[i:i + 64]) for i in range(0, len(letters), 64)] or [""]
    return "\n".join(f'      "{line}"' for line in lines)


def header(name, checkpoint, index, graph):
    arrays = [("index", index)] + ([("graph", graph)] if graph is not None else [])
    text = "\n".join(f"  static constexpr unsigned char {array}[] =\n{literal(data)};" for array, data in arrays)
    return f"""// The index{' and the object graph' if graph is not None else ''} of {checkpoint.name}, made by cairn_embed: see cairn/schema.hpp.
#pragma once
#if defined(__GNUC__)
#pragma GCC system_header
#endif

struct {name}_checkpoint {{
{text}
}};
inline constexpr {name}_checkpoint {name}{{}};
"""


def main():
    parser = argparse.ArgumentParser(prog="cairn_embed", description="a checkpoint's index and object graph as a header for cairn/schema.hpp")
    parser.add_argument("checkpoint")
    parser.add_argument("header", type=pathlib.Path)
    parser.add_argument("--name")
    options = parser.parse_args()
    checkpoint = pathlib.Path(options.checkpoint.removesuffix(".index"))
    name = options.name or options.header.stem
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        sys.exit(f"cairn_embed: {name!r} is no name in C++; give one with --name")
    try:
        index = checkpoint.with_name(checkpoint.name + ".index").read_bytes()
        text = header(name, checkpoint, index, graph_of(checkpoint, entries(index)))
        if not options.header.exists() or options.header.read_text(encoding="ascii") != text:
            options.header.write_text(text, encoding="ascii")
    except OSError as error:
        sys.exit(f"cairn_embed: {error}")
    except (IndexError, struct.error):
        sys.exit(f"cairn_embed: {checkpoint}.index is damaged")


if __name__ == "__main__":
    main()
