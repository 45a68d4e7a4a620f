import type { KeyRing } from '../../kernel/key-ring.js';
import { idNumberEnds, phoneEnds, surnameOf } from '../../kernel/masks.js';
import type { IdNumber } from '../../kernel/id-number.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { birthOf, idNumberOf, phoneOf, textOf } from '../input-words.js';
import type { ReturnSubjectInput } from './returns.input.js';

/** Columns of `return_cases` that hold what the author wrote about the person, and the two of a person's link. */
export interface SubjectColumns {
  subject_name: string | null; subject_name_surname: string | null;
  subject_id_number_sealed: string | null; subject_id_number_hash: string | null;
  subject_sex: string | null; subject_birth_date: string | null; subject_estimated_age: number | null; subject_born_on: string | null;
  subject_hukou_division: string | null; subject_home_division: string | null;
  subject_address_sealed: string | null; subject_kin_name: string | null; subject_kin_phone_sealed: string | null; subject_kin_phone_ends: string | null;
  subject_features: string | null;
}

/**
 * What the sender wrote, checked and sealed. Divisions have been checked by the caller.
 * @throws Refusal BAD_USER_INPUT with the field: a birth date or sex that contradicts the ID number, among others
 */
export function subjectColumns(input: ReturnSubjectInput, divisions: { hukou: string | null; home: string | null }, keyRing: KeyRing, today: string, acceptSynthetic: boolean, at = 'input.subject'): { columns: SubjectColumns; idNumber: IdNumber | null; idNumberEnds: string | null } {
  const idNumber = idNumberOf(input.idNumber, `${at}.idNumber`, acceptSynthetic);
  const name = textOf(input.name, `${at}.name`, 100);
  const { birthDate, sex, estimatedAge, bornOn } = birthOf(input, idNumber, at, today);
  const kinPhone = phoneOf(input.kinPhone, `${at}.kinPhone`);
  const address = textOf(input.address, `${at}.address`, 300);
  const seal = (text: string | null): string | null => (text === null ? null : keyRing.sealValue(text));
  return {
    idNumber, idNumberEnds: idNumber && idNumberEnds(idNumber.number18),
    columns: {
      subject_name: name, subject_name_surname: name && surnameOf(name),
      subject_id_number_sealed: seal(idNumber?.number18 ?? null), subject_id_number_hash: idNumber && keyRing.keyedHash(ID_NUMBER_HASH, idNumber.number18),
      subject_sex: sex, subject_birth_date: birthDate, subject_estimated_age: estimatedAge, subject_born_on: bornOn,
      subject_hukou_division: divisions.hukou, subject_home_division: divisions.home,
      subject_address_sealed: seal(address), subject_kin_name: textOf(input.kinName, `${at}.kinName`, 100),
      subject_kin_phone_sealed: seal(kinPhone), subject_kin_phone_ends: kinPhone && phoneEnds(kinPhone),
      subject_features: textOf(input.features, `${at}.features`, 2_000, true),
    },
  };
}
