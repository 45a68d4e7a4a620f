import { beginDuty, endDutyOf } from '../../delivery/duties.js';
import { perform, type WriteRequest } from '../../disclosure/perform.js';
import { dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { documentOf } from '../documents.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { textOf } from '../input-words.js';
import { findNearestAgency } from '../agencies/nearest-agency.js';
import { openHomelessSettlement } from '../links.js';
import { leaveRevisit } from '../revisits.js';
import type { LedgerServices } from '../workbench.js';
import { noteOf } from './returns.commands.js';
import type { AnswerReferralInput, ReferForAidInput, ReportNoHomeInput, ReturnStepInput } from './returns.input.js';
import { CASE_COLUMNS, moveCase, takeStep, type OpenCase, type ReturnOutcome } from './returns.writing.js';

/** Help for whoever is home in difficulty, and the hukou place for whoever has no home (民发〔2020〕14号 二(五)). */

/** Addressees that one return may be referred to at once. */
const MOST_REFERRALS = 20;

/** Whom a return may be referred to. Poverty relief learns of returnees by its flags, health by its own referrals. */
const ADDRESSEES = ['TOWNSHIP', 'PARTNER'] as const;

/** Sends the details to township and departments, each what it needs: one referral for each addressee. */
export function referForAid(services: LedgerServices, request: WriteRequest, input: ReferForAidInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, async (write, before) => {
    const { referrals } = input;
    if (referrals.length === 0 || referrals.length > MOST_REFERRALS) throw badInput('input.referrals', `每次转介 1 至 ${MOST_REFERRALS} 个单位`, `1 to ${MOST_REFERRALS} addressees`);
    const addressees: string[] = [];
    for (const [index, { addressee: code, helpAsked }] of referrals.entries()) {
      const at = `input.referrals.${index}`;
      const { agencyId } = await services.directory.getAgencyOfKind(write, code, ADDRESSEES, `${at}.addressee`);
      if (addressees.includes(agencyId)) throw badInput(`${at}.addressee`, '同一单位只转介一次', 'an addressee is named once');
      if (helpAsked.length === 0) throw badInput(`${at}.helpAsked`, '请写明请求哪些帮扶', 'say what help is asked');
      addressees.push(agencyId);
    }
    const details = referrals.map(({ details: text }, index) => textOf(text, `input.referrals.${index}.details`, 2_000, true));
    return {
      set: { referred_to: addressees }, reason: noteOf(input.note),
      follow: async (subject) => {
        for (const [index, addressee] of addressees.entries()) {
          const { dueOn } = await beginDuty(write, 'answerReferral', subject, addressee);
          await write.query(
            'INSERT INTO guitu.return_referrals (case_id, person_id, referral_no, version, addressee, help_asked, details, referred_at, answer_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
            [subject.id, before.person_id, newCaseNo('RF'), newVersion(), addressee, [...new Set(referrals[index]?.helpAsked)], details[index], write.context.now, dueOn]);
        }
      },
    };
  });
}

interface OpenReferral extends Record<string, unknown> { version: number; answered_at: Date | null }

/** An addressee says what it will do; the last answer makes the case AIDED. */
export function answerReferral(services: LedgerServices, request: WriteRequest, input: AnswerReferralInput): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  return perform(services, request, async (write) => {
    const before = await write.open<OpenCase>('ReturnCase', caseId, CASE_COLUMNS, 'input.id');
    const { agencyId } = write.context.viewer;
    const [found] = await write.query<{ id: string }>('SELECT id FROM guitu.return_referrals WHERE case_id = $1 AND addressee = $2 AND referral_no = $3', [caseId, agencyId, input.referralNo]);
    if (!found) throw new Refusal('NOT_FOUND', { field: 'input.referralNo' });
    const referral = await write.open<OpenReferral>('AidReferral', found.id, 'c.version, c.answered_at', 'input.referralNo');
    if (referral.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (referral.answered_at !== null) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.referralNo' });
    // The addressee does not read when the person entered: no refusal may tell it.
    const document = documentOf(input, { today: dateOf(write.at) });
    const measures = [...new Set(input.measures)];
    if (measures.length === 0) throw badInput('input.measures', '请写明采取的措施；不予帮扶的填 NONE', 'say which measures are taken; NONE if none is');
    if (measures.length > 1 && measures.includes('NONE')) throw badInput('input.measures', 'NONE 不能与其他措施并列', 'NONE stands alone');
    await write.query('UPDATE guitu.return_referrals SET answered_at = $2, measures = $3, answer = $4, version = $5 WHERE id = $1', [found.id, write.context.now, measures, textOf(input.text, 'input.text', 2_000, true), newVersion()]);
    await endDutyOf(write, caseId, 'answerReferral', agencyId);
    const [rest] = await write.query<{ open: boolean }>('SELECT guitu.has_open_referral($1) AS open', [caseId]);
    await moveCase(write, caseId, before, request.operation, () => ({ to: rest?.open ? 'REFERRED' : 'AIDED' }), document);
    await write.settle('AidReferral', [found.id], 'referral.answered');
    return { caseId };
  });
}

/** There is no home to return to: the station or civil affairs department of the hukou place is called upon; it and civil affairs of the place see from now on what the origin side sees. */
export function reportNoHome(services: LedgerServices, request: WriteRequest, input: ReportNoHomeInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, async (write) => {
    const place = await services.directory.getDivision(write, input.hukouDivision, 'input.hukouDivision');
    const receiver = await services.directory.getReceiver(write, place, 'input.hukouDivision');
    const civilAffairs = await findNearestAgency(write, place.code, 'CIVIL_AFFAIRS');
    return { set: { hukou_place: place.code, hukou_agency: receiver.agencyId, hukou_civil_affairs: civilAffairs?.id ?? null }, reason: noteOf(input.note) };
  });
}

/** The hukou place accepts: from now on its settlement ledger goes on. */
export function acceptForSettlement(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => ({
    reason: noteOf(input.note),
    follow: async ({ id }) => {
      // Whoever settles elsewhere is no longer near the station that received it.
      if (before.origin_agency !== before.hukou_agency) await leaveRevisit(write, id);
      await openHomelessSettlement(write, { returnCase: id, personId: before.person_id, hukouDivision: before.hukou_place ?? write.context.viewer.division });
    },
  }));
}
