import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { ATTACK_KEYS } from './hidden-changes.js';
import { selectionOf, withFragments, type Fragments } from './random-selection.js';
import type { Seeded } from './seeded.js';
import type { Lore, TwinAttack } from './twin-attacks.js';

/** Writes: most are refused, some take effect; what a refusal or a payload says must not depend on what is hidden (security.md A22, A24, A25). */

const STEPS = ['acknowledgeReturn', 'disputeReturn', 'refuseReturn', 'rerouteReturn', 'recallReturn', 'receiveReturnee', 'confirmHome', 'recordHomeCheck', 'recordReturneeRevisit', 'confirmReturn', 'sendReturnDraft', 'reportRefusalUp', 'passRefusalUp', 'withdrawRefusal', 'directReturn', 'upholdRefusal', 'reportNotArrived', 'reportFound', 'endTrace', 'reportKinRefused', 'reportNoHome', 'acceptForSettlement', 'referForAid', 'answerReferral', 'closeReturn'] as const;
const WRITERS = ['step', 'notice', 'households', 'flags', 'decision', 'help', 'settlement', 'stay', 'correction', 'inquiry', 'report'] as const;
/** Input of each step of a settlement beside the case and its version, with the type's own literals. */
const SETTLEMENT = {
  applyForSettlement: 'proofOfSearch: "试"', returnForCompletion: 'reason: "试"', submitSettlementPlan: 'plan: "试"', recordGovernmentDecision: 'decision: PLACEMENT, documentNo: "试", decidedOn: "2026-11-20"', fileHukou: 'hukouDivision: "320281104"',
  rejectHukouFiling: 'reason: "试"', registerHukou: 'registeredOn: "2026-11-20"', placeInInstitution: 'institution: "试", placedOn: "2026-11-20"', resumeSettlementPlan: 'reason: "试"', assessSupport: 'assessment: NOT_ELIGIBLE',
  recordIdentified: 'documentNo: "试", documentDate: "2026-11-20"', reverseHukou: 'documentNo: "试", documentDate: "2026-11-20"', closeSettlement: 'documentNo: "试", documentDate: "2026-11-20"',
} as const;
const SETTLEMENT_OPERATIONS = Object.keys(SETTLEMENT) as (keyof typeof SETTLEMENT)[];

/** Input of each act on an inquiry beside the inquiry and its version. */
const INQUIRY = {
  answerInquiry: (random: Seeded, { idNumbers }: Lore) => (random.chance(0.4) ? `answer: ${random.pick(['NO_HIT', 'BEYOND_AUTHORITY'])}` : `answer: HIT, candidates: [{ method: FACE, name: "试", idNumber: "${random.pick(idNumbers)}" }]`),
  passInquiryUp: () => 'note: "试"', askPublicSecurity: () => 'note: "试"', exhaustInquiry: () => 'note: "试"', reopenInquiry: () => 'newEvidence: "试"', withdrawInquiry: () => 'reason: TOLD_US',
  confirmCandidate: (random: Seeded, lore: Lore) => `candidateNo: "${candidateOf(random, lore)}"`, rejectCandidate: (random: Seeded, lore: Lore) => `candidateNo: "${candidateOf(random, lore)}", reason: "试"`,
  compareMissingReports: () => '', answerMissingCandidate: (random: Seeded, { tables }: Lore) => `reportNo: "${String(random.pick(tables['missing_reports'] ?? [])['report_no'])}", ${random.pick(['verdict: NOT_THE_SAME', 'verdict: SAME_PERSON, tell: true', 'verdict: SAME_PERSON, tell: false, reason: "试"'])}`,
} as const satisfies Record<string, (random: Seeded, lore: Lore) => string>;
const INQUIRY_OPERATIONS = Object.keys(INQUIRY) as (keyof typeof INQUIRY)[];
const candidateOf = (random: Seeded, { tables }: Lore): string => String(random.pick(tables['inquiry_candidates'] ?? [])['candidate_no']);

/** @param view what the viewer sees: a version that is not in it is not known to it, and nobody guesses 31 random bits */
export function randomWrite(random: Seeded, lore: Lore, may: (operation: string) => boolean, view: string): TwinAttack {
  const open = WRITERS.filter((writer) => ({ step: STEPS.some(may), notice: may('sendReturnNotice'), households: may('registerHouseholds'), flags: may('flagHouseholds'), decision: may('confirmFlag'), help: may('recordHouseholdHelp'), settlement: SETTLEMENT_OPERATIONS.some(may), stay: may('openStay'), correction: may('requestCorrection'), inquiry: INQUIRY_OPERATIONS.some(may), report: may('reportMissing') })[writer]);
  const writer = random.chance(0.9) && open.length > 0 ? random.pick(open) : random.pick(WRITERS);
  const query = { step: stepAttack, notice: noticeAttack, households: householdsAttack, flags: flagsAttack, decision: decisionAttack, help: helpAttack, settlement: settlementAttack, stay: stayAttack, correction: correctionAttack, inquiry: inquiryAttack, report: reportAttack }[writer](random, lore, view);
  return { name: `write ${writer}`, requests: [{ query, key: random.pick(ATTACK_KEYS) }], writes: true };
}

