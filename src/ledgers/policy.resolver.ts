import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { badInput, Refusal } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import type { AgencyKind, DivisionLevel, Purpose, Role } from '../kernel/viewer.js';
import { becauseOf, wouldNeed, type ExplainedClass } from '../policy/explain.js';
import { gate } from '../policy/gate.js';
import type { Rung } from '../policy/language.js';
import type { MatrixCell } from '../policy/matrix.js';
import type { PolicyInForce } from '../policy/store.js';
import { AgencyKindEnum, DivisionLevelEnum, PurposeEnum, RoleEnum, RungEnum } from './enums.js';
import { findIdParts } from './identifiers.js';
import { RECORD_OF_PREFIX } from './ledger-catalogue.js';
import { DateTimeScalar } from './scalars.js';
import type { Desk } from './workbench.js';

@ObjectType('PolicyCell', { description: 'What the policy in force gives to a kind of agency, for a purpose, in a field of a record.' })
export class PolicyCellType {
  @Field(() => AgencyKindEnum) kind!: AgencyKind;
  @Field(() => DivisionLevelEnum, { nullable: true }) level?: DivisionLevel | null;
  @Field(() => RoleEnum, { nullable: true }) role?: Role | null;
  @Field(() => PurposeEnum) purpose!: Purpose;
  @Field() record!: string;
  @Field() field!: string;
  @Field(() => String, { nullable: true }) relation?: string | null;
  @Field(() => RungEnum) rung!: Rung;
  @Field() rule!: string;
  @Field(() => String, { nullable: true }) basis?: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the grant lapses; null where it does not.' }) until?: string | null;
}

@ObjectType('Explanation', { description: 'Why the asker sees, or does not see, a field of a record, and what would be needed. It tells no hidden condition.' })
export class ExplanationType {
  @Field(() => RungEnum) rung!: Rung;
  @Field(() => [String]) because!: string[];
  @Field(() => [String]) wouldNeed!: string[];
}

@ObjectType('FieldExplanation', { description: 'What a kind of agency would need in order to see a field of a type of record. It is read off the policy and speaks of no record.' })
export class FieldExplanationType {
  @Field() record!: string;
  @Field() field!: string;
  @Field(() => [String]) wouldNeed!: string[];
}

@Resolver()
export class PolicyResolver {
  @Query(() => [PolicyCellType], { description: 'What the policy in force gives: to the asker itself; to any kind, for data authorities and sharing officers.' })
  policyMatrix(@Arg('kind', () => AgencyKindEnum, { nullable: true }) kind: AgencyKind | undefined, @Arg('purpose', () => PurposeEnum, { nullable: true }) purpose: Purpose | undefined, @Ctx() { policy, context }: Desk): PolicyCellType[] {
    const own = policy.matrixFor(context);
    const chosen = kind === undefined ? own : cellsOfKind(policy, context, kind, own);
    return purpose === undefined ? chosen : chosen.filter((cell) => cell.purpose === purpose);
  }

  @Query(() => ExplanationType, { nullable: true, description: 'Why the asker sees, or does not see, this field of this record, and what would be needed; null for a record that is absent or hidden.' })
  async explain(@Arg('id', () => ID) id: string, @Arg('field', () => String) field: string, @Ctx() { policy, reader, context }: Desk): Promise<ExplanationType | null> {
    const parts = findIdParts(id);
    const record = parts && RECORD_OF_PREFIX.get(parts.prefix);
    const rules = record === undefined ? undefined : policy.policy.records.get(record);
    if (!parts || record === undefined || !rules) return null;
    if (!rules.cells.has(field)) throw badInput('field', '这类记录没有这一栏目', 'this type of record has no such field');
    const cell = (await reader.findDisclosure(record, parts.uuid))?.find((line) => line.field === field);
    if (!cell) return null;
    return { rung: cell.rung, because: becauseOf(policy.policy, record, field, cell.rule), wouldNeed: cell.rung === 'FULL' ? [] : wouldNeed(policy.policy, ownClass(context), record, field, context.now) };
  }

  @Query(() => FieldExplanationType, { description: 'What would be needed to see a field of a type of record, whatever the record: by the asker itself; by any kind, for data authorities and sharing officers.' })
  explainField(
    @Arg('record', () => String) record: string, @Arg('field', () => String) field: string, @Arg('kind', () => AgencyKindEnum, { nullable: true }) kind: AgencyKind | undefined,
    @Arg('level', () => DivisionLevelEnum, { nullable: true }) level: DivisionLevel | undefined, @Arg('purpose', () => PurposeEnum, { nullable: true }) purpose: Purpose | undefined, @Ctx() { policy, context }: Desk,
  ): FieldExplanationType {
    const asker = explainedClass(policy, context, kind ?? null, level ?? null);
    const rules = policy.policy.records.get(record);
    if (!rules) throw badInput('record', '没有这类记录', 'there is no such type of record');
    if (!rules.cells.has(field)) throw badInput('field', '这类记录没有这一栏目', 'this type of record has no such field');
    return { record, field, wouldNeed: wouldNeed(policy.policy, { ...asker, ...(purpose && { purpose }) }, record, field, context.now) };
  }
}

const ownClass = ({ viewer: { kind, level } }: RequestContext): ExplainedClass => ({ kind, level });

/** The class that a general question is about: the asker's own, or another for whoever may ask of others. @throws Refusal FORBIDDEN */
function explainedClass(policy: PolicyInForce, context: RequestContext, kind: AgencyKind | null, level: DivisionLevel | null): ExplainedClass {
  const own = ownClass(context);
  if ((kind === null || kind === own.kind) && (level === null || level === own.level)) return own;
  if (gate(policy.policy, context, 'policyMatrixOfOthers')) throw new Refusal('FORBIDDEN', { field: kind === null || kind === own.kind ? 'level' : 'kind' });
  return { kind: kind ?? own.kind, level };
}

/** The cells of one kind: all of them for whoever may ask of others, else the asker's own. @throws Refusal FORBIDDEN for another kind */
function cellsOfKind(policy: PolicyInForce, context: RequestContext, kind: AgencyKind, own: MatrixCell[]): MatrixCell[] {
  const refusal = gate(policy.policy, context, 'policyMatrixOfOthers');
  if (!refusal) return policy.matrixOf(kind, context.now);
  const cells = own.filter((cell) => cell.kind === kind);
  if (cells.length === 0) throw new Refusal('FORBIDDEN', { field: 'kind' });
  return cells;
}
