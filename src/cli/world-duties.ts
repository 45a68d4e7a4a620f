import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { beginDuty, endDuties, endDutyOf, type DutyKeeper } from '../delivery/duties.js';
import { addMonths, dateOf } from '../kernel/dates.js';
import { packageRoot } from '../kernel/package-root.js';
import { resumeVisits, subjectOf as entrySubject } from '../ledgers/at-risk/at-risk.clocks.js';
import { moveInquiryClock } from '../ledgers/inquiries/inquiries.clocks.js';
import { moveReturnClocks, type ReturnParties } from '../ledgers/returns/returns.clocks.js';
import { RETURN_STEPS } from '../ledgers/returns/returns.transitions.js';
import { moveSettlementClock } from '../ledgers/settlement/settlement.clocks.js';
import { SETTLEMENT_STEPS } from '../ledgers/settlement/settlement.transitions.js';
import { parseDeadlines } from '../policy/deadlines.js';
import { YamlFile } from '../policy/yaml-reader.js';
import { agencyId, bornOn, getCase, subjectOf, worldId, type World, type WorldCase } from './world-files.js';

/** The clocks of the world's open records, as its steps would have started and ended them. */
export async function beginDuties(owner: ClientBase, world: World): Promise<void> {
  const file = new YamlFile('deadlines.yaml', readFileSync(join(packageRoot(), 'policies', 'deadlines.yaml'), 'utf8'));
  const policy = { deadlines: parseDeadlines(file) };
  const keeper = (at: string): DutyKeeper => ({ policy, at: new Date(at), query: async <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []) => (await owner.query(text, [...values])).rows as Row[] });
  for (const [name, record] of Object.entries(world.cases)) {
    const subject = { record: 'ReturnCase', id: worldId('case', name), number: record.caseNo, personId: worldId('person', record.person) };
    const born = bornOn(subjectOf(world, record), record.leaveDate);
    const coordinators = [...record.coordinatedBy];
    // An imported ledger tells of what was; its clocks ran elsewhere.
    for (const [index, step] of record.transitions.entries()) {
      const from = record.transitions[index - 1]?.to ?? null;
      const operation = RETURN_STEPS.find((one) => one.to === step.to && one.from.includes(from))?.operation ?? '';
      const coordinator = step.to === 'COORDINATING' ? coordinators.shift() : undefined;
      const parties: ReturnParties = {
        originAgency: worldId('agency', originAt(record, index)), destinationAgency: agencyId(record.destination) ?? null, coordinator: agencyId(coordinator) ?? null, coordinatedAtMinistry: coordinator !== undefined && world.agencies[coordinator]?.level === 'MINISTRY',
        hukouAgency: agencyId(record.hukouAgency) ?? null,
        leaveDate: record.leaveDate, escorted: record.returnMode === 'ESCORTED', minor: born === null || born > addMonths(dateOf(new Date(step.at)), -12 * 18), difficulties: record.homeCheck?.difficulties ?? [],
        handlingCodes: record.handlingCodes, hadCome: record.transitions.slice(0, index).some(({ to }) => to === 'RECEIVED' || to === 'AT_HOME'),
        stationReceives: world.agencies[record.origin]?.kind === 'RESCUE_STATION', cameOn: dateOf(new Date(step.at)), outcome: index === record.transitions.length - 1 ? record.outcome ?? null : null,
      };
      const { acknowledgeReturn: acknowledge, receiveReturnee: receive, stationRevisit: revisit } = await moveReturnClocks(keeper(step.at), subject, parties, operation, step.to);
      if (acknowledge && receive) await owner.query('UPDATE guitu.return_cases SET acknowledge_by = $2, receive_by = $3, provisional = $4 WHERE id = $1', [subject.id, acknowledge.dueOn, receive.dueOn, acknowledge.provisional || receive.provisional]);
      if (revisit) await owner.query('UPDATE guitu.return_cases SET revisit_by = $2 WHERE id = $1', [subject.id, revisit.dueOn]);
    }
    for (const referral of record.referrals) {
      const { dueOn } = await beginDuty(keeper(referral.referredAt), 'answerReferral', subject, worldId('agency', referral.addressee));
      await owner.query('UPDATE guitu.return_referrals SET answer_by = $2 WHERE id = $1', [worldId('referral', referral.referralNo), dueOn]);
      if (referral.answeredAt) await endDutyOf(keeper(referral.answeredAt), subject.id, 'answerReferral', worldId('agency', referral.addressee));
    }
  }
  await meetRevisits(owner, world, keeper);
  for (const [name, record] of Object.entries(world.settlement)) {
    const subject = { record: 'SettlementCase', id: worldId('settlement', name), number: record.settlementNo, personId: worldId('person', record.person) };
    const parties = { station: worldId('agency', record.station), civilAffairs: worldId('agency', record.civilAffairs), police: agencyId(record.police) ?? null };
    for (const [index, step] of record.transitions.entries()) {
      const from = record.transitions[index - 1]?.to ?? null;
      const operation = SETTLEMENT_STEPS.find((one) => one.to === step.to && one.from.includes(from))?.operation ?? '';
      await moveSettlementClock(keeper(step.at), subject, parties, record.track, operation, step.to);
    }
  }
  for (const [name, entry] of Object.entries(world.atRisk)) await beginRegistryDuties(keeper, world, name, entry);
  for (const [name, { station, stayNo, person, leftOn, tracingUpdatedOn }] of Object.entries(world.stays)) {
    if (leftOn || !tracingUpdatedOn) continue;
    await beginDuty(keeper(`${tracingUpdatedOn}T00:00:00+08:00`), 'updateTracingAgain', { record: 'Stay', id: worldId('stay', name), number: stayNo, personId: worldId('person', person) }, worldId('agency', station));
  }
  for (const [name, { correctionNo, case: of, provider, askedAt, answeredAt }] of Object.entries(world.corrections)) {
    const subject = { record: 'Correction', id: worldId('correction', name), number: correctionNo, personId: worldId('person', getCase(world, of).person) };
    const { dueOn } = await beginDuty(keeper(askedAt), 'answerCorrection', subject, worldId('agency', provider));
    await owner.query('UPDATE guitu.corrections SET answer_by = $2 WHERE id = $1', [subject.id, dueOn]);
    if (answeredAt) await endDuties(keeper(answeredAt), subject.id, 'DONE');
  }
  for (const [name, record] of Object.entries(world.inquiries)) {
    const last = record.transitions.at(-1);
    if (!last) continue;
    const subject = { record: 'IdentityInquiry', id: worldId('inquiry', name), number: record.inquiryNo, personId: worldId('person', record.person) };
    const parties = { station: worldId('agency', record.station), civilAffairs: worldId('agency', record.civilAffairs), police: worldId('agency', record.police) };
    const due = await moveInquiryClock(keeper(last.at), subject, parties, '', record.state);
    await owner.query('UPDATE guitu.identity_inquiries SET due_by = $2, provisional = $3 WHERE id = $1', [subject.id, due.due_by, due.provisional]);
  }
  for (const [no, { flag }] of Object.entries(world.households)) {
    if (!flag) continue;
    const household = { record: 'RegisteredHousehold', id: worldId('household', no), number: no, personId: null };
    const due = await beginDuty(keeper(flag.proposedAt), 'confirmHouseholdFlag', household, worldId('agency', 'civil-320281'));
    await owner.query('UPDATE guitu.household_flags SET confirm_by = $2 WHERE household_id = $1', [household.id, due.dueOn]);
    if (flag.decidedAt) await endDuties(keeper(flag.decidedAt), household.id, 'DONE');
  }
}