/** A step on a case that may be hidden, with its version or a wrong one. */
function stepAttack(random: Seeded, lore: Lore, view: string): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['return_cases'] ?? []);
  const fitting = STEPS.filter((step) => RETURN_STEPS.some(({ operation, from }) => operation === step && from.some((state) => state !== null && state === row['state'])));
  const operation = random.chance(0.7) && fitting.length > 0 ? random.pick(fitting) : random.pick(STEPS);
  const more = { disputeReturn: ', code: OTHER, text: "试"', refuseReturn: ', code: NO_CAPACITY', recallReturn: ', code: OTHER', rerouteReturn: `, originDivision: "${random.pick(['341523', '120101003', '320281', '999999'])}"`, receiveReturnee: ', receivedOn: "2026-11-20"', recordHomeCheck: ', checkedOn: "2026-11-20", difficulties: [LIVELIHOOD]', recordReturneeRevisit: ', visitedOn: "2026-11-20", manner: PHONE, result: STABLE', directReturn: ', receiver: "station-320281", receiveBy: "2026-11-27"', upholdRefusal: ', code: OTHER',
    reportNoHome: ', hukouDivision: "341523"', referForAid: ', referrals: [{ addressee: "township-320281104", helpAsked: [SUBSISTENCE_ALLOWANCE] }]', answerReferral: ', referralNo: "RF-1", measures: [NONE]', confirmReturn: random.pick(['', ', name: "无此人"']), closeReturn: `, outcome: ${random.pick(['DIED', 'DECLINED', 'AIDED', 'NO_DIFFICULTY'])}` };
  const version = random.chance(0.8) && view.includes(String(row['version'])) ? String(row['version']) : '1';
  return withFragments(`mutation { ${operation}(input: { id: "rc_${String(row['id'])}", expectedVersion: ${version}${operation in more ? more[operation as keyof typeof more] : ''} }) { returnCase { ${selectionOf(random, lore.schema, 'ReturnCase', fragments)} } } }`, fragments);
}

/** A step on a settlement that may be hidden, with its version or a wrong one. */
function settlementAttack(random: Seeded, lore: Lore, view: string): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['settlement_cases'] ?? []);
  const operation = random.pick(SETTLEMENT_OPERATIONS);
  const version = random.chance(0.8) && view.includes(String(row['version'])) ? String(row['version']) : '1';
  return withFragments(`mutation { ${operation}(input: { id: "se_${String(row['id'])}", expectedVersion: ${version}, ${SETTLEMENT[operation]} }) { settlementCase { ${selectionOf(random, lore.schema, 'SettlementCase', fragments)} } } }`, fragments);
}

/** An act on an inquiry that may be hidden, about whoever may be protected. */
function inquiryAttack(random: Seeded, lore: Lore, view: string): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['identity_inquiries'] ?? []);
  const operation = random.pick(INQUIRY_OPERATIONS);
  const version = random.chance(0.8) && view.includes(String(row['version'])) ? String(row['version']) : '1';
  return withFragments(`mutation { ${operation}(input: { id: "iq_${String(row['id'])}", expectedVersion: ${version}, ${INQUIRY[operation](random, lore)} }) { inquiry { ${selectionOf(random, lore.schema, 'IdentityInquiry', fragments)} } } }`, fragments);
}

/** Somebody reported missing, who may be hidden or protected; or an act on a report that may be another agency's. */
function reportAttack(random: Seeded, lore: Lore, view: string): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['missing_reports'] ?? []);
  const version = random.chance(0.8) && view.includes(String(row['version'])) ? String(row['version']) : '1';
  const of = `id: "mr_${String(row['id'])}", expectedVersion: ${version}`;
  const details = `details: { name: "试", missingSince: "2026-06-01"${random.chance(0.6) ? `, idNumber: "${random.pick(lore.idNumbers)}"` : ''} }`;
  const [operation, input] = random.pick([['reportMissing', details], ['amendMissingReport', `${of}, ${details}`], ['closeMissingReport', `${of}, outcome: WITHDRAWN`]] as const);
  return withFragments(`mutation { ${operation}(input: { ${input} }) { report { ${selectionOf(random, lore.schema, 'MissingReport', fragments)} } } }`, fragments);
}

/** Another stay, sometimes of somebody whose earlier stay may be hidden; or a step on one that may be. */
function stayAttack(random: Seeded, lore: Lore, view: string): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['stays'] ?? []);
  const version = random.chance(0.8) && view.includes(String(row['version'])) ? String(row['version']) : '1';
  const [operation, input] = random.pick([
    ['openStay', `enteredOn: "2026-11-20", calledName: "试"${random.chance(0.5) ? `, earlierStay: "st_${String(row['id'])}"` : ''}`], ['moveStay', `id: "st_${String(row['id'])}", expectedVersion: ${version}, place: HOSPITAL, since: "2026-11-20"`],
    ['updateTracing', `id: "st_${String(row['id'])}", expectedVersion: ${version}, publishedOn: "2026-11-20"`], ['endStay', `id: "st_${String(row['id'])}", expectedVersion: ${version}, leftOn: "2026-11-20", how: LEFT`],
  ] as const);
  return withFragments(`mutation { ${operation}(input: { ${input} }) { stay { ${selectionOf(random, lore.schema, 'Stay', fragments)} } } }`, fragments);
}

