import type { GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { deny, rule, shield } from 'graphql-shield';
import { gate } from '../policy/gate.js';
import type { Desk } from '../ledgers/workbench.js';

/**
 * The second belt: graphql-shield on root operations, deny by default. Never a cache (its verdicts outlive what they were made of),
 * never on other types (an interface rule is ignored in silence; per field it costs five to six times).
 */
export function shieldOperations(schema: GraphQLSchema, operations: readonly string[]): GraphQLSchema {
  const open = (operation: string): ReturnType<ReturnType<typeof rule>> =>
    rule(`gate-${operation}`, { cache: 'no_cache' })((_parent: unknown, _args: unknown, desk: Desk) => gate(desk.policy.policy, desk.context, operation) ?? true);
  const rulesOf = (fields: Record<string, unknown> | undefined): Record<string, ReturnType<typeof open>> =>
    Object.fromEntries(Object.keys(fields ?? {}).filter((name) => operations.includes(name)).map((name) => [name, open(name)]));
  const mutation = schema.getMutationType();
  const middleware = shield({ Query: { '*': deny, ...rulesOf(schema.getQueryType()?.getFields()) }, ...(mutation && { Mutation: { '*': deny, ...rulesOf(mutation.getFields()) } }) }, { fallbackRule: deny, allowExternalErrors: true });
  const generated = middleware.generate(schema) as { Query: object; Mutation?: object };
  return applyMiddleware(schema, { Query: generated.Query, ...(generated.Mutation && { Mutation: generated.Mutation }) } as Parameters<typeof applyMiddleware>[1]);
}