/** What the stations of the world have revisited they no longer owe; for what the registry still asks of them, the duty of the return stands. */
async function meetRevisits(owner: ClientBase, world: World, keeper: (at: string) => DutyKeeper): Promise<void> {
  const done = [
    ...Object.values(world.cases).flatMap(({ person, origin, revisits }) => revisits.map((visit) => ({ ...visit, person, by: origin }))),
    ...Object.values(world.atRisk).flatMap(({ person, visits }) => visits.filter(({ regime }) => regime === 'STATION').map((visit) => ({ ...visit, person }))),
  ].filter(({ result }) => result !== 'NOBODY_THERE');
  for (const [name, { person, origin, transitions }] of Object.entries(world.cases)) {
    const came = transitions.find(({ to }) => to === 'RECEIVED' || to === 'AT_HOME');
    const met = came && done.filter((visit) => visit.person === person && visit.by === origin && visit.visitedOn >= dateOf(new Date(came.at))).map(({ visitedOn }) => visitedOn).toSorted()[0];
    if (!met) continue;
    await endDuties(keeper(`${met}T00:00:00+08:00`), worldId('case', name), 'DONE', ['stationRevisit']);
    await owner.query('UPDATE guitu.return_cases SET revisit_by = NULL WHERE id = $1', [worldId('case', name)]);
  }
  await owner.query(`UPDATE guitu.at_risk_entries e SET revisit_case = d.record_id FROM guitu.duties d WHERE e.revisit_by IS NOT NULL AND d.person_id = e.person_id AND d.owner = e.revisit_station
    AND d.step = 'stationRevisit' AND d.ended_at IS NULL AND (d.started_at AT TIME ZONE 'Asia/Shanghai')::date >= e.term_from`);
}

/** What is owed on a registry entry in its state, beside the revisit, which is the return's; who wanders has been found just now. */
async function beginRegistryDuties(keeper: (at: string) => DutyKeeper, world: World, name: string, entry: World['atRisk'][string]): Promise<void> {
  const subject = entrySubject({ id: worldId('entry', name), entry_no: entry.entryNo, person_id: worldId('person', entry.person) });
  const county = worldId('agency', `civil-${entry.division.slice(0, 6)}`);
  const enrolled = keeper(`${entry.enrolledOn}T09:00:00+08:00`);
  if (entry.state === 'SUBMITTED') await beginDuty(enrolled, 'reviewAtRiskEntry', subject, county);
  if (entry.state === 'INCOMPLETE') await beginDuty(enrolled, 'completeAtRiskEntry', subject, worldId('agency', entry.enrolledBy));
  if (entry.state === 'WANDERING') await beginDuty(keeper(world.now), 'answerWandering', subject, county);
  if (entry.state !== 'ACTIVE') return;
  const visited = entry.visits.filter(({ regime, result }) => regime === 'TOWNSHIP' && result !== 'NOBODY_THERE').map(({ visitedOn }) => visitedOn).toSorted().at(-1) ?? null;
  if (entry.township && entry.rosterSentAt) await resumeVisits(keeper(entry.rosterSentAt), subject, worldId('agency', entry.township), new Date(entry.rosterSentAt), visited);
  else await beginDuty(enrolled, 'sendRoster', subject, county);
}

/** Whom the notice was addressed to at a step: before it was sent another way, whoever disputed it. */
function originAt({ transitions, origin }: WorldCase, index: number): string {
  const dispute = transitions.findIndex((step, at) => at >= index && step.to === 'DISPUTED' && transitions[at + 1]?.to === 'SENT');
  return transitions[dispute]?.by ?? origin;
}
