import { phoneEnds, surnameOf } from '../../kernel/masks.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { birthOf, idNumberOf, phoneOf, requiredText, textOf } from '../input-words.js';
import type { LedgerServices } from '../workbench.js';
import type { SurveyedPersonInput } from './at-risk.input.js';

/**
 * What a survey wrote: columns of a person of its own, who is nobody else's, and the number that it claims. The number leads to no shared person, known or not, so that a survey of a
 * guessed number opens and tells nothing.
 * @throws Refusal BAD_USER_INPUT with the field
 */
export function surveyedPerson({ keyRing, acceptSynthetic }: LedgerServices, input: SurveyedPersonInput, division: string, today: string): { person: Record<string, unknown>; claimed: Record<string, unknown> } {
  const at = 'input.surveyed';
  const number = idNumberOf(input.idNumber, `${at}.idNumber`, acceptSynthetic);
  const name = requiredText(input.name, `${at}.name`, 100);
  const { birthDate, sex, estimatedAge, bornOn } = birthOf(input, number, at, today);
  const address = textOf(input.address, `${at}.address`, 300);
  const phone = phoneOf(input.kinPhone, `${at}.kinPhone`);
  return {
    person: {
      name, name_surname: surnameOf(name), sex, birth_date: birthDate, estimated_age: estimatedAge, born_on: bornOn, home_division: division,
      address_sealed: address && keyRing.sealValue(address), kin_name: textOf(input.kinName, `${at}.kinName`, 100), kin_phone_sealed: phone && keyRing.sealValue(phone), kin_phone_ends: phone && phoneEnds(phone),
    },
    claimed: number ? { surveyed_id_number_sealed: keyRing.sealValue(number.number18), surveyed_id_number_hash: keyRing.keyedHash(ID_NUMBER_HASH, number.number18) } : {},
  };
}
