import { addMonths } from '../../kernel/dates.js';
import { badInput } from '../../kernel/errors.js';
import { phoneEnds, surnameOf } from '../../kernel/masks.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { idNumberOf, phoneOf, requiredText, textOf } from '../input-words.js';
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
  const birthDate = input.birthDate ?? null;
  if (birthDate && birthDate > today) throw badInput(`${at}.birthDate`, '出生日期晚于今天', 'the birth date lies in the future');
  if (number && birthDate && number.bornOn !== birthDate) throw badInput(`${at}.birthDate`, '出生日期与身份证号不符', 'the birth date contradicts the ID number');
  if (number && (input.sex === 'MALE' || input.sex === 'FEMALE') && number.sex !== input.sex) throw badInput(`${at}.sex`, '性别与身份证号不符', 'the sex contradicts the ID number');
  const age = input.estimatedAge ?? null;
  if (age !== null && (age < 0 || age > 130)) throw badInput(`${at}.estimatedAge`, '估计年龄应在 0 至 130 岁之间', 'an estimated age lies between 0 and 130');
  const address = textOf(input.address, `${at}.address`, 300);
  const phone = phoneOf(input.kinPhone, `${at}.kinPhone`);
  return {
    person: {
      name, name_surname: surnameOf(name), sex: input.sex ?? null, birth_date: birthDate, estimated_age: age, born_on: birthDate ?? number?.bornOn ?? (age === null ? null : addMonths(today, -12 * age)), home_division: division,
      address_sealed: address && keyRing.sealValue(address), kin_name: textOf(input.kinName, `${at}.kinName`, 100), kin_phone_sealed: phone && keyRing.sealValue(phone), kin_phone_ends: phone && phoneEnds(phone),
    },
    claimed: number ? { surveyed_id_number_sealed: keyRing.sealValue(number.number18), surveyed_id_number_hash: keyRing.keyedHash(ID_NUMBER_HASH, number.number18) } : {},
  };
}
