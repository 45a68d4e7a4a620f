import { ERRORS } from './errors.js';
import { PROTOCOL_ERRORS } from './protocol-errors.js';

interface Row { status: number; zh: string; en: string; mend: string }

/** The text of `schema/errors.md`: every code a caller may read in `extensions.code`, in the order in which refusals are checked. */
export function printErrorTable(): string {
  return [
    '# 错误码 · Error codes',
    '',
    'Printed from `src/kernel/errors.ts` and `src/kernel/protocol-errors.ts`; do not edit. 每个错误均带 `extensions.code` 与 `extensions.requestId`；输入有误时另带 `extensions.field`。',
    'Every error carries `extensions.code` and `extensions.requestId`, and `extensions.field` where an input is at fault. Messages are Chinese, or English by `Accept-Language`.',
    'The status is that of a response without `data`. Where a part of the answer is refused, `data` is there and the status is 200. A faulty document or variable answers 200 to a client that accepts only `application/json` (GraphQL over HTTP §6.4.1).',
    '',
    '## 平台 · The hub, in the order of checking',
    '',
    ...printRows(ERRORS),
    '',
    '## 协议 · GraphQL',
    '',
    ...printRows(PROTOCOL_ERRORS),
    '',
  ].join('\n');
}

function printRows(table: Readonly<Record<string, Row>>): string[] {
  return [
    '| code | status | 说明 | meaning | how to mend |',
    '|---|---|---|---|---|',
    ...Object.entries(table).map(([code, { status, zh, en, mend }]) => `| \`${code}\` | ${status} | ${zh} | ${en} | ${mend} |`),
  ];
}
