import type { GraphQLSchema } from 'graphql';
import { checkDeadlines } from '../delivery/counted-deadlines.js';
import { buildCatalogue } from '../ledgers/ledger-catalogue.js';
import { buildPublishedSchema, operationsOf } from '../ledgers/schema.js';
import { checkPolicy } from '../policy/check.js';
import { PolicyFault, PolicyRefused } from '../policy/language.js';
import { parsePolicy, type PolicySource } from '../policy/parse-policy.js';
import { failureWords, runPolicyTests } from '../policy/policy-tests.js';
import { PolicyInForce } from '../policy/store.js';

/** Operations that are no field of the schema and keep to the same policy: a command of the operator, and a wider form of a query. */
const FURTHER_OPERATIONS = ['importReturns', 'policyMatrixOfOthers'];

/**
 * A policy as it may come into force, at the start or later: read, checked, and borne out by every example that stands beside its rules. The examples are part of the law;
 * whoever means to change what they say changes both.
 * @throws PolicyRefused with every fault
 */
export function admitPolicy(sources: readonly PolicySource[], schema?: GraphQLSchema): PolicyInForce {
  const admitted = loadPolicy(sources, schema);
  const faults = runPolicyTests(admitted.policy).failures.map((failure) => new PolicyFault(failure.place, `the example is not borne out: ${failureWords(failure)}`, 'correct the rule, or the example that stands beside it'));
  if (faults.length > 0) throw new PolicyRefused(faults);
  return admitted;
}

/**
 * Reads a policy against the catalogue of this version; its examples are not run.
 * @throws PolicyRefused with every fault
 */
export function loadPolicy(sources: readonly PolicySource[], schema = buildPublishedSchema()): PolicyInForce {
  const catalogue = buildCatalogue([...operationsOf(schema), ...FURTHER_OPERATIONS]);
  const policy = parsePolicy(sources, catalogue);
  const faults = [...checkPolicy(policy, catalogue), ...checkDeadlines(policy)];
  if (faults.length > 0) throw new PolicyRefused(faults);
  return new PolicyInForce(policy, catalogue);
}