/** A field reported wrong of a record that may be hidden, an answer to a request that may be, or a notice put right. */
function correctionAttack(random: Seeded, lore: Lore, view: string): string {
  const fragments: Fragments = new Map();
  const known = (row: Readonly<Record<string, unknown>>): string => (random.chance(0.8) && view.includes(String(row['version'])) ? String(row['version']) : '1');
  const [one, request] = [random.pick(lore.tables['return_cases'] ?? []), random.pick(lore.tables['corrections'] ?? [])];
  if (random.chance(0.2)) return withFragments(`mutation { correctReturn(input: { id: "rc_${String(one['id'])}", expectedVersion: ${known(one)}, helpReason: "试", reason: "试" }) { returnCase { ${selectionOf(random, lore.schema, 'ReturnCase', fragments)} } } }`, fragments);
  const field = random.pick(['name', 'kinName', 'birthYear', 'idNumber', 'address', 'subject.name', 'homeCheck', 'noticeNo', 'riskClasses', 'plan', 'features', 'members', 'caseNo', 'transitions.1.reason', 'answers.1.note', 'help.1.text', 'visits.1.note']);
  const [operation, input] = random.chance(0.7) ? ['requestCorrection', `id: "${random.pick(lore.ids)}", field: "${field}", claim: "试"`] as const
    : ['answerCorrection', `id: "co_${String(request['id'])}", expectedVersion: ${known(request)}, outcome: ${random.pick(['CORRECTED', 'REFUSED'])}, answer: "试"`] as const;
  return withFragments(`mutation { ${operation}(input: { ${input} }) { correction { ${selectionOf(random, lore.schema, 'Correction', fragments)} } } }`, fragments);
}

/** A notice about a number that somebody on the hub may have. */
function noticeAttack(random: Seeded, lore: Lore): string {
  const fragments: Fragments = new Map();
  const selection = selectionOf(random, lore.schema, 'ReturnCase', fragments);
  const subject = [`idNumber: "${random.pick(lore.idNumbers)}"`, ...(random.chance(0.5) ? [`name: "${random.pick(lore.names)}"`] : [])].join(', ');
  return withFragments(`mutation { sendReturnNotice(input: { subject: { ${subject} }, noticeNo: "试-${random.below(3)}", noticeDate: "2026-11-19", entryDate: "2026-11-18", leaveDate: "2026-11-19", returnMode: SELF,
    guardianAssessedOn: "2026-11-19", originDivision: "${random.pick(['341523', '120101003', '320281104', '320213022'])}" }) { returnCase { ${selection} } } }`, fragments);
}

function householdsAttack(random: Seeded, { idNumbers }: Lore): string {
  const households = Array.from({ length: 1 + random.below(3) }, (_, index) => `{ householdNo: "${random.pick(['JY-2026-012', 'JY-2026-018', 'SHI-1', 'SHI-2'])}${index === 0 ? '' : `-${index}`}", headName: "某", division: "320281104", kind: REGISTERED, members: [{ name: "某", idNumber: "${random.pick(idNumbers)}" }] }`);
  return `mutation { registerHouseholds(input: { households: [${households.join(', ')}] }) { registered updated refused { row field code message } } }`;
}

function flagsAttack(random: Seeded): string {
  const numbers = random.some(['JY-2026-011', 'JY-2026-012', 'JY-2026-013', 'JY-2026-014', 'JY-2026-017', 'JY-2026-018', 'NOBODY'], 1 + random.below(3)).map((number) => `"${number}"`);
  return `mutation { flagHouseholds(input: { householdNos: ${random.chance(0.3) ? 'null' : `[${numbers.join(', ')}]`} }) { accepted } }`;
}

function decisionAttack(random: Seeded, lore: Lore): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['registered_households'] ?? []);
  return withFragments(`mutation { ${random.pick(['confirmFlag', 'clearFlag'])}(input: { householdId: "hh_${String(row['id'])}", reason: "试" }) { household { ${selectionOf(random, lore.schema, 'RegisteredHousehold', fragments)} } } }`, fragments);
}

/** Help for a household whose flag may be hidden, or not be there. */
function helpAttack(random: Seeded, lore: Lore): string {
  const fragments: Fragments = new Map();
  const row = random.pick(lore.tables['registered_households'] ?? []);
  return withFragments(`mutation { recordHouseholdHelp(input: { householdId: "hh_${String(row['id'])}", measures: [CARE_VISIT], helpedOn: "2026-11-${random.pick(['19', '20', '30'])}", text: "试" }) { household { ${selectionOf(random, lore.schema, 'RegisteredHousehold', fragments)} } } }`, fragments);
}
