import { crc32, inflateRawSync } from 'node:zlib';
import { SHEET_LIMITS, sheetDamaged, sheetRefused } from './sheet-refusals.js';

interface ZipEntry { method: number; flags: number; crc: number; packedBytes: number; unpackedBytes: number; offset: number }

/** The parts of a zip container by path. Nothing is unpacked before it is asked for. */
export interface ZipFolder {
  has(path: string): boolean;
  /**
   * Unpacks one part, at most to the size its directory entry states.
   * @throws BAD_USER_INPUT if the part is missing, longer than stated, or its checksum differs.
   */
  get(path: string): Buffer;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const ZIP64_EXTRA = 0x0001;

/**
 * Reads the directory of a zip container (APPNOTE 6.3.10 §4.3.12, §4.3.16) and adds up the sizes it states before anything is unpacked,
 * so that a bomb is refused unopened; a part that lies about its size is stopped at the stated size.
 * @throws BAD_USER_INPUT if the directory is missing or damaged, an entry is encrypted, or the limits of `SHEET_LIMITS` are passed.
 */
export function openZip(bytes: Buffer): ZipFolder {
  const entries = readDirectory(bytes);
  return {
    has: (path) => entries.has(path.toLowerCase()),
    get: (path) => {
      const entry = entries.get(path.toLowerCase());
      if (!entry) throw sheetDamaged(`缺少 ${path}`, `\`${path}\` is missing`);
      return unpack(bytes, path, entry);
    },
  };
}

function readDirectory(bytes: Buffer): Map<string, ZipEntry> {
  const end = findEndOfDirectory(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > SHEET_LIMITS.parts) throw tooLarge();
  const entries = new Map<string, ZipEntry>();
  let at = bytes.readUInt32LE(end + 16);
  let total = 0;
  for (let k = 0; k < count; k++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw sheetDamaged('压缩目录有误', 'bad zip directory');
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw sheetDamaged('压缩目录有误', 'bad zip directory');
    const entry: ZipEntry = {
      flags: bytes.readUInt16LE(at + 8), method: bytes.readUInt16LE(at + 10), crc: bytes.readUInt32LE(at + 16),
      packedBytes: bytes.readUInt32LE(at + 20), unpackedBytes: bytes.readUInt32LE(at + 24), offset: bytes.readUInt32LE(at + 42),
    };
    readZip64(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), entry);
    total += entry.unpackedBytes;
    if (total > SHEET_LIMITS.unpackedBytes) throw tooLarge();
    // Part names are compared without case (ECMA-376 part 2 §6.2.2.3); a second part of one name could hide the first.
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/').toLowerCase();
    if (entries.has(name)) throw sheetDamaged('压缩目录有重名', 'duplicate zip entry');
    entries.set(name, entry);
    at = next;
  }
  return entries;
}

/** Some writers use 64-bit sizes whatever the size (APPNOTE §4.5.3). */
function readZip64(extra: Buffer, entry: ZipEntry): void {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) {
      let field = at + 4;
      for (const key of ['unpackedBytes', 'packedBytes', 'offset'] as const) {
        if (entry[key] !== 0xffffffff || field + 8 > Math.min(end, extra.length)) continue;
        entry[key] = Number(extra.readBigUInt64LE(field));
        field += 8;
      }
    }
    at = end;
  }
}

function findEndOfDirectory(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= lowest; at--) if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw sheetDamaged('压缩目录缺失，可能没有传完', 'no zip directory, perhaps cut short');
}

function unpack(bytes: Buffer, path: string, entry: ZipEntry): Buffer {
  if (entry.flags & 1) throw sheetRefused('文件已加密，请取消密码后再导入', 'the file is encrypted; remove the password and import it again');
  const { offset } = entry;
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL_HEADER) throw sheetDamaged(path, `bad header of \`${path}\``);
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const packed = bytes.subarray(start, start + entry.packedBytes);
  const part = inflate(packed, path, entry);
  if (part.length !== entry.unpackedBytes || crc32(part) !== entry.crc) throw sheetDamaged(path, `checksum or size of \`${path}\` differs`);
  return part;
}

function inflate(packed: Buffer, path: string, entry: ZipEntry): Buffer {
  if (entry.method === 0) return packed;
  if (entry.method !== 8) throw sheetDamaged(path, `unknown compression of \`${path}\``);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.unpackedBytes) });
  } catch {
    throw sheetDamaged(path, `\`${path}\` does not unpack to its stated size`);
  }
}

function tooLarge(): Error {
  const megabytes = SHEET_LIMITS.unpackedBytes / 1024 / 1024;
  return sheetRefused(`文件解压后过大（上限 ${megabytes} MB），请拆分后导入`, `the unpacked file is too large (limit ${megabytes} MB)`);
}
