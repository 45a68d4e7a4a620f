import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/kernel/viewer.js';
import type { HubAnswer, TestHub } from './hub.js';
import { InquiryDesk, type Inquiry } from './inquiry-desk.js';

/** A report as its table holds it. */
export interface Report extends Record<string, unknown> { id: string; version: number; number: string; state: string; reporter: string }

/** A missing report as the station that compared it sees it. */
export interface Given extends Record<string, unknown> { reportNo: string; verdict: string | null; firstConfirmedBy: string | null; secondConfirmedBy: string | null; tell: boolean | null }

export const POLICE = 'police-320200';
const STATION = 'station-320281';
/** Fits whoever `InquiryDesk.enter` lets in: a man of 66 who entered on 2026-11-20. */
export const DETAILS = { name: '归来去', sex: 'MALE', birthDate: '1961-03-04', homeDivision: '120101', missingSince: '2026-11-01', lastSeenDivision: '120102', looks: '左耳有缺口，灰棉袄', kinName: '归小妹', kinRelation: '妹妹', kinPhone: '13900000017' };
const GIVEN = 'reportNo reporter { code } name sex birthYear homeDivision { code } missingSince looks verdict firstConfirmedBy secondConfirmedBy tell reason';
const REPORT = 'id version reportNo state reporter { code } reportedAt closedAt note name idNumber sex birthDate estimatedAge homeDivision { code } missingSince lastSeenDivision { code } looks kinName kinRelation kinPhone results { contact { code } toldOn } disclosure { field rung }';

/** Missing reports of one hub, and the inquiries that they are compared with. */
export class MissingDesk {
  readonly inquiries: InquiryDesk;

  constructor(readonly hub: TestHub) {
    this.inquiries = new InquiryDesk(hub);
  }

