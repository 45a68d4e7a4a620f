import { InvalidArgumentError } from 'commander';
import { CODE_WORDS } from '../ledgers/agencies/agencies.commands.js';
import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES, type AgencyKind, type DivisionLevel, type Purpose, type Role } from '../kernel/viewer.js';

/** Reads one of a list of words, in whatever case. */
function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text.trim().toUpperCase());
    if (found === undefined) throw new InvalidArgumentError(`须为 one of ${words.join(' ')}`);
    return found;
  };
}

/** Kinds by the words that codes use too, so that `--kind station` is as good as `--kind RESCUE_STATION`. */
const KIND_WORDS: Readonly<Record<string, AgencyKind>> = { ...CODE_WORDS, partner: 'PARTNER' };

export const parseKind = (text: string): AgencyKind => KIND_WORDS[text.trim().toLowerCase()] ?? oneOf(AGENCY_KINDS)(text);
export const parseLevel: (text: string) => DivisionLevel = oneOf(LEVELS);
export const parsePurpose: (text: string) => Purpose = oneOf(PURPOSES);
export const parseRole: (text: string) => Role = oneOf(ROLES);

/** For an option that may be given again: the values so far and the new one. */
export const collectRoles = (text: string, before: readonly Role[] | undefined): Role[] => [...(before ?? []), parseRole(text)];

export const collectTexts = (text: string, before: readonly string[] | undefined): string[] => [...(before ?? []), text];

/** A whole number of days. */
export function daysUpTo(most: number): (text: string) => number {
  return (text) => {
    const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (days < 1 || days > most) throw new InvalidArgumentError(`须为 a whole number from 1 to ${most}`);
    return days;
  };
}
