import { ArgsType, Field, ID, Int, InterfaceType, ObjectType, type ClassType } from 'type-graphql';
import { RungEnum } from './enums.js';
import type { Rung } from '../policy/language.js';

/** Types that every ledger shares: Relay's node, connection and paging, and what is said of a field's disclosure. */

@InterfaceType('Node', { description: 'Anything with a global id. Ids are random and say nothing of place or order.' })
export abstract class NodeType {
  @Field(() => ID) id!: string;
}

@ObjectType('PageInfo')
export class PageInfoType {
  @Field() hasNextPage!: boolean;
  @Field() hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true }) startCursor?: string;
  @Field(() => String, { nullable: true }) endCursor?: string;
}

@ObjectType('FieldDisclosure', { description: 'How far a field of this record is open to the asker, and by which rule where its name tells nothing hidden.' })
export class FieldDisclosureType {
  @Field() field!: string;
  @Field(() => RungEnum) rung!: Rung;
  @Field(() => String, { nullable: true }) rule?: string;
}

/** Relay's paging: `first` with `after`, or `last` with `before`; at most 200. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true }) first?: number;
  @Field(() => String, { nullable: true }) after?: string;
  @Field(() => Int, { nullable: true }) last?: number;
  @Field(() => String, { nullable: true }) before?: string;
}

/** `XConnection` and `XEdge` of a record type. */
export function connectionOf<Node extends object>(name: string, node: ClassType<Node>): ClassType<object> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => node, { nullable: true }) node?: Node;
    @Field() cursor!: string;
  }
  @ObjectType(`${name}Connection`)
  class Connection {
    @Field(() => [Edge]) edges!: Edge[];
    @Field(() => [node]) nodes!: Node[];
    @Field(() => PageInfoType) pageInfo!: PageInfoType;
    @Field(() => Int) totalCount!: number;
  }
  return Connection;
}
