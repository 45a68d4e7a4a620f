import type { GraphQLResolveInfo } from 'graphql';
import type { RecordReader } from '../../disclosure/reader.js';
import type { SplicedJson } from '../../disclosure/run.js';
import { Arguments } from '../../disclosure/statement.js';
import { badInput } from '../../kernel/errors.js';
import { predicateSql } from '../../policy/compile.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { idNumberOf } from '../input-words.js';
import type { LedgerServices } from '../workbench.js';

/** ID numbers a call, at most. */
export const NUMBERS_PER_CALL = 200;

/**
 * Answers about ID numbers that the asker already holds, in the order asked: the released facts of the newest case that the policy's rows let through,
 * or `current: false`. A number leads on from a person that was merged into another. Hidden and absent take the same way through the same statement.
 * @throws Refusal BAD_USER_INPUT with the place of the number at fault
 */
export async function checkReturnees(reader: RecordReader, services: LedgerServices, idNumbers: readonly string[], info: GraphQLResolveInfo): Promise<SplicedJson> {
  const hashes = idNumbers.map((text, index) => {
    const parsed = idNumberOf(text, `idNumbers.${index}`, services.acceptSynthetic);
    if (!parsed) throw badInput(`idNumbers.${index}`, '身份证号不能为空', 'an ID number may not be empty');
    return services.keyRing.keyedHash(ID_NUMBER_HASH, parsed.number18);
  });
  const bind = new Arguments();
  const asked = bind.bindList(idNumbers, 'text');
  const hashed = bind.bindList(hashes, 'text');
  const row = reader.lens.records.get('ReturneeCheck')?.row ?? 'NEVER';
  const visible = predicateSql(row, 'held');
  const source = `(SELECT q.asked, q.n, coalesce(found.id::text, '') AS id, found.id IS NOT NULL AS found, left(found.origin_division, 6) AS county, found.origin_agency
    FROM unnest(${asked}, ${hashed}) WITH ORDINALITY AS q(asked, hash, n)
    LEFT JOIN LATERAL (SELECT held.id, held.origin_division, held.origin_agency FROM guitu.persons asked_person JOIN guitu.return_cases held ON held.person_id = coalesce(asked_person.merged_into, asked_person.id) WHERE asked_person.id_number_hash = q.hash AND ${visible} ORDER BY held.sent_at DESC NULLS LAST, held.id LIMIT 1) found ON TRUE)`;
  return reader.answer('ReturneeCheck', source, 'n', bind, info);
}
