import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { AgeBand } from '../../kernel/dates.js';
import { DivisionType } from '../agencies/agencies.type.js';
import { FieldDisclosureType, NodeType } from '../connections.js';
import { AgeBandEnum, IdentityStateEnum, SexEnum } from '../enums.js';
import { DateScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('Person', { implements: NodeType, description: 'A person as the agencies concerned have confirmed. Open only through the ledgers that speak of the person, and only once the origin side has acknowledged.' })
export class PersonType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => Int, maybe) estimatedAge?: number;
  @Field(() => Int, maybe) birthYear?: number;
  @Field(() => AgeBandEnum, maybe) ageBand?: AgeBand;
  @Field(() => IdentityStateEnum, maybe) identityState?: string;
  @Field(() => DivisionType, maybe) hukouDivision?: DivisionType;
  @Field(() => DivisionType, maybe) homeDivision?: DivisionType;
  @Field(() => String, maybe) address?: string;
  @Field(() => String, maybe) kinName?: string;
  @Field(() => String, maybe) kinPhone?: string;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}
