import type { RequestContext } from '../../src/kernel/request.js';
import { AGENCY_KINDS, type AgencyKind, type Role } from '../../src/kernel/viewer.js';
import { purposesOf } from '../../src/policy/gate.js';
import { askAs } from '../support/asking.js';
import { world } from '../support/world.js';
import { DecidedView, type Ledgers } from './decided-view.js';

const MATTER = 'YB-2026-0031';
/** A refusal that is being coordinated. */
const COORDINATED = world.cases['qiao-xuanan-from-tianjin']?.caseNo ?? '';
/** An inquiry that waits for an answer. */
const INQUIRY = world.inquiries['nameless-bridge-inquiry']?.inquiryNo ?? '';
/** A missing report that a station has told of. */
const REPORT = world.missing['bridge-brother-report'];
const MATTERS: Partial<Record<string, string>> = { COORDINATION: COORDINATED, IDENTITY: INQUIRY };
const CLERK: readonly Role[] = ['CLERK'];
const MINORS_OFFICER: readonly Role[] = ['CLERK', 'MINORS_OFFICER'];

/** A request of an agency of the world, with a matter. */
export const asking = (agency: string, purpose: RequestContext['purpose'], roles: readonly Role[] = CLERK): RequestContext => ({ ...askAs(agency, purpose, roles), matter: MATTERS[purpose ?? ''] ?? MATTER });

export const agenciesOf = (kind: AgencyKind): string[] => Object.keys(world.agencies).filter((code) => world.agencies[code]?.kind === kind);

/**
 * For each kind of agency and each purpose that it may state: the agency of the world that is shown most, the one that has most withheld of what it is
 * shown, and the first of them with the officer's role, which lifts the caps of minors; and whoever took a missing report, under its number.
 */
export function representatives(ledgers: Ledgers): RequestContext[] {
  return AGENCY_KINDS.flatMap((kind) => {
    const agencies = agenciesOf(kind);
    const purposes = [...new Set(agencies.flatMap((agency) => purposesOf(ledgers.policy, askAs(agency, null).viewer, askAs(agency, null).now)))];
    return purposes.flatMap((purpose) => {
      const open = agencies.map((agency) => asking(agency, purpose)).filter(({ viewer, now }) => purposesOf(ledgers.policy, viewer, now).includes(purpose));
      const counted = open.map((context) => ({ context, ...countRungs(new DecidedView(ledgers, context)) }));
      const most = counted.toSorted((one, other) => other.shown - one.shown)[0]?.context;
      const least = counted.toSorted((one, other) => other.withheld - one.withheld)[0]?.context;
      if (!most || !least) return [];
      return [most, ...(least === most ? [] : [least]), asking(most.viewer.agencyCode, purpose, MINORS_OFFICER), ...(kind === 'PUBLIC_SECURITY' && purpose === 'IDENTITY' ? [reporting()] : [])];
    });
  });
}

/** Public security under the number of its own report: the one asker that reads all of one. */
const reporting = (): RequestContext => ({ ...asking(REPORT?.reporter ?? '', 'IDENTITY'), matter: REPORT?.reportNo ?? '' });

/** Cells of visible records that are shown and that are withheld. */
function countRungs(view: DecidedView): { shown: number; withheld: number } {
  const rungs = [...view.ledgers.catalogue.records.keys()].flatMap((record) => view.visible(record).flatMap((shown) => [...shown.rungs.values()]));
  const withheld = rungs.filter((rung) => rung === 'WITHHELD').length;
  return { shown: rungs.length - withheld, withheld };
}
