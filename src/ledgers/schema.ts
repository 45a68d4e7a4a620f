import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { AtRiskMutations, AtRiskQueries, EntrantMutations } from './at-risk/at-risk.resolver.js';
import { AtRiskEntryType } from './at-risk/at-risk.type.js';
import { CorrectionMutations, CorrectionQueries } from './corrections/corrections.resolver.js';
import { CorrectionType } from './corrections/corrections.type.js';
import { HouseholdsResolver } from './households/households.resolver.js';
import { InboxResolver } from './inbox/inbox.resolver.js';
import { InquiryMutations, InquiryQueries } from './inquiries/inquiries.resolver.js';
import { IdentityInquiryType } from './inquiries/inquiries.type.js';
import { MissingMutations, MissingQueries } from './missing/missing.resolver.js';
import { MissingReportType } from './missing/missing.type.js';
import { MergeMutations, PeopleQueries, PersonMutations, SplitMutations } from './people/people.resolver.js';
import { PersonType } from './people/people.type.js';
import { PolicyResolver } from './policy.resolver.js';
import { ReturnsMutations, ReturnsQueries } from './returns/returns.resolver.js';
import { SettlementMutations, SettlementQueries } from './settlement/settlement.resolver.js';
import { SettlementCaseType } from './settlement/settlement.type.js';
import { StayMutations, StayQueries } from './settlement/stays.resolver.js';
import { StayType } from './settlement/stays.type.js';
import { StatisticsResolver } from './statistics/statistics.resolver.js';
import { ViewerResolver } from './viewer.resolver.js';
import { DIRECTORY } from './agencies/agencies.reference.js';
import { RECORD_OF_PREFIX } from './ledger-catalogue.js';

/** The published schema. */
export function buildPublishedSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [ViewerResolver, ReturnsQueries, ReturnsMutations, HouseholdsResolver, AtRiskQueries, AtRiskMutations, EntrantMutations, SettlementQueries, SettlementMutations, StayQueries, StayMutations, InquiryQueries, InquiryMutations, MissingQueries, MissingMutations, InboxResolver, StatisticsResolver, PeopleQueries, PersonMutations, MergeMutations, SplitMutations, CorrectionQueries, CorrectionMutations, PolicyResolver],
    orphanedTypes: [PersonType, AtRiskEntryType, SettlementCaseType, StayType, CorrectionType, IdentityInquiryType, MissingReportType],
    validate: false,
  });
}

/** Types that only the planner fills: records and their connections, released answers, directory entries, `Node`. */
export function opaqueTypes(): Set<string> {
  const records = [...RECORD_OF_PREFIX.values()];
  return new Set(['Node', 'ReturneeCheck', ...DIRECTORY.keys(), ...records, ...records.map((record) => `${record}Connection`)]);
}

/** Names of the root operations of a schema: each needs a rule in `operations.yaml`. */
export function operationsOf(schema: GraphQLSchema): string[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {}));
}