  owner<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.inquiries.owner<Row>(text, values);
  }

  tryReport(more: object = {}, police = POLICE): Promise<HubAnswer<{ reportMissing: { report: { id: string } | null } | null }>> {
    return this.hub.ask(police, { purpose: 'IDENTITY', key: randomUUID() }, 'mutation ($input: ReportMissingInput!) { reportMissing(input: $input) { report { id reportNo state version name } } }', { input: { details: { ...DETAILS, ...more } } });
  }

  async report(more: object = {}, police = POLICE): Promise<Report> {
    const answer = await this.tryReport(more, police);
    const id = answer.data?.reportMissing?.report?.id;
    if (typeof id !== 'string') throw new Error(`reportMissing: ${answer.text}`);
    return this.see(id);
  }

  async see(id: string): Promise<Report> {
    const [found] = await this.owner<Report>("SELECT 'mr_' || r.id AS id, r.version, r.report_no AS number, r.state, a.code AS reporter FROM guitu.missing_reports r JOIN guitu.agencies a ON a.id = r.reporter WHERE r.id = $1", [id.slice(3)]);
    if (!found) throw new Error('no such report');
    return found;
  }

  /** `amendMissingReport` or `closeMissingReport`, under the report's own number. */
  async attempt(operation: string, id: string, more: object, police = POLICE): Promise<HubAnswer> {
    const { version, number } = await this.see(id);
    return this.hub.ask(police, { purpose: 'IDENTITY', matter: number, key: randomUUID() }, `mutation ($input: ${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}Input!) { ${operation}(input: $input) { report { id state } } }`, { input: { id, expectedVersion: version, ...more } });
  }

  async amend(id: string, more: object): Promise<void> {
    const { errors, text } = await this.attempt('amendMissingReport', id, { details: { ...DETAILS, ...more } });
    if (errors.length > 0) throw new Error(text);
  }

  async close(id: string, outcome = 'FOUND'): Promise<void> {
    const { errors, text } = await this.attempt('closeMissingReport', id, { outcome, note: '已自行回家' });
    if (errors.length > 0) throw new Error(text);
  }

  /** Everything that public security reads of a report, byte for byte. */
  async bytes({ number }: Report, police = POLICE, roles: Role[] = ['CLERK', 'MINORS_OFFICER']): Promise<string> {
    const { text } = await this.hub.ask(police, { purpose: 'IDENTITY', matter: number, roles }, `{ missingReports(first: 200) { totalCount nodes { ${REPORT} } } }`);
    return text;
  }

  async read<Row = Record<string, unknown>>(report: Report, fields: string, police = POLICE, matter: string | null = report.number, roles: Role[] = ['CLERK']): Promise<Row | undefined> {
    const answer = await this.hub.ask<{ missingReports: { nodes: (Row & { id: string })[] } }>(police, { purpose: 'IDENTITY', roles, ...(matter && { matter }) }, `{ missingReports(first: 200) { nodes { id ${fields} } } }`);
    if (answer.errors.length > 0) throw new Error(answer.text);
    return answer.data?.missingReports.nodes.find(({ id }) => id === report.id);
  }

  async results(report: Report, roles: Role[] = ['CLERK']): Promise<unknown> {
    return (await this.read<{ results: unknown }>(report, 'results { contact { code } toldOn }', report.reporter, report.number, roles))?.results;
  }

  async compare(inquiry: Inquiry, station = STATION): Promise<Given[]> {
    await this.inquiries.step('compareMissingReports', station, inquiry.id);
    return this.given(inquiry, station);
  }

  async given(inquiry: Inquiry, station = STATION): Promise<Given[]> {
    return (await this.inquiries.read<{ missingCandidates: Given[] }>(station, inquiry, `missingCandidates { ${GIVEN} }`))?.missingCandidates ?? [];
  }

  /** The numbers of a comparison's reports that the test itself made. */
  async compared(inquiry: Inquiry, ...among: Report[]): Promise<string[]> {
    const own = new Set(among.map(({ number }) => number));
    return (await this.compare(inquiry)).flatMap(({ reportNo }) => (own.has(reportNo) ? [reportNo] : []));
  }

  answer(inquiry: Inquiry, report: Report, more: object, user = 'one', station = STATION): Promise<HubAnswer> {
    return this.inquiries.attempt('answerMissingCandidate', station, inquiry.id, { reportNo: report.number, ...more }, user);
  }

  /** Two members of staff say that it is the same person. */
  async same(inquiry: Inquiry, report: Report, more: object = { tell: true }): Promise<void> {
    for (const user of ['one', 'two']) {
      const { errors, text } = await this.answer(inquiry, report, { verdict: 'SAME_PERSON', ...more }, user);
      if (errors.length > 0) throw new Error(text);
    }
  }

  /** What the reporting agency finds told of a report in its inbox. */
  async tellings({ number, reporter }: Report): Promise<unknown[]> {
    const { data } = await this.hub.ask<{ inbox: { nodes: { number: string }[] } }>(reporter, { purpose: 'IDENTITY' }, '{ inbox(first: 200, filter: { kind: TOLD }) { nodes { kind step record number } } }');
    return (data?.inbox.nodes ?? []).filter((item) => item.number === number);
  }

  /** Somebody of whom the name is known and nothing else is protected, held by a station. */
  async protectNamed(name: string, holder = STATION): Promise<void> {
    await this.owner("WITH made AS (INSERT INTO guitu.persons (identity_state, name, name_surname) VALUES ('CLAIMED', $1, left($1, 1)) RETURNING id) INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT made.id, a.id, a.division, '2026-11-20', '人身安全保护令' FROM made, guitu.agencies a WHERE a.code = $2", [name, holder]);
  }

  /** The person of an inquiry, or of a report, becomes a protected one, held by a station. */
  async protect(table: 'identity_inquiries' | 'missing_reports', id: string, holder = STATION): Promise<void> {
    await this.owner(`INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT c.person_id, a.id, a.division, '2026-11-20', '人身安全保护令' FROM guitu.${table} c, guitu.agencies a WHERE c.id = $1 AND a.code = $2`, [id.slice(3), holder]);
  }
}
