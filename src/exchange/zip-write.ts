import { crc32, deflateRawSync } from 'node:zlib';

/** A file inside a container: its path with `/`, and its text. */
export interface ZipPart { path: string; text: string }

/** 1980-01-01 in MS-DOS form: the same rows give the same bytes. */
const FIXED_DATE = 0x0021;
const UTF8_NAMES = 0x0800;

/** Packs parts into a zip container (APPNOTE 6.3.10), deflated, without 64-bit sizes. Pure. */
export function buildZip(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, text } of parts) {
    const name = Buffer.from(path, 'utf8');
    const content = Buffer.from(text, 'utf8');
    const packed = deflateRawSync(content);
    const common = commonHeader(name, content, packed);
    const local = Buffer.concat([uint32(0x04034b50), common, name]);
    directory.push(Buffer.concat([uint32(0x02014b50), uint16(20), common, Buffer.alloc(10), uint32(offset), name]));
    locals.push(local, packed);
    offset += local.length + packed.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.concat([uint32(0x06054b50), Buffer.alloc(4), uint16(parts.length), uint16(parts.length), uint32(index.length), uint32(offset), uint16(0)]);
  return Buffer.concat([...locals, index, end]);
}

/** The fields that a local header and a directory entry share, in the same order. */
function commonHeader(name: Buffer, content: Buffer, packed: Buffer): Buffer {
  return Buffer.concat([
    uint16(20), uint16(UTF8_NAMES), uint16(8), uint16(0), uint16(FIXED_DATE),
    uint32(crc32(content)), uint32(packed.length), uint32(content.length), uint16(name.length), uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
